"""`stick import` says of each file what became of it, and leaves receipts to be carried back."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from protocol.messages import Receipt
from protocol.sealing import open_receipt, verify_key
from protocol.stick import decode_receipt
from protocol.topics import Address
from sync_server.ingest import Incoming, Ingest, Outgoing
from sync_server.keys import stick_keys
from sync_server.store.database import Database, DatabaseTrouble
from sync_server.store.export_keys import give_export_key
from tests.fakes.small_disk import small_disk
from tests.fakes.small_office import NOW, SITE
from tests.fakes.sticks import Exporter
from tests.fakes.votes import a_vote, some_votes
from tests.sync_server.commands.conftest import Run

KIOSK = Address(SITE, "kiosk-1")


@pytest.fixture
def exporter(folder: Path, seeded: Database) -> Exporter:
    exporter = Exporter(KIOSK, server=stick_keys(folder))
    with seeded.writing() as connection:
        give_export_key(connection, KIOSK, exporter.key, NOW)
    return exporter


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    place = tmp_path / "stick"
    place.mkdir()
    return place


def receipt_on(stick: Path, folder: Path) -> Receipt:
    content = open_receipt(
        (stick / "sia.kiosk-1.55555555.receipt").read_bytes(), verify_key(stick_keys(folder).receipts)
    )
    assert isinstance(content, bytes)
    return decode_receipt(content).receipt


def test_a_stick_is_taken_in_and_receipted(run: Run, folder: Path, exporter: Exporter, stick: Path) -> None:
    votes = some_votes(1, 12)
    exporter.file(stick, votes[6:])
    exporter.file(stick, votes[:8])
    (stick / "holiday.jpg").write_bytes(b"")
    done = run("stick", "import", stick)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "sia.kiosk-1.55555555.1-8.hailong: kiosk-1, votes 1 to 8: 8 stored",
        "sia.kiosk-1.55555555.7-12.hailong: kiosk-1, votes 7 to 12: 4 stored, 2 were here already",
        "2 files, 0 of them useless; 12 votes stored",
        f"{stick}/sia.kiosk-1.55555555.receipt: written; carry it back to the kiosk: 'python -m kiosk receipts FOLDER'",
    ]
    assert receipt_on(stick, folder).stored_up_to == 12


def test_one_file_can_be_named(run: Run, folder: Path, exporter: Exporter, stick: Path) -> None:
    votes = some_votes(1, 12)
    exporter.file(stick, votes[6:])
    assert run("stick", "import", exporter.file(stick, votes[:8])).code == 0
    assert receipt_on(stick, folder).stored_up_to == 8


def test_what_a_person_has_to_look_at_is_said_and_makes_the_exit_code_1(
    run: Run, folder: Path, exporter: Exporter, stick: Path
) -> None:
    votes = some_votes(1, 12)
    exporter.file(stick, votes[6:])
    done = run("stick", "import", stick)
    assert done.code == 1
    assert "6 wait, because numbers 1 to 6 are missing" in done.out
    assert receipt_on(stick, folder).stored_up_to == 0
    whole = exporter.file(stick, votes)
    (stick / "a.hailong").write_bytes(whole.read_bytes()[:-1])
    done = run("stick", "import", stick)
    assert done.code == 1
    assert done.err == "a.hailong: is cut short\n"
    assert "3 files, 1 of them useless; 12 votes stored" in done.out
    exporter.file(stick, [a_vote(13, survey=77)])
    assert run("stick", "import", stick).code == 1
    assert run("stick", "import", stick / "sia.kiosk-1.55555555.13-13.hailong").code == 0, "nothing new to look at"


def test_neither_content_nor_case_is_in_what_is_printed(run: Run, exporter: Exporter, stick: Path) -> None:
    votes = [a_vote(1, case_token="c0de" * 8), a_vote(2, case_token="c0de" * 8, survey=77)]
    done = run("stick", "import", exporter.file(stick, votes))
    assert "c0de" not in done.out + done.err
    assert votes[0].vote_id not in done.out + done.err


def test_the_options_let_a_person_decide(run: Run, seeded: Database, exporter: Exporter, stick: Path) -> None:
    exporter.file(stick, some_votes(5, 6), kept_from=5)
    with seeded.writing() as connection:
        give_export_key(connection, KIOSK, b"n" * 32, NOW)
    assert "--former-keys" in run("stick", "import", stick).err
    assert "--give-up-missing" in run("stick", "import", stick, "--former-keys").out
    done = run("stick", "import", stick, "--former-keys", "--give-up-missing")
    assert (done.code, done.err) == (0, "")
    assert "2 votes stored" in done.out


def test_a_stick_that_cannot_be_written_to_is_imported_all_the_same(
    run: Run, exporter: Exporter, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "small", kilobytes=64) as place:
        exporter.file(place, some_votes(1, 3))
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        done = run("stick", "import", place)
        assert done.code == 1
        assert "3 votes stored" in done.out
        assert "write-protected?" in done.err
        assert "The votes are stored; without receipts" in done.err
        assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("gone", "gone: there is no such folder; is the stick in, and mounted there?"),
        ("empty", "empty: there is no .hailong file; 'python -m kiosk export' writes them"),
    ],
)
def test_a_mistake_is_one_line(run: Run, tmp_path: Path, place: str, told: str) -> None:
    (tmp_path / "empty").mkdir()
    done = run("stick", "import", tmp_path / place)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1


def test_a_database_that_fails_half_way_leaves_receipts_for_what_is_stored(
    run: Run, folder: Path, exporter: Exporter, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter.file(stick, some_votes(1, 250))
    take = Ingest.take
    calls = iter(range(3))

    def fails_soon(self: Ingest, messages: Sequence[Incoming]) -> list[Outgoing]:
        if next(calls, None) is None:
            raise DatabaseTrouble("database or disk is full")
        return take(self, messages)

    monkeypatch.setattr(Ingest, "take", fails_soon)
    done = run("stick", "import", stick)
    assert done.code == 2
    assert done.err == "sync_server: database or disk is full\n"
    assert receipt_on(stick, folder).stored_up_to == 200
