"""The simulated hardware at the end of a pipe: a line in, a scan or a touch, a line out."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Protocol, TextIO

from hardware.simulator import SimulatedScanner, Unplugged

ANSWER_SECONDS = 15.0
HELP = (
    "scan CODE, unplug, replug, tap LEVEL, start, send, skip, back, decline, switch, keep, write, type TEXT,"
    " reason KEY, counter N, dismiss, language CODE, look NAME, screenshot PATH"
)


class Finger(Protocol):
    """What touches the screen: takes a command, answers with one line, at once or later."""

    def command(self, line: str, answer: Callable[[str], None]) -> None:
        """Carry a command out."""


def obey(commands: TextIO, answers: TextIO, scanner: SimulatedScanner, finger: Finger) -> None:
    """Carry commands out one after the other until they end; each is answered by `ok` or `error: why`."""
    for line in commands:
        answers.write(_obey(line.strip(), scanner, finger) + "\n")
        answers.flush()


def _obey(line: str, scanner: SimulatedScanner, finger: Finger) -> str:
    word, _, rest = line.partition(" ")
    match word:
        case "help" | "":
            return f"ok: {HELP}"
        case "scan" if rest.strip():
            try:
                scanner.scan(rest.strip())
            except Unplugged:
                return "error: the scanner is unplugged"
            return "ok"
        case "scan":
            return "error: scan what?"
        case "unplug":
            scanner.unplug()
            return "ok"
        case "replug":
            scanner.replug()
            return "ok"
    answer: SimpleQueue[str] = SimpleQueue()
    finger.command(line, answer.put)
    try:
        return answer.get(timeout=ANSWER_SECONDS)
    except Empty:
        return "error: the screen does not answer"
