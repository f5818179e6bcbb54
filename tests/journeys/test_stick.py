"""By stick alone, or by stick and network together: every vote arrives once, whatever is killed or restored."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.core.draft import Draft
from kiosk.outbox import Outbox, Stored
from tests.journeys.office import Office, make_office
from tests.journeys.processes import ROOT, Program, eventually, run

KIOSK = "quay-1"
SECONDS = 30.0


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = make_office(tmp_path, (KIOSK,))
    office.register_kiosks(office.broker_port)
    return office


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def kiosk(office: Office, tmp_path: Path) -> Iterator[Program]:
    """A kiosk that runs and reaches nobody."""
    program = started(office, tmp_path)
    yield program
    program.abandon()


def started(office: Office, tmp_path: Path) -> Program:
    settings = str(office.kiosk_settings(KIOSK))
    program = Program("kiosk", "--no-window", "--settings", settings, log=tmp_path / "kiosk.log")
    assert program.line(SECONDS) == "screen idle"
    return program


def rate(kiosk: Program, level: int) -> None:
    kiosk.say("start")
    assert kiosk.line(SECONDS) == "screen rate"
    kiosk.say(f"tap {level}")
    line = kiosk.line(SECONDS)
    if line == "screen reasons":  # the server has told it to ask for them
        kiosk.say("skip")
        line = kiosk.line(SECONDS)
    assert line is not None and line.startswith("screen thanks")
    kiosk.say("dismiss")
    assert kiosk.line(SECONDS) == "screen idle"


def at_kiosk(office: Office, command: str, folder: Path) -> str:
    return run("kiosk", command, str(folder), "--settings", str(office.kiosk_settings(KIOSK)))


def outbox_of(office: Office) -> Path:
    return office.folder / f"{KIOSK}.state" / "outbox.sqlite"


def cast_ids(office: Office) -> list[str]:
    with closing(sqlite3.connect(f"file:{outbox_of(office)}?mode=ro", uri=True, timeout=10)) as outbox:
        return sorted(str(row[0]) for row in outbox.execute("SELECT vote_id FROM votes"))


def stored_ids(office: Office) -> list[str]:
    return sorted(vote for vote, _ in office.stored_votes())


def cast_many(office: Office, number: int) -> None:
    """Cast votes without a kiosk, as fast as the disk is."""
    outbox = Outbox(outbox_of(office))
    reading = SystemClock().reading()
    for place in range(number):
        assert isinstance(outbox.cast(Draft(1, {"overall": place % 5 + 1}, 1, None), reading), Stored)
    outbox.close()


@pytest.mark.journey
def test_votes_arrive_by_stick_alone_while_the_kiosk_runs(office: Office, kiosk: Program, stick: Path) -> None:
    for level in (5, 4, 1):
        rate(kiosk, level)
    assert "On the stick: 3 votes" in at_kiosk(office, "export", stick)
    assert office.waiting(KIOSK) == 3
    rate(kiosk, 2)
    assert "3 votes stored" in office.server("stick", "import", str(stick))
    assert "The server has taken 3 votes more" in at_kiosk(office, "receipts", stick)
    assert office.waiting(KIOSK) == 1
    rate(kiosk, 3)
    at_kiosk(office, "export", stick)
    assert "2 votes stored" in office.server("stick", "import", str(stick))
    assert "held nothing else: 1 file" in at_kiosk(office, "export", stick)
    assert kiosk.end() == 0
    assert stored_ids(office) == cast_ids(office)
    assert sorted(level for _, level in office.stored_votes()) == [1, 2, 3, 4, 5]


@pytest.mark.journey
def test_what_came_by_stick_does_not_come_again_by_the_network(
    office: Office, kiosk: Program, stick: Path, tmp_path: Path
) -> None:
    for level in (5, 4, 1):
        rate(kiosk, level)
    at_kiosk(office, "export", stick)
    office.server("stick", "import", str(stick))
    rate(kiosk, 2)
    server = Program("sync_server", "--settings", str(office.server_settings), log=tmp_path / "server.log")
    try:
        eventually("the network brings the rest", lambda: office.waiting(KIOSK) == 0, 60)
        # The server runs, and the same stick comes again, with a vote more.
        rate(kiosk, 3)
        assert "0 votes stored" in office.server("stick", "import", str(stick))
        at_kiosk(office, "export", stick)
        eventually("everything is confirmed", lambda: office.waiting(KIOSK) == 0, 60)
        assert kiosk.end() == 0
        assert server.end() == 0
    finally:
        server.abandon()
    assert stored_ids(office) == cast_ids(office)
    assert len(stored_ids(office)) == 5


@pytest.mark.journey
def test_a_server_that_was_restored_is_filled_again_by_stick(office: Office, stick: Path, tmp_path: Path) -> None:
    database = office.folder / "server" / "server.sqlite"
    cast_many(office, 120)
    at_kiosk(office, "export", stick)
    office.server("stick", "import", str(stick))
    backup = tmp_path / "backup.sqlite"
    shutil.copy(database, backup)
    at_kiosk(office, "receipts", stick)
    cast_many(office, 80)
    at_kiosk(office, "export", stick)
    office.server("stick", "import", str(stick))
    at_kiosk(office, "receipts", stick)
    assert office.waiting(KIOSK) == 0
    assert len(stored_ids(office)) == 200
    shutil.copy(backup, database)  # of the time of the first stick
    cast_many(office, 5)
    at_kiosk(office, "export", stick)
    done = subprocess.run(
        [sys.executable, "-m", "sync_server", "--settings", str(office.server_settings), "stick", "import", str(stick)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "5 wait, because numbers 121 to 200 are missing" in done.stdout
    assert "lacks 80 votes that it had: to be exported again" in at_kiosk(office, "export", stick)
    assert "85 votes stored" in office.server("stick", "import", str(stick))
    assert stored_ids(office) == cast_ids(office)
    assert "The server has taken 85 votes more" in at_kiosk(office, "receipts", stick)


@pytest.mark.journey
@pytest.mark.parametrize("after", [0.0, 0.05])
def test_an_export_that_is_killed_leaves_nothing_half_and_is_repeated(
    office: Office, stick: Path, after: float
) -> None:
    cast_many(office, 1500)
    command = [sys.executable, "-m", "kiosk", "export", str(stick), "--settings", str(office.kiosk_settings(KIOSK))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as export:
        assert export.stdout is not None
        assert export.stdout.readline() == "Writing 1500 votes …\n"
        try:
            export.wait(after)
        except subprocess.TimeoutExpired:
            export.kill()
    if list(stick.glob("*.hailong")):
        assert "1500 votes stored" in office.server("stick", "import", str(stick))
    assert "On the stick: 1500 votes" in at_kiosk(office, "export", stick) or office.waiting(KIOSK) == 0
    if list(stick.glob("*.hailong")):  # else all was imported above, and its receipt taken
        office.server("stick", "import", str(stick))
    assert stored_ids(office) == cast_ids(office)
    assert list(stick.glob("*.part")) == []


@pytest.mark.journey
def test_mistakes_are_one_line_each(office: Office, tmp_path: Path) -> None:
    cast_many(office, 1)
    for arguments in (
        ["kiosk", "export", str(tmp_path / "gone"), "--settings", str(office.kiosk_settings(KIOSK))],
        ["kiosk", "--settings", str(office.kiosk_settings(KIOSK)), "receipts", str(tmp_path / "gone")],
        ["sync_server", "--settings", str(office.server_settings), "stick", "import", str(tmp_path / "gone")],
    ):
        done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stdout) == (2, "")
        assert "there is no such folder; is the stick in, and mounted there?" in done.stderr
        assert len(done.stderr.splitlines()) == 1
