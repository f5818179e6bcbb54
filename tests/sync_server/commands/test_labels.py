"""`labels …` and `audit list`: what votes are labelled as, decided on by a person, on record."""

import json
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sync_server.store.database import Database
from tests.fakes.labelled import DAY, cast, given_by_rules
from tests.fakes.small_office import seed_kiosk
from tests.sync_server.commands.conftest import Run

BY = ("--by", "Hà", "--because", "xem camera")


@pytest.fixture
def ids(seeded: Database) -> list[str]:
    """Votes of which the second is hasty, and the last is for a case that was rated before."""
    return [
        cast(seeded, 1, case_token="a" * 32),
        cast(seeded, 2, labels=["hasty"]),
        cast(seeded, 3, case_token="a" * 32),
    ]


def test_rules_run_when_told_so_and_again_when_everything_is_asked_for(
    run: Run, seeded: Database, ids: list[str]
) -> None:
    assert run("labels", "run").out == "1 day looked at: 1 label given, 0 withdrawn\n"
    assert given_by_rules(seeded) == {(ids[2], "duplicate")}
    assert run("labels", "run").out == "0 days looked at: 0 labels given, 0 withdrawn\n"
    assert run("labels", "run", "--anew").out == "1 day looked at: 0 labels given, 0 withdrawn\n"


def test_labels_are_listed_without_what_was_chosen(run: Run, seeded: Database, ids: list[str]) -> None:
    run("labels", "run")
    told = run("labels", "list", "--time", "2026-Q4")
    lines = [line.split() for line in told.out.splitlines()]
    assert lines[0] == ["sia,", "2026-10-01", "to", "2026-12-31"]
    assert lines[2:] == [
        [f"{DAY}", "kiosk-1", "duplicate", "rule", "1", "no"],
        [f"{DAY}", "kiosk-1", "hasty", "kiosk", "1", "no"],
    ]
    assert "a" * 32 not in told.out
    [line] = run("labels", "list", "--time", "2026-11", "--votes", "--label", "hasty").out.splitlines()[2:]
    assert line.split()[-1] == ids[1][:12]
    assert run("labels", "list", "--time", "2026-10").out.splitlines()[1:] == ["no such labels"]


def test_the_present_quarter_is_listed_without_a_time(run: Run, seeded: Database) -> None:
    cast(seeded, 9, hour=datetime.now(UTC).replace(minute=0, second=0, microsecond=0), labels=["play"])
    assert "play" in run("labels", "list").out


def test_a_decision_counts_at_once_and_stands_on_record(run: Run, seeded: Database, ids: list[str]) -> None:
    run("labels", "run")
    told = json.loads(run("report", "2026-Q4", "--format", "json").out)
    assert (told["labelled"], told["unreviewed"]) == (2, 2)
    # The ids of these votes are alike up to the last sign.
    assert run("labels", "lift", "hasty", "--vote", ids[1], *BY).out == "hasty of 1 vote lifted; that stays on record\n"
    assert run("labels", "confirm", "duplicate", "--day", f"{DAY}", "--kiosk", "kiosk-1", *BY).code == 0
    report = [line.split() for line in run("report", "2026-Q4").out.splitlines()]
    assert ["Lượt", "có", "nhãn", "1"] in report
    assert ["trong", "đó", "chưa", "được", "xem", "xét", "0"] in report
    lines = run("labels", "list", "--time", "2026-Q4").out.splitlines()[2:]
    assert [line.split()[-1] for line in lines] == ["confirmed", "lifted"]
    assert run("labels", "list", "--time", "2026-Q4", "--unreviewed").out.splitlines()[1:] == ["no such labels"]
    first, second = run("audit", "list").out.splitlines()
    assert first.endswith(f"  sia  Hà  labels lift: hasty of 1 cast {DAY}  xem camera")
    assert second.endswith(f"  sia  Hà  labels confirm: duplicate of 1 cast {DAY}  xem camera")
    assert run("audit", "list", "--site", "phu").out == ""
    assert run("audit", "list", "--since", "2020-01-01").out.splitlines() == [first, second]
    assert run("audit", "list", "--since", "2999-01-01").out == ""


def test_what_cannot_be_decided_is_said(run: Run, seeded: Database, ids: list[str]) -> None:
    done = run("labels", "lift", "hasty", "--vote", ids[0], *BY)
    assert (done.code, done.out) == (2, "")
    assert "no such vote carries 'hasty'" in done.err
    assert "several votes begin with 5555" in run("labels", "lift", "hasty", "--vote", "5555", *BY).err
    done = run("labels", "lift", "hasty", "--vote", ids[1], "--kiosk", "kiosk-1", *BY)
    assert (done.code, "--kiosk goes with --day" in done.err) == (2, True)
    assert run("audit", "list").out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lift", "hasty", *BY), "one of the arguments --vote --day is required"),
        (("lift", "hasty", "--vote", "abc", *BY), "expected 4 to 32 of the digits"),
        (("lift", "hasty", "--vote", "xyzw", *BY), "expected 4 to 32 of the digits"),
        (("lift", "hasty", "--day", "20/11/2026", *BY), "expected a day like 2026-11-20"),
        (("lift", "hastily", "--vote", "abcd", *BY), "invalid choice: 'hastily'"),
        (("confirm", "hasty", "--vote", "abcd", "--by", "Hà"), "--because"),
        (("confirm", "hasty", "--vote", "abcd", "--by", "Hà", "--because", " "), "found nothing"),
        (("list", "--time", "2026-Q5"), "expected a time like 2026-Q4"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    run: Run, seeded: Database, arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run("labels", *arguments)
    assert said in capsys.readouterr().err


def test_a_day_that_is_none_is_refused_by_the_record(
    run: Run, seeded: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run("audit", "list", "--since", "yesterday")
    assert "expected a day like 2026-11-20" in capsys.readouterr().err


def test_an_office_that_changes_its_rules_has_its_days_looked_at_again(run: Run, folder: Path, tmp_path: Path) -> None:
    sample = tmp_path / "office"
    shutil.copytree(Path(__file__).parents[3] / "deploy" / "sample_office", sample)
    rules = sample / "rules.toml"
    rules.write_text("[labelling]\nmost_an_hour = 10\n")
    assert run("office", "import", sample, "--by", "Hà").code == 0
    site = run("office", "show").out.split()[0]
    with closing(Database(f"sqlite:///{folder / 'server.sqlite'}")) as database:
        seed_kiosk(database, site=site)
        for number in range(1, 5):
            cast(database, number, site=site)
    assert "0 labels given" in run("labels", "run").out
    rules.write_text("[labelling]\nmost_an_hour = 3\n")
    assert run("office", "import", sample, "--by", "Hà", "--from", f"{DAY + timedelta(days=1)}").code == 0
    assert run("labels", "run").out.startswith("0 days")
    assert run("office", "import", sample, "--by", "Hà", "--from", "always").code == 0
    assert run("labels", "run").out == "1 day looked at: 1 label given, 0 withdrawn\n"
    assert "burst (more than 3 votes an hour at a counter)" in run("office", "show").out
