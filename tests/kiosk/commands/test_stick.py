"""`export` and `receipts` say in a sentence what they did, what is left to do, and what is wrong."""

import os
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.outbox import Outbox
from kiosk.parts import hold
from protocol.chain import EMPTY, extend
from protocol.codec import decode
from protocol.messages import Hello, Receipt, Refusal, ReplacedBecause
from protocol.sealing import Opened, open_export, sealing_key, sign_receipt, verify_key
from protocol.stick import decode_export, encode_receipt, receipt_name
from protocol.topics import Address
from tests.fakes.clock import A_MORNING
from tests.fakes.drafts import a_draft, a_reading
from tests.fakes.small_disk import fill, small_disk

KIOSK = Address("sia", "quay-1")
SERVER, RECEIPTS, SIGNING = b"v" * 32, b"r" * 32, b"k" * 32
IDENTITY = f"""\
[identity]
site = "sia"
kiosk = "quay-1"
site_key = "{"0f" * 32}"
state = "state"
[server]
password = "secret"
"""
KEYS = f"""\
[export]
signing_key = "{SIGNING.hex()}"
server_key = "{sealing_key(SERVER).hex()}"
receipt_key = "{verify_key(RECEIPTS).hex()}"
"""


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(IDENTITY + KEYS)
    return path


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def run(settings: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_it(*arguments: str | Path) -> Outcome:
        code = main([*map(str, arguments), "--settings", str(settings)])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run_it


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def cast(state: Path, number: int) -> None:
    outbox = Outbox(state / "outbox.sqlite")
    for _ in range(number):
        outbox.cast(a_draft(), a_reading())
    outbox.close()


def receipt(state: Path, folder: Path, stored_up_to: int, *, chain: str | None = None, days: int = 0) -> None:
    """Put a receipt for this kiosk on the stick."""
    outbox = Outbox(state / "outbox.sqlite")
    ids = [vote.vote_id for vote in outbox.votes(1, stored_up_to)]
    said = Receipt(
        stream=outbox.stream,
        stored_up_to=stored_up_to,
        chain=chain or extend(EMPTY, ids),
        time=A_MORNING + timedelta(days=days),
        refused=(Refusal(1, "no such survey"),),
    )
    outbox.close()
    (folder / receipt_name(KIOSK, said.stream)).write_bytes(sign_receipt(encode_receipt(KIOSK, said), RECEIPTS))


def test_waiting_votes_are_written_and_it_is_said_what_comes_next(run: Run, state: Path, stick: Path) -> None:
    cast(state, 3)
    done = run("export", stick)
    assert (done.code, done.err) == (0, "")
    (path,) = stick.iterdir()
    lines = done.out.splitlines()
    assert lines[:2] == ["Writing 3 votes …", f"{path}: 3 votes"]
    assert "On the stick: 3 votes, kept on this kiosk too until the server's receipt comes back." in lines[2]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    sealed = open_export(path.read_bytes(), SERVER)
    assert isinstance(sealed, Opened) and sealed.signer == verify_key(SIGNING)
    export = decode_export(sealed.content)
    assert (export.address, export.first, export.last) == (KIOSK, 1, 3)


def test_the_export_names_every_stream_given_up_since_the_server_was_last_heard(
    run: Run, state: Path, stick: Path
) -> None:
    cast(state, 1)
    outbox = Outbox(state / "outbox.sqlite", owner="sia.quay-1")
    given_up = [outbox.renew(because) for because in (ReplacedBecause.DAMAGED, ReplacedBecause.COPIED)]
    stream = outbox.stream
    outbox.close()
    run("export", stick)
    (path,) = stick.iterdir()
    sealed = open_export(path.read_bytes(), SERVER)
    assert isinstance(sealed, Opened)
    hello = decode(decode_export(sealed.content).hello, Hello)
    assert (hello.stream, [*hello.replaced_before, hello.replaces]) == (stream, given_up)


def test_the_way_there_and_back(run: Run, state: Path, stick: Path) -> None:
    cast(state, 3)
    run("export", stick)
    receipt(state, stick, 3)
    done = run("receipts", stick)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "The server has taken 3 votes more; of the latest it keeps 1 apart, uncounted; removed from the stick, for it"
        " held nothing else: 1 file.",
        "Waiting on this kiosk: 0 votes; the server has 3.",
    ]
    assert "says what this kiosk knows already" in run("receipts", stick).out
    assert run("export", stick).out.splitlines()[-1] == "No votes wait on this kiosk: the server has all 3."
    cast(state, 2)
    receipt(state, stick, 0, days=1)
    assert "lacks 3 votes that it had: to be exported again" in run("receipts", stick).out
    assert "Writing 5 votes" in run("export", stick).out


def test_export_takes_the_receipts_first(run: Run, state: Path, stick: Path) -> None:
    cast(state, 3)
    run("export", stick)
    receipt(state, stick, 3)
    cast(state, 1)
    out = run("export", stick).out
    assert out.index("The server has taken 3 votes more") < out.index("Writing 1 vote …")


def test_a_copied_card_gets_a_new_stream_once_the_kiosk_stands_still(run: Run, state: Path, stick: Path) -> None:
    cast(state, 3)
    receipt(state, stick, 2, chain="f" * 32)
    running = hold(state)
    assert running is not None
    done = run("export", stick)
    assert done.code == 1
    assert "Stop the kiosk and repeat this" in done.err
    with open(running):  # noqa: PTH123 - closes the descriptor, which lets go of the folder
        pass
    done = run("export", stick)
    assert done.code == 0
    assert "A new stream was begun with every vote that waits" in done.out
    assert "On the stick: 3 votes" in done.out


def test_beside_a_running_kiosk_votes_are_exported_and_receipts_taken(run: Run, state: Path, stick: Path) -> None:
    cast(state, 3)
    running = Outbox(state / "outbox.sqlite")
    lock = hold(state)
    assert lock is not None
    try:
        assert run("export", stick).code == 0
        receipt_without_opening(running, stick)
        assert run("receipts", stick).out.splitlines()[-1] == "Waiting on this kiosk: 0 votes; the server has 3."
        assert running.standing().waiting == 0
    finally:
        running.close()
        os.close(lock)


def receipt_without_opening(outbox: Outbox, folder: Path) -> None:
    ids = [vote.vote_id for vote in outbox.votes(1, 3)]
    said = Receipt(stream=outbox.stream, stored_up_to=3, chain=extend(EMPTY, ids), time=A_MORNING)
    (folder / receipt_name(KIOSK, said.stream)).write_bytes(sign_receipt(encode_receipt(KIOSK, said), RECEIPTS))


def test_a_receipt_that_is_no_good_makes_the_exit_code_1_and_the_votes_are_written(
    run: Run, state: Path, stick: Path
) -> None:
    cast(state, 3)
    (stick / "a.receipt").write_bytes(b"")
    done = run("export", stick)
    assert done.code == 1
    assert done.err == "a.receipt: is not a file of this system, or its beginning is damaged\n"
    assert "On the stick: 3 votes" in done.out
    assert run("receipts", stick).code == 1


def test_a_stick_that_is_full_or_write_protected_is_named(run: Run, state: Path, tmp_path: Path) -> None:
    cast(state, 3)
    with small_disk(tmp_path / "small", kilobytes=64) as place:
        filler = fill(place)
        done = run("export", place)
        assert done.code == 2
        assert "small: is full" in done.err
        assert "(no vote is written; all of them stay on this kiosk)" in done.err
        assert [path.name for path in place.iterdir()] == ["filler"]
        filler.unlink()
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        done = run("export", place)
        assert done.code == 2
        assert "is the stick write-protected?" in done.err
        assert len(done.err.splitlines()) == 1


def test_what_is_written_before_the_stick_is_full_is_said(
    run: Run, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.stick.MOST_VOTES", 100)
    cast(state, 300)
    with small_disk(tmp_path / "small", kilobytes=40) as place:
        done = run("export", place)
    assert done.code == 2
    assert "(200 of the votes are written, the others are not; all of them stay on this kiosk)" in done.err


@pytest.mark.parametrize("command", ["export", "receipts"])
def test_a_mistake_is_one_line(run: Run, settings: Path, state: Path, tmp_path: Path, command: str) -> None:
    def told(folder: Path) -> str:
        done = run(command, folder)
        assert (done.code, done.out) == (2, "")
        assert len(done.err.splitlines()) == 1
        return done.err

    assert "state/outbox.sqlite: there are no votes, because this kiosk has never run" in told(tmp_path)
    cast(state, 1)
    assert "gone: there is no such folder; is the stick in, and mounted there?" in told(tmp_path / "gone")
    assert "kiosk.toml: is not a folder" in told(settings)
    settings.write_text(IDENTITY)
    assert "this kiosk has no keys for sticks" in told(tmp_path)
    assert "kiosk add sia quay-1 --renew" in told(tmp_path)
    settings.write_text(IDENTITY + KEYS.replace(sealing_key(SERVER).hex(), "0" * 64))
    assert "export.server_key: nothing can be sealed to this key" in told(tmp_path)
    settings.write_text(IDENTITY + "[export]")
    assert "export: Object missing required field" in told(tmp_path)


def test_an_outbox_that_cannot_be_used_is_named(run: Run, state: Path, stick: Path) -> None:
    cast(state, 1)
    (state / "outbox.sqlite").unlink()
    (state / "outbox.sqlite").mkdir()
    done = run("export", stick)
    assert done.code == 2
    assert "outbox.sqlite: cannot be used" in done.err


def test_help_is_worth_reading(capsys: pytest.CaptureFixture[str]) -> None:
    for command, words in (
        ("export", "sealed so that only the server can read it"),
        ("receipts", "stick import"),
    ):
        with pytest.raises(SystemExit) as left:
            main([command, "--help"])
        assert left.value.code == 0
        assert words in " ".join(capsys.readouterr().out.split())
