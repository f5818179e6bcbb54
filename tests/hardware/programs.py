"""A command that runs beside the test, with its lines as they come."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from tests.hardware.listening import DEADLINE

ROOT = Path(__file__).parents[2]


class Program:
    """python -m hardware with its arguments."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lines: SimpleQueue[str] = SimpleQueue()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def line(self) -> str:
        """The next line on its standard output; empty at the end."""
        return self._lines.get(timeout=DEADLINE).rstrip("\n")

    def said(self) -> str:
        """The next line without the time that leads it."""
        return self.line()[len("12:34:56  ") :]

    def type(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text + "\n")
        self._process.stdin.flush()

    def end_input(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def ended(self) -> tuple[int, str]:
        """Its exit status and its standard error, once it has ended."""
        assert self._process.stderr is not None
        errors = self._process.stderr.read()
        status = self._process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        return status, errors

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")


@contextmanager
def running(*arguments: str | Path) -> Iterator[Program]:
    with subprocess.Popen(
        [sys.executable, "-m", "hardware", *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield Program(process)
        finally:
            process.kill()


def run(*arguments: str | Path, patience: float = DEADLINE) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "hardware", *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=patience,
        check=False,
    )
