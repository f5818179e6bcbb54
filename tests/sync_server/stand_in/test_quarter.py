"""A made-up quarter is read by the usual commands, every visit and every case of it."""

import csv
from datetime import date
from pathlib import Path

import pytest

from deploy.demo_office import SAMPLE
from sync_server.__main__ import main as server
from sync_server.core.quarter import Quarter, local_day
from sync_server.office_files import read_folder
from sync_server.stand_in.quarter import QuarterMaker, main
from sync_server.store.database import Database
from sync_server.store.figures import figures

VOTES = 300
QUARTER = Quarter(2026, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "server.toml").write_text('[storage]\nfolder = "server"\n')
    (tmp_path / "out").mkdir()
    run(tmp_path, "office", "import", str(SAMPLE), "--from", "2026-07-01")
    run(tmp_path, "kiosk", "add", "sia", "quay-2", "--settings-file", str(tmp_path / "kiosk.toml"))
    return tmp_path


def run(folder: Path, *arguments: str) -> None:
    assert server(["--settings", str(folder / "server.toml"), *arguments]) == 0


def made(folder: Path, *more: str) -> int:
    places = [str(SAMPLE), str(folder / "out"), "--kiosk-settings", str(folder / "kiosk.toml")]
    return main([*places, "--quarter", str(QUARTER), "--votes", str(VOTES), *more])


def test_all_of_it_is_taken_by_the_usual_commands(folder: Path) -> None:
    assert made(folder) == 0
    run(folder, "cases", "import", str(folder / "out" / "cases.csv"))
    run(folder, "stick", "import", str(folder / "out"))
    database = Database(f"sqlite:///{folder / 'server' / 'server.sqlite'}")
    try:
        counted = figures(database, "sia", QUARTER)
    finally:
        database.close()
    assert 0.8 * VOTES < counted.total.answered <= VOTES  # the others left, or said no
    assert counted.undated == counted.uncounted == 0


def test_the_same_seed_makes_the_same_cases_and_another_one_others(folder: Path) -> None:
    told = []
    for seed in ("1", "1", "2"):
        assert made(folder, "--seed", seed) == 0
        told.append((folder / "out" / "cases.csv").read_text())
    assert told[0] == told[1] != told[2]


def test_everything_lies_within_the_quarter(folder: Path) -> None:
    wanted = read_folder(SAMPLE, date(2026, 12, 31)).wanted
    maker = QuarterMaker(QUARTER, wanted.procedures, wanted.office.counters, 1)
    cases = list(maker.cases(VOTES))
    votes = list(maker.votes(cases, VOTES, b"k" * 32))
    assert all(QUARTER.contains(case.received) for case in cases)
    assert all(QUARTER.contains(local_day(vote.hour)) for vote in votes)
    assert [vote.number for vote in votes] == list(range(1, VOTES + 1))


@pytest.mark.parametrize("text", ["", "[identity]\n", "[identity]\nsite_key = 1\n", "\x00"])
def test_settings_that_are_no_kiosks_are_refused_in_words(
    folder: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "kiosk.toml").write_text(text)
    assert made(folder) == 2
    assert "are not the settings of a kiosk" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "out").rmdir()
    assert made(folder) == 2
    assert str(folder / "out") in capsys.readouterr().err


def test_the_columns_are_those_of_the_case_register(folder: Path) -> None:
    assert made(folder) == 0
    with (folder / "out" / "cases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == VOTES * 5 // 4
    assert all(all(row.values()) for row in rows)
