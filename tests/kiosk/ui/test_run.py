"""The window as a program of its own: what Kivy is told before it starts, and how the program ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 60

PROGRAM = """
import logging, sys
from datetime import date
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.controller import Controller
from kiosk.settings import Place, Screen
from kiosk.ui.run import run
from tests.fakes.duty import DutyInMemory
from tests.fakes.storage import FakeStorage

logging.basicConfig(level=logging.INFO)
controller = Controller(storage=FakeStorage(SystemClock()), site_key=bytes(32), clock=SystemClock(),
    arrangement=Place().arranged(), duty=DutyInMemory())

def up(touch):
    touch.command("language en", lambda answer: print("up", answer, flush=True))

{break_it}
run(
    controller=controller,
    screen=Screen(fullscreen=False, rotation=int(sys.argv[2])),
    home=Path(sys.argv[1]) / "kivy",
    today=lambda: date(2026, 11, 23),
    simulate=up,
)
print("closed", flush=True)
"""
TURNED = """
def up(touch):
    from kivy.core.window import Window

    def tell(answer):
        print(type(controller.state).__name__, Window.rotation, *Window.system_size, *Window.size, flush=True)

    touch.command("start", lambda _: touch.command("tap 4", tell))
"""
FAILING = """
def fail():
    raise ValueError("what was " + "touched")
controller.pump, pump = (lambda: fail() if controller.broken else pump()), controller.pump
controller.broken = False
def up(touch):
    touch.command("language en", lambda answer: setattr(controller, "broken", True))
"""


def start(folder: Path, break_it: str = "", rotation: int = 0) -> "subprocess.Popen[str]":
    program = [sys.executable, "-c", PROGRAM.format(break_it=break_it), str(folder), str(rotation)]
    return subprocess.Popen(
        [*program, "--settings", "none of Kivy's business"],
        cwd=ROOT,
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen", "HOME": str(folder / "home")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_ends_well_when_it_is_told_to(tmp_path: Path) -> None:
    process = start(tmp_path)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "up ok\n"
        process.send_signal(signal.SIGTERM)
        rest, errors = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert (process.returncode, rest) == (0, "closed\n"), errors


def test_errors_in_a_row_end_it_with_a_failure(tmp_path: Path) -> None:
    process = start(tmp_path, FAILING)
    try:
        output, errors = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert process.returncode == 1, errors
    assert "closed" not in output
    assert "an error on the screen, number 3 since the start" in errors
    assert "number 4" not in errors
    assert "ScreenBroken: the screen made one error after the other" in errors
    # An error is told by its kind and place: its own words may hold what was touched.
    assert "ValueError" in errors
    assert "what was touched" not in errors


def test_it_is_turned_as_the_settings_say_and_so_are_touches(tmp_path: Path) -> None:
    process = start(tmp_path, TURNED, rotation=270)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "Storing 270 1280 800 800 1280\n"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert process.returncode == 0


def test_it_writes_nothing_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    process = start(tmp_path)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "up ok\n"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert not list((tmp_path / "home").glob(".kivy*"))
    assert (tmp_path / "kivy").is_dir()


def test_one_finger_is_one_touch(kiosk: "Driver") -> None:
    from kivy.base import EventLoop
    from kivy.config import Config

    assert Config.options("input") == ["mouse"]
    listening = [type(provider).__name__ for provider in EventLoop.input_providers]
    # SDL's own may have been added; on Linux nothing is ever put into it.
    assert [name for name in listening if name != "SDL2MotionEventProvider"] == ["MouseMotionEventProvider"]


def test_kivy_is_set_up_for_a_public_screen(kiosk: "Driver") -> None:
    from kivy.clock import Clock
    from kivy.config import Config
    from kivy.metrics import Metrics

    assert Config.getint("kivy", "exit_on_escape") == 0
    assert Config.getint("graphics", "multisamples") == 0
    assert Config.getint("graphics", "maxfps") == 60
    assert Config.getint("graphics", "allow_screensaver") == 0
    assert Metrics.density == 1
    assert hasattr(Clock, "interupt_next_only")  # the clock that a scan from a thread interrupts
    assert kiosk.app.open_settings() is False


def test_it_cannot_be_set_up_too_late(window: None, tmp_path: Path) -> None:
    from kiosk.settings import Screen
    from kiosk.ui.setup import prepare

    with pytest.raises(RuntimeError, match="before it is imported"):
        prepare(Screen(), tmp_path)


def test_other_tests_processes_do_not_inherit_the_set_up(window: None) -> None:
    assert not [name for name in os.environ if name.startswith("KIVY_") or name == "SDL_VIDEODRIVER"]
