"""What the service page shows is what the parts say, and what cannot be told is not invented."""

import platform
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kiosk import VERSION
from kiosk.controller import StorageBroken, Surroundings
from kiosk.core.events import DigitTouched, DismissTouched, SendTouched, ServiceAsked
from kiosk.core.states import Servicing
from kiosk.exporting import Exporter, Stage
from kiosk.outbox import Standing
from kiosk.parts import Kiosk
from kiosk.service_desk import UP, ServiceDesk, Sources
from kiosk.settings import Identity, Server, Service, Settings
from protocol.messages import ClockReport, ClockSource
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.patience import eventually
from tests.fakes.ports import free_port
from tests.kiosk.screen import Screen

CLOCK = ClockReport(ClockSource.SERVER, 0.25, -3.0)
STANDING = Standing(highest=9, stored_up_to=4, oldest_waiting=A_MORNING)
SOURCES = Sources(
    scanner=lambda: UP,
    queue=lambda: None,
    surroundings=lambda: Surroundings(scanner_up=True, online=True),
    trouble=lambda: "",
    standing=lambda: STANDING,
    clock=lambda: CLOCK,
    setup=lambda: 7,
    refused_scans={"identity-card": 2, "payment": 0},
)


def told(folder: Path) -> Settings:
    return Settings(
        identity=Identity(site="sia", kiosk="quay-1", site_key="0f" * 32, state=str(folder)),
        server=Server(password="secret", port=free_port()),
        service=Service(pin="2468"),
    )


def a_desk(
    folder: Path,
    sources: Sources = SOURCES,
    ended: list[str] | None = None,
    find: Callable[[], list[Path]] = list,
) -> tuple[ServiceDesk, FakeClock]:
    clock = FakeClock()
    thermometer = folder / "temp"
    thermometer.write_text("48312\n")
    desk = ServiceDesk(
        kiosk="quay-1",
        state_folder=folder,
        sources=sources,
        clock=clock,
        exporter=Exporter(told(folder), clock, find),
        end=lambda: None if ended is None else ended.append("end"),
        thermometer=thermometer,
    )
    return desk, clock


def test_everything_is_gathered(tmp_path: Path) -> None:
    desk, clock = a_desk(tmp_path)
    clock.advance(90)
    facts = desk.facts()
    assert (facts.kiosk, facts.scanner, facts.queue, facts.online) == ("quay-1", UP, None, True)
    assert (facts.waiting, facts.oldest_waiting, facts.clock) == (5, A_MORNING, CLOCK)
    assert (facts.setup, facts.uptime, facts.temperature) == (7, 90.0, 48.312)
    assert facts.disk_free is not None and facts.disk_free > 0
    assert dict(facts.versions) == {"kiosk": VERSION, "Python": platform.python_version(), "Kivy": "2.3.1"}


def test_only_what_was_refused_is_counted(tmp_path: Path) -> None:
    desk, _ = a_desk(tmp_path)
    assert desk.facts().refused_scans == {"identity-card": 2}


def test_a_storage_that_cannot_be_read_leaves_the_rest_standing(tmp_path: Path) -> None:
    def broken() -> Standing:
        raise StorageBroken("the disk is full")

    desk, _ = a_desk(tmp_path, replace(SOURCES, standing=broken))
    facts = desk.facts()
    assert (facts.waiting, facts.oldest_waiting, facts.clock) == (None, None, None)
    assert (facts.storage, facts.scanner, facts.setup) == ("the disk is full", UP, 7)


def test_a_restart_ends_the_program(tmp_path: Path) -> None:
    ended: list[str] = []
    desk, _ = a_desk(tmp_path, ended=ended)
    assert desk.restart()
    assert ended == ["end"]


def test_an_export_is_not_cut_by_a_restart(tmp_path: Path) -> None:
    ended: list[str] = []
    go = threading.Event()

    def find() -> list[Path]:
        go.wait()
        return []

    desk, _ = a_desk(tmp_path, ended=ended, find=find)
    desk.export()
    assert not desk.restart()
    go.set()
    assert eventually(lambda: desk.progress.stage is Stage.NO_STICK)
    assert desk.restart()
    assert ended == ["end"]


def test_the_desk_of_a_whole_kiosk_shows_it_and_restarts_it_once_the_page_is_left(tmp_path: Path) -> None:
    kiosk = Kiosk(told(tmp_path / "state"), scanner_port=str(tmp_path / "no scanner"), clock=FakeClock())
    kiosk.start()
    try:
        screen = Screen(kiosk.controller)
        left: list[str] = []
        kiosk.controller.leave = lambda: left.append("left")
        assert eventually(lambda: kiosk.desk.facts().waiting == 0)
        facts = kiosk.desk.facts()
        assert (facts.kiosk, facts.online, facts.queue, facts.setup) == ("quay-1", False, None, 0)
        assert facts.scanner != UP
        assert facts.clock is not None and facts.clock.source is ClockSource.NONE
        kiosk.controller.touch(ServiceAsked)
        for digit in "2468":
            kiosk.controller.touch(DigitTouched, digit)
        kiosk.controller.touch(SendTouched)
        screen.wait_for(Servicing)
        assert kiosk.desk.restart()
        screen.look()
        assert left == []
        kiosk.controller.touch(DismissTouched)
        screen.wait_until(lambda: bool(left))
    finally:
        kiosk.stop()
