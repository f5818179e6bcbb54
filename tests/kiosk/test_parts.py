"""A whole kiosk without a screen: it starts whatever is missing, and leaves nothing behind."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec
import pytest

from hardware.scans import Scan
from hardware.simulator import SimulatedScanner
from kiosk.core.events import DismissTouched, LevelTouched, StartTouched
from kiosk.core.sending import STATUS_GAP
from kiosk.core.states import Identifying, Idle, OutOfOrder, Rating, ScanRefused, Servicing, Storing, Thanking
from kiosk.outbox import Outbox
from kiosk.parts import AlreadyRunning, Kiosk
from kiosk.settings import Identity, Place, Queue, Scanner, Server, Service, Settings
from protocol.codes import CaseCode
from protocol.messages import Action, Command
from protocol.topics import Channel
from tests.fakes.clock import FakeClock
from tests.fakes.patience import DEADLINE, eventually
from tests.fakes.ports import free_port
from tests.fakes.small_disk import fill, small_disk
from tests.fakes.small_office import NOW
from tests.kiosk.core.test_setups import GOOD
from tests.kiosk.lines import Held, ScriptedServer
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
        kiosk.controller.touch(StartTouched)
        kiosk.controller.touch(LevelTouched, 4)
        screen.wait_for(Thanking)
    finally:
        kiosk.stop()
    outbox = Outbox(state / "outbox.sqlite")
    assert outbox.standing().highest == 1
    outbox.close()


def test_who_votes_before_the_outbox_is_open_is_thanked_once_it_is(state: Path) -> None:
    kiosk = a_kiosk(state)
    kiosk.claim()
    kiosk.controller.touch(StartTouched)
    kiosk.controller.touch(LevelTouched, 4)
    kiosk.controller.pump()
    assert isinstance(kiosk.controller.state, Storing)
    kiosk.start()
    try:
        Screen(kiosk.controller).wait_for(Thanking)
    finally:
        kiosk.stop()


def test_a_kiosk_whose_window_goes_before_it_was_started_leaves_the_folder_to_the_next(state: Path) -> None:
    first, second = a_kiosk(state), a_kiosk(state)
    first.claim()
    with pytest.raises(AlreadyRunning):
        second.claim()
    first.stop()
    second.claim()
    second.stop()


def test_the_scanner_knows_the_units_of_the_office(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scans: SimpleQueue[Scan] = SimpleQueue()
    monkeypatch.setattr("kiosk.controller.Controller.scanned", lambda _, scan: scans.put(scan))
    state.mkdir()
    with SimulatedScanner(state / "scanner") as scanner:
        settings = msgspec.structs.replace(told(state), place=Place(units=("H57.14",)))
        kiosk = Kiosk(settings, scanner_port=str(scanner.link), clock=FakeClock())
        screen = Screen(kiosk.controller)
        kiosk.start()
        try:
            screen.wait_until(lambda: kiosk.controller.surroundings.scanner_up)
            for unit in ("H57.14", "H57.15"):
                scanner.scan(f"{unit}-261008-0975")
            seen = [scans.get(timeout=DEADLINE) for _ in range(2)]
        finally:
            kiosk.stop()
    assert [isinstance(scan, CaseCode) and scan.foreign for scan in seen] == [False, True]


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


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    started = ScriptedServer()
    yield started
    started.stop()


def connected_to(server: ScriptedServer, state: Path, **place: Any) -> Kiosk:
    settings = Settings(
        identity=Identity(site="sia", kiosk="quay-1", site_key="0f" * 32, state=str(state)),
        server=Server(password="secret", port=server.port),
        place=Place(**place),
    )
    return Kiosk(settings, scanner_port=str(state / "no scanner"), clock=FakeClock())


def test_the_status_tells_what_is_wrong_in_words_and_when_it_changes(server: ScriptedServer, state: Path) -> None:
    kiosk = connected_to(server, state)
    kiosk.start()
    try:
        screen = Screen(kiosk.controller)
        screen.wait_for(Idle)
        status = server.status()
        assert (status.boot, status.tick, status.connection) == (1, 1, 1)
        assert (status.highest, status.waiting, status.storage) == (0, 0, "ok")
        assert status.scanner not in ("up", "")
        assert status.disk_free is not None
        server.welcome()
        screen.wait_until(lambda: kiosk.controller.surroundings.online)
        database = kiosk._writer.reach()._database
        database.execute(f"PRAGMA max_page_count = {database.execute('PRAGMA page_count').fetchone()[0]}")
        kiosk._writer.probe()
        while status.storage == "ok":  # one that was due before the probe may come first
            kiosk._clock.advance(STATUS_GAP)  # type: ignore[attr-defined]
            status = server.status()
        assert status.storage == "database or disk is full"
    finally:
        kiosk.stop()


def test_an_officer_asks_for_a_rating_and_a_dead_queue_system_keeps_nobody_from_voting(state: Path) -> None:
    state.mkdir()
    settings = msgspec.structs.replace(
        told(state), place=Place(counter=3), queue=Queue(port=str(state / "queue"), driver="ft12")
    )
    with SimulatedScanner(state / "queue") as bus:
        kiosk = Kiosk(settings, scanner_port=str(state / "no scanner"), clock=FakeClock())
        kiosk.start()
        try:
            assert kiosk._queue is not None
            assert eventually(lambda: kiosk._queue is not None and kiosk._queue.state.up)
            screen = Screen(kiosk.controller)
            screen.wait_for(Idle)
            bus.send(bytes.fromhex("FF 68 03 03 68 03 01 0B 0F 16"))  # counter 3: ask for a rating
            screen.wait_for(Rating)
            bus.unplug()
            assert eventually(lambda: kiosk._queue is not None and not kiosk._queue.state.up)
            kiosk.controller.touch(LevelTouched, 5)
            screen.wait_for(Thanking)
        finally:
            kiosk.stop()


def test_tickets_are_rated_where_a_queue_system_is_configured_and_a_badge_opens_the_service_page(state: Path) -> None:
    state.mkdir()
    for queue, screen_of_ticket in ((None, ScanRefused), (Queue(port=str(state / "queue"), driver="line"), Rating)):
        settings = msgspec.structs.replace(told(state), queue=queue, service=Service(badges=("NV-0012",)))
        with SimulatedScanner(state / "scanner") as scanner:
            kiosk = Kiosk(settings, scanner_port=str(scanner.link), clock=FakeClock())
            kiosk.start()
            try:
                screen = Screen(kiosk.controller)
                screen.wait_until(lambda kiosk=kiosk: kiosk.controller.surroundings.scanner_up)  # type: ignore[misc]
                scanner.scan("NV-0012")
                screen.wait_for(Servicing)
                kiosk.controller.touch(DismissTouched)
                scanner.scan("A012")
                screen.wait_for(screen_of_ticket)
            finally:
                kiosk.stop()


def test_a_vote_is_measured_from_its_touch_to_its_receipt(server: ScriptedServer, state: Path) -> None:
    kiosk = connected_to(server, state)
    kiosk.start()
    try:
        screen = Screen(kiosk.controller)
        server.welcome()
        screen.wait_until(lambda: kiosk.controller.surroundings.online)
        kiosk.controller.touch(StartTouched)
        kiosk.controller.touch(LevelTouched, 4)
        thanking = screen.wait_for(Thanking)
        assert isinstance(thanking, Thanking)
        server.confirm(server.batch().stream, Held(thanking.vote_id))
        assert eventually(lambda: kiosk._delays.reported() == {"1": 1})
    finally:
        kiosk.stop()


def test_a_setup_is_on_the_screen_at_once_and_after_a_restart_without_a_server(
    server: ScriptedServer, state: Path
) -> None:
    kiosk = connected_to(server, state, counter=2)
    assert kiosk.controller.arrangement.office == "ỦY BAN NHÂN DÂN"
    kiosk.start()
    try:
        screen = Screen(kiosk.controller)
        server.welcome()
        server.say(Channel.SETUP, GOOD)
        screen.wait_until(lambda: kiosk.controller.arrangement.revision == GOOD.revision)
        arranged = kiosk.controller.arrangement
        assert (arranged.office, arranged.field) == (GOOD.look.office, "Tư pháp")
        kiosk.controller.touch(StartTouched)
        kiosk.controller.touch(LevelTouched, 4)
        screen.wait_for(Thanking)
        assert server.batch().votes[0].survey == GOOD.survey.revision
    finally:
        kiosk.stop()
    elsewhere = connected_to(server, state, counter=9)
    assert elsewhere.controller.arrangement.revision == 0, "it does not follow a setup without its counter"
    assert connected_to(server, state, counter=2).controller.arrangement == arranged


def test_commands_reach_the_screen(server: ScriptedServer, state: Path) -> None:
    kiosk = connected_to(server, state)
    left: SimpleQueue[None] = SimpleQueue()
    kiosk.controller.leave = lambda: left.put(None)
    kiosk.start()
    try:
        screen = Screen(kiosk.controller)
        server.welcome()
        screen.wait_until(lambda: kiosk.controller.surroundings.online)
        kiosk._clock.advance(STATUS_GAP)  # type: ignore[attr-defined]
        expires = NOW + timedelta(hours=1)
        server.say(Channel.COMMAND, Command("1" * 32, expires, Action.IDENTIFY))
        identifying = screen.wait_for(Identifying)
        assert isinstance(identifying, Identifying)
        assert identifying.name == "quay-1"
        server.say(Channel.COMMAND, Command("2" * 32, expires, Action.RESTART))

        def is_ending() -> bool:
            # What else there is to report takes its turn first, and statuses keep their distance.
            kiosk._clock.advance(STATUS_GAP)  # type: ignore[attr-defined]
            return kiosk.controller._ending

        assert eventually(is_ending)
        screen.look()
        left.get(timeout=DEADLINE)
    finally:
        kiosk.stop()


def test_what_keeps_the_server_away_is_known_to_whoever_looks_after_the_kiosk(state: Path) -> None:
    kiosk = a_kiosk(state)
    kiosk.start()
    try:
        Screen(kiosk.controller).wait_until(lambda: "Connection refused" in kiosk.controller.surroundings.trouble)
    finally:
        kiosk.stop()


def test_a_scanner_that_is_a_keyboard_is_looked_for_among_the_input_devices(state: Path, tmp_path: Path) -> None:
    settings = msgspec.structs.replace(told(state), scanner=Scanner(driver="wedge"))
    with SimulatedScanner(tmp_path / "scanner") as serial:
        kiosk = Kiosk(settings, scanner_port=str(serial.link), clock=FakeClock())
        kiosk.start()
        try:
            assert eventually(lambda: kiosk.desk.facts().scanner == "not an input device")
        finally:
            kiosk.stop()
