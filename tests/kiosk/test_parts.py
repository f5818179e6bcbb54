"""A whole kiosk without a screen: it starts whatever is missing, and leaves nothing behind."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from kiosk.core.session import Idle, OutOfOrder, Thanking
from kiosk.outbox import Outbox
from kiosk.parts import AlreadyRunning, Kiosk
from kiosk.settings import Identity, Server, Settings
from protocol.messages import KioskStatus
from tests.fakes.clock import FakeClock
from tests.fakes.ports import free_port
from tests.fakes.small_disk import fill, small_disk
from tests.kiosk.screen import Screen

ROOT = Path(__file__).parents[2]


def told(state: Path) -> Settings:
    return Settings(
        identity=Identity(site="sia", kiosk="quay-1", site_key="0f" * 32, state=str(state)),
        server=Server(password="secret", port=free_port()),
    )


def a_kiosk(state: Path) -> Kiosk:
    return Kiosk(told(state), scanner_port=str(state / "no scanner"), clock=FakeClock())


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []


def test_without_scanner_and_server_votes_are_taken(state: Path) -> None:
    kiosk = a_kiosk(state)
    kiosk.start()
    try:
        screen = Screen(kiosk.controller)
        kiosk.controller.touch_start()
        kiosk.controller.touch_level(4)
        screen.wait_for(Thanking)
    finally:
        kiosk.stop()
    outbox = Outbox(state / "outbox.sqlite")
    assert outbox.standing().highest == 1
    outbox.close()


def test_it_can_be_stopped_at_any_moment_of_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.writer.PATIENCE_SECONDS", 0.0)  # so that it is stopped while the outbox opens
    for attempt in range(5):
        kiosk = a_kiosk(tmp_path / f"state {attempt}")
        kiosk.start()
        kiosk.stop()


def test_it_starts_out_of_order_when_its_folder_cannot_be_used(state: Path) -> None:
    state.write_text("a file where the folder should be")
    kiosk = a_kiosk(state)
    kiosk.start()
    try:
        Screen(kiosk.controller).wait_for(OutOfOrder)
    finally:
        kiosk.stop()


def test_a_kiosk_that_starts_on_a_full_disk_sends_once_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 512) as disk:
        filler = fill(disk)
        kiosk = a_kiosk(disk / "state")
        kiosk.start()
        try:
            screen = Screen(kiosk.controller)
            screen.wait_for(OutOfOrder)
            assert kiosk._uplink is None
            filler.unlink()
            kiosk._writer.probe()
            screen.wait_for(Idle)
            assert kiosk._uplink is not None
        finally:
            kiosk.stop()


def test_a_folder_belongs_to_one_kiosk(state: Path) -> None:
    first, second = a_kiosk(state), a_kiosk(state)
    first.start()
    try:
        with pytest.raises(AlreadyRunning, match=str(state)):
            second.start()
    finally:
        first.stop()
    second.start()
    second.stop()


def test_a_second_program_on_the_same_folder_is_refused_with_one_line(state: Path, tmp_path: Path) -> None:
    first = a_kiosk(state)
    first.start()
    try:
        path = tmp_path / "kiosk.toml"
        path.write_text(
            f'[identity]\nsite = "sia"\nkiosk = "quay-1"\nsite_key = "{"0f" * 32}"\nstate = "{state}"\n'
            '[server]\npassword = "secret"\n'
        )
        done = subprocess.run(
            [sys.executable, "-m", "kiosk", "--no-window", "--settings", str(path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        first.stop()
    assert done.returncode == 2
    assert done.stderr == f"kiosk: another kiosk is running with the folder {state}\n"


def test_the_status_tells_what_is_wrong_in_words(state: Path) -> None:
    kiosk = a_kiosk(state)
    told: SimpleQueue[KioskStatus] = SimpleQueue()
    kiosk.start()
    try:
        Screen(kiosk.controller).wait_for(Idle)
        outbox = kiosk._writer._outbox
        assert outbox is not None
        for _ in range(2):
            told.put(kiosk._status(kiosk._writer.journal, outbox.standing()))
    finally:
        kiosk.stop()
    first, second = told.get(), told.get()
    assert (first.boot, first.tick, second.tick) == (1, 1, 2)
    assert (first.stream, first.highest, first.waiting) == (outbox.stream, 0, 0)
    assert first.storage == "ok"
    assert first.scanner != "up"
