"""`figures` prints what the page shows."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync_server.core.quarter import Quarter, local_day
from sync_server.store.database import Database
from tests.fakes.small_office import seed_office, seed_votes
from tests.sync_server.commands.conftest import Run

SAMPLES = Path(__file__).parents[3] / "docs" / "samples"


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


def test_a_sheet_of_counts_needs_no_office_and_no_database(run: Run, folder: Path) -> None:
    done = run("figures", "--from-counts", SAMPLES / "da-nang-2014.toml")
    assert (done.code, done.err) == (0, "")
    assert "98,23%" in done.out
    assert not folder.exists()


def test_what_does_not_fit_on_a_sheet_makes_the_exit_code_1(run: Run) -> None:
    done = run("figures", "--from-counts", SAMPLES / "does-not-add-up.json", "--format", "json")
    assert done.code == 1
    assert len(json.loads(done.out)["mismatches"]) == 4


def test_a_sheet_of_counts_opens_in_a_spreadsheet(run: Run) -> None:
    out = run("figures", "--from-counts", SAMPLES / "ba-ria-vung-tau-2022.csv", "--format", "csv").out
    assert out.startswith("\N{ZERO WIDTH NO-BREAK SPACE}Tiêu chí,")
    assert list(csv.reader(out.splitlines()))[1][2:6] == ["10", "31", "32", "32.3"]


@pytest.mark.parametrize("beside", [("2026-Q4",), ("--site", "sia")])
def test_a_sheet_of_counts_has_no_quarter_and_no_site(run: Run, beside: tuple[str, ...]) -> None:
    done = run("figures", *beside, "--from-counts", SAMPLES / "da-nang-2014.toml")
    assert (done.code, done.out) == (2, "")
    assert "leave them out" in done.err


def test_a_bad_sheet_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    done = run("figures", "--from-counts", tmp_path / "none.toml")
    assert (done.code, done.out) == (2, "")
    assert done.err.strip().endswith("none.toml: cannot be read: No such file or directory")
