"""Citizens at one kiosk: they scan, touch a face and remember what they were thanked for."""

import random
import threading
from pathlib import Path

from hardware.simulator import SimulatedScanner
from tests.journeys.processes import Overdue, Program

ANSWER_SECONDS = 20.0  # two cores, many processes
RESCAN_SECONDS = 1.5  # a scan right after the start is lost, as on a real device


class Died(Exception):
    """The kiosk was killed under the citizen's hands."""


class Citizens:
    """A kiosk process, its scanner, and a thread of people who use it one after another, killed or not."""

    def __init__(self, name: str, settings: Path, scanner: Path, log: Path, chance: random.Random) -> None:
        self.name = name
        self.thanked: dict[str, int] = {}  # id of the vote → level that was touched
        self.found_rated = 0  # cases whose vote was stored and whose thank-you a kill swallowed
        self.kills = 0
        self._settings = settings
        self._log = log
        self._chance = chance
        self._scanner = SimulatedScanner(scanner)
        self._level = 0
        self._next_case = 1
        self._going = threading.Event()
        self._change = threading.Lock()
        self._program = self._start()
        self._thread = threading.Thread(target=self._run, name=name)
        self.failure: BaseException | None = None

    def start(self) -> None:
        """Let people come."""
        self._going.set()
        self._thread.start()

    def kill(self) -> None:
        """SIGKILL the kiosk; it is started again at once."""
        with self._change:
            self._program.kill()
            self.kills += 1
            self._program = self._start()

    def leave(self) -> None:
        """Let the last one finish; the kiosk goes on."""
        self._going.clear()
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def abandon(self) -> None:
        """Kill whatever still runs."""
        self._going.clear()
        with self._change:
            self._program.abandon()
        self._thread.join()
        self._scanner.close()

    def end(self) -> None:
        """End the kiosk as an operator would."""
        code = self._program.end()
        assert code == 0, f"{self.name} ended with {code}"

    def _start(self) -> Program:
        return Program("kiosk", "--no-window", "--settings", str(self._settings), log=self._log, heard=self._hear)

    def _hear(self, line: str) -> None:
        # In the reader's thread, so that a thank-you said just before a kill counts.
        words = line.split()
        if words[:2] == ["screen", "thanks"]:
            self.thanked[words[2]] = self._level

    def _run(self) -> None:
        try:
            while self._going.is_set():
                with self._change:
                    program = self._program
                try:
                    self._serve(program)
                except Died:
                    continue
        except BaseException as error:
            self.failure = error

    def _serve(self, program: Program) -> None:
        self._await(program, "screen idle")
        while self._going.is_set():
            self._level = self._chance.randint(1, 5)
            scanned = self._chance.random() < 0.8
            if not scanned:
                program.say("start")
                self._await(program, "screen rate")
            elif not self._scan(program):
                continue
            program.say(f"tap {self._level}")
            self._await(program, "screen thanks")
            self._next_case += scanned
            program.say("dismiss")
            self._await(program, "screen idle")

    def _scan(self, program: Program) -> bool:
        """Scan the next case; False when it turns out to be rated, its thank-you lost in a kill."""
        case = f"H57.14-261008-{self._next_case:06}"
        for _ in range(20):
            self._scanner.scan(case)
            try:
                answer = program.line(RESCAN_SECONDS)
            except Overdue:
                continue
            if answer is None:
                raise Died
            if answer == "screen rate":
                return True
            assert answer == "screen already-rated", answer
            self._next_case += 1
            self.found_rated += 1
            program.say("dismiss")
            self._await(program, "screen idle")
            return False
        raise Overdue(f"{self.name} does not read its scanner")

    def _await(self, program: Program, screen: str) -> None:
        line = program.line(ANSWER_SECONDS)
        if line is None:
            raise Died
        assert line.startswith(screen), f"{self.name}: {line!r} instead of {screen!r}"
