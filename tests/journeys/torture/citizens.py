"""Citizens at one kiosk: they scan, touch a face and remember what they were thanked for."""

import random
import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from hardware.simulator import SimulatedScanner
from tests.journeys.processes import Overdue, Program
from tests.journeys.torture.machine import Heard, Machine

ANSWER_SECONDS = 90.0  # longer than anything hangs here; beyond, the kiosk itself hangs
RESCAN_SECONDS = 1.5  # a scan right after the start is lost, as on a real device
WITH_A_CASE = 0.8
WITH_A_REASON = 0.5
BETWEEN_VISITS = 0.08  # seconds, at most


@dataclass(frozen=True)
class Thanks:
    """What a citizen was thanked for: where, the level, and between which two moments of the true time."""

    kiosk: str
    level: int
    touched: datetime
    thanked: datetime


class _Died(Exception):
    """The kiosk was ended under the citizen's hands."""


class _Left(Exception):
    """The citizen was not served: out of order, or the screen went back by itself."""

    def __init__(self, *, idle: bool) -> None:
        super().__init__()
        self.idle = idle  # whether the first screen is shown again


class Citizens(Heard):
    """A thread of people who use a kiosk one after another, whatever happens to it."""

    def __init__(self, machine: Machine, scanner: Path, cases: int, chance: random.Random, today: date) -> None:
        self.thanked: dict[str, Thanks] = {}
        self.swallowed = 0  # cases whose vote was stored, and whose thank-you a kill swallowed
        self.screen = ""  # the last that the kiosk said it shows
        self.failure: BaseException | None = None
        self._machine = machine
        self._chance = chance
        self._scanner = SimulatedScanner(scanner)
        self._prefix = f"H57.14-{today:%y%m%d}-{cases:03}"
        self._next_case = 1
        self._card = machine.cards
        self._idle: Program | None = None  # which shows its first screen: it says so only once
        self._level = 0
        self._touched = datetime.now(UTC)
        self._going = threading.Event()
        self._at_home = threading.Event()
        self._at_home.set()
        self._ended = False
        self._pause = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"citizens of {machine.name}", daemon=True)
        machine.heard.append(self)
        self._thread.start()

    def come(self) -> None:
        """Let people come."""
        self._going.set()

    def leave(self, seconds: float = ANSWER_SECONDS) -> None:
        """Let the last one finish, unless the kiosk is off; the kiosk goes on."""
        self._going.clear()
        if not self._at_home.wait(seconds):
            raise Overdue(f"{self._machine.name}: a visit does not end")
        self.check()

    def close(self) -> None:
        """No one comes any more."""
        self._ended = True
        self._going.set()
        self._thread.join(ANSWER_SECONDS)
        self._scanner.close()

    def check(self) -> None:
        """Raise what went wrong, if anything did."""
        if self.failure is not None:
            raise self.failure

    def hear(self, line: str) -> None:
        # In the reader's thread, so that a thank-you said just before a kill counts.
        words = line.split()
        self.screen = " ".join(words[1:2])
        if words[:2] == ["screen", "thanks"]:
            self.thanked[words[2]] = Thanks(self._machine.name, self._level, self._touched, datetime.now(UTC))

    def _run(self) -> None:
        try:
            while not self._ended:
                self._going.wait()
                self._at_home.clear()
                program = self._machine.power.program
                if program is not None and not self._ended:
                    self._queue(program)
                self._at_home.set()
                self._pause.wait(0.05)
        except BaseException as error:
            self.failure = error
        finally:
            self._at_home.set()

    def _queue(self, program: Program) -> None:
        """One after the other, as long as this process lives and people come."""
        while self._going.is_set() and not self._ended and self._machine.power.program is program:
            try:
                if self._idle is not program:
                    self._await_idle(program)
                self._idle = None
                self._visit(program)
                self._idle = program
            except _Left as left:
                self._idle = program if left.idle else None
            except _Died:
                return
            self._pause.wait(self._chance.uniform(0.0, BETWEEN_VISITS))

    def _visit(self, program: Program) -> None:
        if self._card != self._machine.cards:
            self._card = self._machine.cards
            self._next_case += 1  # the card may have forgotten that this one was rated
        scanned = self._chance.random() < WITH_A_CASE and self._scan(program)
        if not scanned:
            program.say("start")
            self._await(program, "screen rate")
        self._level = self._chance.randint(1, 5)
        self._touched = datetime.now(UTC)
        program.say(f"tap {self._level}")
        self._await_thanks(program)
        self._next_case += scanned
        program.say("dismiss")
        self._await(program, "screen idle")

    def _scan(self, program: Program) -> bool:
        """Scan the next case; False when the kiosk will not take it, and shows its first screen again."""
        for _ in range(20):
            self._scanner.scan(f"{self._prefix}{self._next_case:06}")
            try:
                answer = program.line(RESCAN_SECONDS)
            except Overdue:
                continue
            match (answer or "").split():
                case ["screen", "rate"]:
                    return True
                case ["screen", "already-rated"]:
                    self._next_case += 1
                    self.swallowed += 1
                case ["screen", "refused", _]:  # its clock stands before the date of the case
                    pass
                case []:
                    raise _Died
                case _:
                    raise _Left(idle=answer == "screen idle")
            program.say("dismiss")
            self._await(program, "screen idle")
            return False
        return False  # the scanner is not open yet, or hangs with the kiosk

    def _await(self, program: Program, screen: str) -> None:
        line = self._line(program)
        if not line.startswith(screen):
            raise _Left(idle=line == "screen idle")

    def _await_thanks(self, program: Program) -> None:
        """Be thanked; where reasons are asked for, give some or leave them out."""
        line = self._line(program)
        if line == "screen reasons":
            if self._chance.random() < WITH_A_REASON:
                program.say("reason waiting")
                program.say("send")
            else:
                program.say("skip")
            line = self._line(program)
        if not line.startswith("screen thanks"):
            raise _Left(idle=line == "screen idle")

    def _await_idle(self, program: Program) -> None:
        while self._line(program) != "screen idle":
            pass

    def _line(self, program: Program) -> str:
        line = program.line(ANSWER_SECONDS)
        if line is None:
            raise _Died
        return line
