"""How long a citizen and an administrator wait: scan to screen, tap to thanks, tap to page.

A real kiosk in a real window, its scanner a pseudo-terminal, a real server process, a real browser. The kiosk runs
in this process, so that the moment of a touch and of a frame can be taken from the window itself.
"""

import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter
from typing import Any

from deploy.system_packages import find_browser
from hardware.simulator import SimulatedScanner
from tests.journeys.office import Office, make_office
from tests.journeys.processes import Program, eventually

KIOSK = "quay-1"
SECONDS = 20.0


@dataclass
class Delays:
    """Seconds, one entry per visit."""

    write_to_event: list[float] = field(default_factory=list)  # from the scanner's write to the kiosk's inbox
    scan_to_screen: list[float] = field(default_factory=list)
    tap_to_thanks: list[float] = field(default_factory=list)
    tap_to_page: list[float] = field(default_factory=list)
    frame: list[float] = field(default_factory=list)  # reference: one redraw of the same window
    commit: list[float] = field(default_factory=list)  # reference: a bare SQLite commit, as durable, on the same disk


class Moments:
    """When which screen stood on the panel, and when the finger left it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._shown = ""
        self._at = 0.0
        self.released = 0.0
        self.flips = 0

    def flipped(self, shown: str) -> None:
        with self._changed:
            self.flips += 1
            if shown != self._shown:
                self._shown, self._at = shown, perf_counter()
            self._changed.notify_all()

    def when(self, screen: str) -> float:
        """Wait until a screen stands there; return since when."""
        self.either(screen)
        return self._at

    def either(self, *screens: str) -> str:
        """Wait until one of these screens stands there; return which."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._shown in screens, SECONDS), f"{screens} do not come"
            return self._shown

    def next_flip(self, ask: Callable[[], None]) -> float:
        """Ask for a redraw; return how long it took until it stood there."""
        with self._changed:
            before, began = self.flips, perf_counter()
            ask()
            assert self._changed.wait_for(lambda: self.flips > before, SECONDS)
            return perf_counter() - began


def measure(visits: int, tell: Callable[[str], None]) -> Delays:
    """Let so many citizens visit; without a browser on this machine, tap_to_page stays empty."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    office = make_office(folder, (KIOSK,))
    office.register_kiosks(office.broker_port)
    log = folder / "errors.log"
    server = Program("sync_server", "--settings", str(office.server_settings), "serve", log=log)
    delays = Delays()
    try:
        eventually("the server", lambda: "pages on" in log.read_text(), SECONDS)
        _run_kiosk(office, delays, visits, tell)
    finally:
        server.abandon()
        shutil.rmtree(folder, ignore_errors=True)
    return delays


def _run_kiosk(office: Office, delays: Delays, visits: int, tell: Callable[[str], None]) -> None:
    from kiosk.__main__ import load
    from kiosk.clock import SystemClock
    from kiosk.parts import Kiosk
    from kiosk.ui.run import run

    settings = load(office.kiosk_settings(KIOSK))
    failure: list[BaseException] = []
    with SimulatedScanner(office.scanner(KIOSK)) as scanner:
        kiosk = Kiosk(settings, scanner_port=str(scanner.link), clock=SystemClock())
        heard = _hear_scans(kiosk)
        kiosk.start()

        def begin(finger: Any) -> None:
            threading.Thread(target=visit, args=(finger,), name="citizens").start()

        def visit(finger: Any) -> None:
            from kivy.base import stopTouchApp

            try:
                with _page(office) as votes_on_page:
                    eventually("the scanner", lambda: kiosk.controller.surroundings.scanner_up, SECONDS)
                    _Citizens(finger, scanner, heard, delays, votes_on_page).come(visits, tell)
                    delays.commit += bare_commits(office.folder, visits)
            except BaseException as error:
                failure.append(error)
            finally:
                stopTouchApp()

        try:
            run(
                controller=kiosk.controller,
                screen=settings.screen,
                home=office.folder / "kivy",
                today=kiosk.today,
                simulate=begin,
            )
        finally:
            kiosk.stop()
    if failure:
        raise failure[0]


def _hear_scans(kiosk: Any) -> SimpleQueue[float]:
    """Return when each scan comes to the kiosk's inbox, from now on; before its scanner is started."""
    heard: SimpleQueue[float] = SimpleQueue()
    take = kiosk.controller.scanned

    def take_and_tell(scan: Any) -> None:
        heard.put(perf_counter())
        take(scan)

    kiosk._scanner._on_scan = take_and_tell
    return heard


class _Citizens:
    """One after another: scan, touch, look at the page."""

    def __init__(
        self,
        finger: Any,
        scanner: SimulatedScanner,
        heard: SimpleQueue[float],
        delays: Delays,
        votes_on_page: Callable[[int], float] | None,
    ) -> None:
        from kivy.app import App
        from kivy.core.window import Window
        from kivy.graphics.opengl import glFinish

        self._finger = finger
        self._scanner = scanner
        self._heard = heard
        self._delays = delays
        self._votes_on_page = votes_on_page
        self._moments = Moments()
        self._window = Window
        flip = Window.flip

        def flip_and_tell() -> None:
            flip()
            glFinish()  # drawing is queued: without this only the order to draw would be timed
            shown = App.get_running_app().stage.shown
            self._moments.flipped(type(shown).__name__ if shown else "")

        Window.flip = flip_and_tell
        Window.bind(on_mouse_up=lambda *_: setattr(self._moments, "released", perf_counter()))

    def come(self, visits: int, tell: Callable[[str], None]) -> None:
        self._moments.next_flip(self._redraw)
        self._moments.when("IdleScreen")
        for number in range(1, visits + 1):
            self._visit(number)
            if number % 25 == 0:
                tell(f"{number} of {visits} visits")

    def _visit(self, number: int) -> None:
        scanned = perf_counter()
        self._scanner.scan(f"H57.14-261008-{number:06}")
        self._delays.write_to_event.append(self._heard.get(timeout=SECONDS) - scanned)
        self._delays.scan_to_screen.append(self._moments.when("RateScreen") - scanned)
        self._tell("tap 5")
        if self._moments.either("ThanksScreen", "ReasonsScreen") == "ReasonsScreen":
            self._tell("skip")
        thanked = self._moments.when("ThanksScreen")
        self._delays.tap_to_thanks.append(thanked - self._moments.released)
        released = self._moments.released
        if self._votes_on_page is not None:
            self._delays.tap_to_page.append(self._votes_on_page(number) - released)
        self._tell("dismiss")
        self._moments.when("IdleScreen")
        self._delays.frame.append(self._moments.next_flip(self._redraw))

    def _redraw(self) -> None:
        from kivy.clock import Clock

        Clock.schedule_once(lambda _: self._window.canvas.ask_update(), -1)

    def _tell(self, command: str) -> None:
        answers: SimpleQueue[str] = SimpleQueue()
        self._finger.command(command, answers.put)
        assert (answer := answers.get(timeout=SECONDS)) == "ok", answer


@contextmanager
def _page(office: Office) -> Any:
    """An administrator's browser: a function that waits until so many votes are shown and returns when that was."""
    browser_path = find_browser()
    if browser_path is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    from tests.journeys.test_demo import BROWSER_FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=BROWSER_FLAGS)
        page = browser.new_page()
        page.goto(office.server("admin", "link").strip())
        page.get_by_role("button", name="Đăng nhập").click()
        page.locator("#live.on").wait_for()

        def votes_on_page(count: int) -> float:
            page.locator("#figures .of", has_text=f"trong {count} lượt").wait_for(timeout=SECONDS * 1000)
            return perf_counter()

        yield votes_on_page
        browser.close()


def bare_commits(folder: Path, count: int) -> list[float]:
    """Commit so often, as durably as the kiosk does; return the seconds of each."""
    connection = sqlite3.connect(folder / "reference.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE votes (number INTEGER PRIMARY KEY, vote TEXT)")
    taken = []
    for number in range(count):
        began = perf_counter()
        connection.execute("INSERT INTO votes VALUES (?, ?)", (number, "x" * 200))
        taken.append(perf_counter() - began)
    connection.close()
    return taken
