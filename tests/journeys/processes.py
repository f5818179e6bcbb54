"""Real processes of the product, read line by line and killed without mercy."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic

ROOT = Path(__file__).parents[2]


class Overdue(AssertionError):
    """What was waited for did not happen in time."""


class Program:
    """One running `python -m …` of this repository; *heard* is called for each of its lines, in its reader's thread."""

    def __init__(self, *arguments: str, log: Path, heard: Callable[[str], None] = lambda _: None) -> None:
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._heard = heard
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                bufsize=1,
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def say(self, line: str) -> None:
        """Write a line to its standard input; nothing happens when it is dead."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError, ValueError):
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def line(self, seconds: float) -> str | None:
        """Return its next line; None when it has ended; Overdue when neither comes."""
        try:
            line = self._lines.get(timeout=seconds)
        except Empty:
            raise Overdue(f"no line within {seconds} s") from None
        if line is None:
            self._lines.put(None)  # whoever asks again hears the same
        return line

    def kill(self) -> None:
        """SIGKILL, and wait until everything it had said is read."""
        self._process.kill()
        self._finish()

    def abandon(self) -> None:
        """Kill it if it still runs; for the end of a test that failed."""
        if self.alive:
            self.kill()

    def end(self, seconds: float = 20, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and return its exit code; Overdue when it does not."""
        self._process.send_signal(how)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Overdue(f"it did not end within {seconds} s") from None
        self._finish()
        return self._process.returncode

    def code(self, seconds: float) -> int:
        """Wait until it has ended by itself, and return its exit code."""
        self._process.wait(seconds)
        self._finish()
        return self._process.returncode

    def _finish(self) -> None:
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._heard(line.rstrip("\n"))
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


def run(*arguments: str) -> str:
    """Run a `python -m …` of this repository to its end and return what it prints."""
    finished = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def free_port() -> int:
    """Return a TCP port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def eventually(what: str, holds: Callable[[], bool], seconds: float) -> None:
    """Wait until something holds; Overdue, naming *what*, when it does not in time."""
    deadline = monotonic() + seconds
    pause = threading.Event()
    while not holds():
        if monotonic() > deadline:
            raise Overdue(f"{what}: not within {seconds} s")
        pause.wait(0.05)
