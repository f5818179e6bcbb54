"""An export from the screen says how far it is and how it ended, and leaves every vote on the kiosk."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from kiosk.controller import StorageBroken
from kiosk.exporting import Exporter, Progress, Stage
from kiosk.outbox import Outbox
from kiosk.settings import Export, Identity, Server, Service, Settings
from protocol.chain import EMPTY, extend
from protocol.codec import decode_batch
from protocol.messages import Receipt
from protocol.sealing import Opened, open_export, sealing_key, sign_receipt, verify_key
from protocol.stick import decode_export, encode_receipt, receipt_name
from protocol.topics import Address
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.drafts import a_draft, a_reading
from tests.fakes.patience import eventually
from tests.fakes.small_disk import fill, small_disk

SERVER, RECEIPTS, SIGNING = b"v" * 32, b"r" * 32, b"k" * 32


def settings(state: Path) -> Settings:
    return Settings(
        identity=Identity(site="sia", kiosk="quay-1", site_key="0f" * 32, state=str(state)),
        server=Server(password="secret"),
        export=Export(SIGNING.hex(), sealing_key(SERVER).hex(), verify_key(RECEIPTS).hex()),
    )


@pytest.fixture
def told(tmp_path: Path) -> Settings:
    return settings(tmp_path / "state")


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []


def an_outbox(told: Settings, votes: int) -> Outbox:
    outbox = Outbox(Path(told.identity.state) / "outbox.sqlite", owner="sia.quay-1")
    for _ in range(votes):
        outbox.cast(a_draft(), a_reading())
    return outbox


def cast_until_refused(outbox: Outbox) -> NoReturn:
    while True:
        outbox.cast(a_draft(), a_reading())


def exported(told: Settings, *found: Path) -> Progress:
    exporter = Exporter(told, FakeClock(), lambda: list(found))
    assert exporter.progress.stage is Stage.NOT_ASKED
    exporter.begin()
    assert eventually(lambda: not exporter.is_running)
    exporter.stop()
    return exporter.progress


def test_the_votes_lie_sealed_on_the_stick_while_the_kiosk_has_its_outbox_open(told: Settings, stick: Path) -> None:
    outbox = an_outbox(told, 3)
    assert exported(told, stick) == Progress(Stage.WRITTEN, votes=3, waiting=3)
    (path,) = stick.iterdir()
    sealed = open_export(path.read_bytes(), SERVER)
    assert isinstance(sealed, Opened)
    export = decode_export(sealed.content)
    assert (export.address, export.first, export.last) == (Address("sia", "quay-1"), 1, 3)
    assert outbox.standing().waiting == 3
    outbox.close()


def put_receipt(stick: Path, outbox: Outbox, stored_up_to: int) -> None:
    outbox.settle(1, stored_up_to, a_reading())
    ids = [vote.vote_id for vote in outbox.votes(1, stored_up_to)]
    receipt = Receipt(stream=outbox.stream, stored_up_to=stored_up_to, chain=extend(EMPTY, ids), time=A_MORNING)
    address = Address("sia", "quay-1")
    (stick / receipt_name(address, receipt.stream)).write_bytes(
        sign_receipt(encode_receipt(address, receipt), RECEIPTS)
    )


def test_a_receipt_on_the_stick_is_taken_first(told: Settings, stick: Path) -> None:
    outbox = an_outbox(told, 3)
    put_receipt(stick, outbox, 2)
    assert exported(told, stick) == Progress(Stage.WRITTEN, votes=1, waiting=1, confirmed=2)
    outbox.close()


def test_a_receipt_that_is_nobodys_is_named(told: Settings, stick: Path) -> None:
    an_outbox(told, 1).close()
    name = receipt_name(Address("sia", "quay-1"), "5" * 32)
    (stick / name).write_bytes(b"scribble")
    progress = exported(told, stick)
    assert progress.stage is Stage.WRITTEN
    assert progress.reason.startswith(f"{name}: ")


def test_other_votes_on_the_server_are_a_matter_for_the_command(told: Settings, stick: Path) -> None:
    outbox = an_outbox(told, 1)
    receipt = Receipt(stream=outbox.stream, stored_up_to=1, chain="ab" * 16, time=A_MORNING)
    address = Address("sia", "quay-1")
    (stick / receipt_name(address, receipt.stream)).write_bytes(
        sign_receipt(encode_receipt(address, receipt), RECEIPTS)
    )
    assert "stop the kiosk and run" in exported(told, stick).reason
    outbox.close()


def test_nothing_that_waits_is_said(told: Settings, stick: Path) -> None:
    an_outbox(told, 0).close()
    assert exported(told, stick) == Progress(Stage.NOTHING_WAITS)
    assert list(stick.iterdir()) == []


def test_no_stick_and_several_are_told_apart(told: Settings, stick: Path, tmp_path: Path) -> None:
    an_outbox(told, 1).close()
    assert exported(told) == Progress(Stage.NO_STICK)
    assert exported(told, stick, tmp_path) == Progress(Stage.SEVERAL_STICKS, reason=f"{stick}, {tmp_path}")


def test_the_settings_may_name_the_folder(told: Settings, stick: Path) -> None:
    an_outbox(told, 1).close()
    told = msgspec.structs.replace(told, service=Service(stick=str(stick)))
    assert exported(told).stage is Stage.WRITTEN
    assert len(list(stick.iterdir())) == 1


def test_a_kiosk_without_keys_says_so(told: Settings, stick: Path) -> None:
    an_outbox(told, 1).close()
    progress = exported(msgspec.structs.replace(told, export=None), stick)
    assert progress.stage is Stage.FAILED
    assert progress.reason.startswith("this kiosk has no keys for sticks")


def test_a_stick_that_was_pulled_out_is_said(told: Settings, stick: Path) -> None:
    an_outbox(told, 1).close()
    stick.rmdir()
    progress = exported(told, stick)
    assert progress.stage is Stage.FAILED
    assert "is the stick in, and mounted there?" in progress.reason


def test_a_kiosk_that_never_stored_a_vote_says_so(told: Settings, stick: Path) -> None:
    progress = exported(told, stick)
    assert progress.stage is Stage.FAILED
    assert "this kiosk has never run" in progress.reason


def test_what_nobody_expected_is_said_without_its_text(told: Settings) -> None:
    def find() -> list[Path]:
        raise RuntimeError("quay-1 level 5")

    exporter = Exporter(told, FakeClock(), find)
    exporter.begin()
    assert eventually(lambda: not exporter.is_running)
    exporter.stop()
    assert exporter.progress == Progress(Stage.FAILED, reason="internal error: RuntimeError")


def test_a_second_touch_begins_no_second_export(told: Settings, stick: Path) -> None:
    an_outbox(told, 1).close()
    asked, go = threading.Semaphore(0), threading.Event()

    def find() -> list[Path]:
        asked.release()
        go.wait()
        return [stick]

    exporter = Exporter(told, FakeClock(), find)
    exporter.begin()
    exporter.begin()
    assert asked.acquire(timeout=60)
    go.set()
    assert eventually(lambda: not exporter.is_running)
    exporter.stop()
    assert not asked.acquire(blocking=False)


@trying(max_examples=10)
@given(st.integers(0, 12))
def test_as_many_are_written_as_wait(tmp_path_factory: pytest.TempPathFactory, votes: int) -> None:
    folder = tmp_path_factory.mktemp("kiosk")
    stick = folder / "stick"
    stick.mkdir()
    told = settings(folder / "state")
    an_outbox(told, votes).close()
    progress = exported(told, stick)
    assert (progress.votes, progress.waiting) == (votes, votes)
    assert (progress.stage is Stage.WRITTEN) is bool(votes)


def test_a_disk_without_a_free_byte_gives_its_votes_away(tmp_path: Path, stick: Path) -> None:
    with small_disk(tmp_path / "card", kilobytes=1024) as card:
        told = settings(card)
        outbox = an_outbox(told, 3)
        outbox.begin_boot(a_reading())
        put_receipt(stick, outbox, 2)
        fill(card)
        with pytest.raises(StorageBroken):
            cast_until_refused(outbox)
        waiting = outbox.standing().waiting
        progress = exported(told, stick)
        assert (progress.stage, progress.votes, progress.waiting) == (Stage.WRITTEN, waiting, waiting)
        assert progress.reason.startswith("not taken: "), "a receipt is a write"
        (path,) = stick.glob("*.hailong")
        sealed = open_export(path.read_bytes(), SERVER)
        assert isinstance(sealed, Opened)
        batches = [decode_batch(batch) for batch in decode_export(sealed.content).batches]
        assert sum(len(batch.entries) for batch in batches) == waiting, "each of them, dated"
        outbox.close()
