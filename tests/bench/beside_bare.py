"""The screens beside a bare Kivy program, in one run: press to feedback, touch to thanks, start, and rest.

Two real processes, each on a virtual display of its own, touched through XTEST in turn; when they redraw is told by the
X server. So whatever else the machine does, it does to both.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Protocol

from kiosk.core.touching import SHORTEST
from kiosk.ui.theme import USUAL
from tests.bench.delays import bare_commits
from tests.bench.frames import Frames, frames
from tests.fakes.panel import Box, Panel, panel
from tests.fakes.virtual_screen import virtual_screen
from tests.journeys.processes import Program
from tests.journeys.standing_kiosk import FEWEST, StandingKiosk, code

SECONDS = 60.0
STILL_SECONDS = 0.2  # without a redraw: what was to be drawn is drawn
SETTLED_SECONDS = 0.8  # the kiosk's screens are deaf for 0.6 when they are new
BLUE, GREEN = 0x0000FF, 0x00FF00  # of tests/bench/bare.py


@dataclass
class Beside:
    """What was measured of one program; times in seconds."""

    feedback: list[float] = field(default_factory=list)  # finger down → its first redraw
    thanks: list[float] = field(default_factory=list)  # finger up → on the disk → redrawn
    start: list[float] = field(default_factory=list)  # start of the process → first frame that can be touched
    idle_cpu: float = 0.0  # share of one core
    idle_redraws: int = 0
    commit: list[float] = field(default_factory=list)  # reference: a bare SQLite commit on the same disk


class Subject(Protocol):
    """A program to measure: it is started, it is there, it takes a touch for which it thanks."""

    @property
    def panel(self) -> Panel:
        """What stands in front of it."""

    @property
    def frames(self) -> Frames:
        """When it redraws."""

    @property
    def program(self) -> Program:
        """Its process."""

    def switch_on(self) -> None:
        """Start the process."""

    def is_there(self) -> bool:
        """Whether it can be touched, from what is to be seen."""

    def wait_for_a_touch(self) -> Box:
        """Make it ask; return where it is to be touched."""

    def thanks_for(self, touched: Box) -> bool:
        """Whether it thanks, from what is to be seen."""

    def rest(self) -> None:
        """Wait until it waits."""


class TheKiosk:
    """The kiosk, whose server cannot be reached."""

    def __init__(self, folder: Path, display: str, its_panel: Panel, its_frames: Frames) -> None:
        self.panel, self.frames = its_panel, its_frames
        self._kiosk = StandingKiosk(folder, display, its_panel)
        self._visits = 0

    def switch_on(self) -> None:
        self._kiosk.switch_on()

    @property
    def program(self) -> Program:
        return self._kiosk.program

    def is_there(self) -> bool:
        return self.panel.picture(self._kiosk.left_half).count(code(USUAL.brand)) > 10 * FEWEST

    def wait_for_a_touch(self) -> Box:
        self._visits += 1
        self._kiosk.scan(f"H57.14-261008-{self._visits:06}")
        faces = self._kiosk.faces()
        threading.Event().wait(SETTLED_SECONDS)
        return faces[5]

    def thanks_for(self, touched: Box) -> bool:
        return self.panel.picture(_speck(touched)).count(code(USUAL.paper)) > 0

    def rest(self) -> None:
        self._kiosk.comes_to_rest()

    def close(self) -> None:
        self._kiosk.close()


class TheBare:
    """The bare program."""

    def __init__(self, folder: Path, display: str, its_panel: Panel, its_frames: Frames) -> None:
        self.panel, self.frames = its_panel, its_frames
        self._folder, self._display = folder, display
        self.switch_on()

    def switch_on(self) -> None:
        self.program = Program(
            *("tests.bench.bare", str(self._folder / "bare.sqlite")),
            log=self._folder / "bare.log",
            environment={"DISPLAY": self._display, "SDL_VIDEODRIVER": "x11", "KIVY_HOME": str(self._folder / "kivy")},
        )

    def is_there(self) -> bool:
        return self.panel.picture(Box(0, 0, 100, 100)).count(BLUE) > FEWEST

    def wait_for_a_touch(self) -> Box:
        while not self.is_there():
            self.panel.press(self.panel.all.middle)
            threading.Event().wait(2 * SHORTEST)
            self.panel.let_go()
            self.frames.still(STILL_SECONDS)
        return self.panel.all

    def thanks_for(self, touched: Box) -> bool:
        return self.panel.picture(_speck(touched)).count(GREEN) > 0

    def rest(self) -> None:
        self.frames.still(STILL_SECONDS)

    def close(self) -> None:
        self.program.abandon()


def measure(touches: int, starts: int, idle_seconds: float) -> tuple[Beside, Beside]:
    """Measure the kiosk and the bare program; each result has *touches* and *starts* entries."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, _both(Path(folder)) as subjects:
        results = Beside(), Beside()
        for subject in subjects:
            _appears(subject)
            subject.rest()
            _touch(subject)  # the first of everything is slower
        for _ in range(touches):
            for subject, result in zip(subjects, results, strict=True):
                felt, thanked = _touch(subject)
                result.feedback.append(felt)
                result.thanks.append(thanked)
        results[1].commit += bare_commits(Path(folder), max(touches, 2))
        _rest(subjects, results, idle_seconds)
        for _ in range(starts):
            for subject, result in zip(subjects, results, strict=True):
                assert subject.program.end(SECONDS) in (0, -15)
                subject.frames.still(STILL_SECONDS)
                began = perf_counter()
                subject.switch_on()
                result.start.append(_appears(subject) - began)
                subject.rest()
        return results


@contextmanager
def _both(folder: Path) -> Iterator[tuple[Subject, Subject]]:
    with (
        virtual_screen() as here,
        virtual_screen() as there,
        panel(here) as my_panel,
        panel(there) as other_panel,
        frames(here) as my_frames,
        frames(there) as other_frames,
    ):
        kiosk = TheKiosk(folder, here, my_panel, my_frames)
        try:
            bare = TheBare(folder, there, other_panel, other_frames)
            try:
                yield kiosk, bare
            finally:
                bare.close()
        finally:
            kiosk.close()


def _appears(subject: Subject) -> float:
    """Return when the first frame stood there that could be touched."""
    while True:
        at = subject.frames.next(SECONDS)
        assert at is not None, "no window comes"
        if subject.is_there():
            return at


def _touch(subject: Subject) -> tuple[float, float]:
    """Touch it for as long as a touch is meant; return how long the feedback took, and how long the thanks."""
    box = subject.wait_for_a_touch()
    subject.panel.slide(box.middle)
    subject.frames.still(STILL_SECONDS)
    down = perf_counter()
    subject.panel.press(box.middle)
    felt = subject.frames.next(SECONDS)
    assert felt is not None, "a touch is not felt"
    threading.Event().wait(2 * SHORTEST)
    subject.frames.still()
    up = perf_counter()
    subject.panel.let_go()
    while True:
        thanked = subject.frames.next(SECONDS)
        assert thanked is not None, "no thanks"
        if subject.thanks_for(box):
            return felt - down, thanked - up


def _rest(subjects: tuple[Subject, Subject], results: tuple[Beside, Beside], seconds: float) -> None:
    """Let both rest at the same time."""
    for subject in subjects:
        subject.rest()
        subject.frames.still(STILL_SECONDS)
    before = [_cpu_seconds(subject.program.pid) for subject in subjects]
    began = perf_counter()
    while perf_counter() - began < seconds:
        threading.Event().wait(STILL_SECONDS)
        for subject, result in zip(subjects, results, strict=True):
            result.idle_redraws += subject.frames.still()
    passed = perf_counter() - began
    for subject, result, used in zip(subjects, results, before, strict=True):
        result.idle_cpu = (_cpu_seconds(subject.program.pid) - used) / passed


def _cpu_seconds(pid: int) -> float:
    """What a process has used of processors so far, all threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _speck(touched: Box) -> Box:
    """A part of what is touched that has no writing on it, and is not at its edge."""
    return Box(touched.left + touched.width // 20, touched.top + touched.height // 2, 2, 2)
