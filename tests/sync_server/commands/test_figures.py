"""`figures` prints what the page shows."""

import csv
import json
from datetime import UTC, datetime

import pytest

from sync_server.core.quarter import Quarter, local_day
from sync_server.store.database import Database
from tests.fakes.small_office import seed_office, seed_votes
from tests.sync_server.commands.conftest import Run


def test_text_is_the_default(run: Run, seeded: Database) -> None:
    seed_votes(seeded, [5, 4, 1])
    done = run("figures", "2026-Q4")
    assert done.code == 0
    assert "Quý IV năm 2026" in done.out
    assert "66,7%" in done.out


def test_json(run: Run, seeded: Database) -> None:
    seed_votes(seeded, [5, 4, 1])
    told = json.loads(run("figures", "2026-Q4", "--format", "json").out)
    assert (told["total"]["votes"], told["total"]["percent"]) == (3, 66.7)


def test_csv_opens_in_a_spreadsheet(run: Run, seeded: Database) -> None:
    seed_votes(seeded, [5, 4, 1])
    out = run("figures", "2026-Q4", "--format", "csv").out
    assert out.startswith("\N{ZERO WIDTH NO-BREAK SPACE}Bảng,")
    assert list(csv.reader(out.splitlines()))[1][4] == "3"


def test_without_a_quarter_it_is_the_current_one(run: Run, seeded: Database) -> None:
    now = datetime.now(UTC)
    seed_votes(seeded, [5], hour=now.replace(minute=0, second=0, microsecond=0))
    told = json.loads(run("figures", "--format", "json").out)
    assert told["quarter"] in (str(Quarter.of(local_day(now))), str(Quarter.of(local_day(datetime.now(UTC)))))


def test_a_quarter_that_is_none_is_refused_in_words(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        run("figures", "2026-Q5")
    assert exit_.value.code == 2
    assert "expected a quarter like 2026-Q4" in capsys.readouterr().err


def test_an_unknown_site_is_answered_with_the_known_ones(run: Run, seeded: Database) -> None:
    seed_office(seeded, "phu")
    done = run("figures", "2026-Q4", "--site", "nowhere")
    assert (done.code, done.out) == (2, "")
    assert "there is no site 'nowhere'; known sites: phu, sia" in done.err


def test_of_several_sites_one_must_be_named(run: Run, seeded: Database) -> None:
    seed_office(seeded, "phu")
    assert "say which with --site: phu, sia" in run("figures", "2026-Q4").err
    assert run("figures", "2026-Q4", "--site", "phu").code == 0


def test_without_an_office_it_says_what_to_do(run: Run) -> None:
    assert run("migrate").code == 0
    done = run("figures", "2026-Q4")
    assert done.code == 2
    assert "office import FOLDER" in done.err
