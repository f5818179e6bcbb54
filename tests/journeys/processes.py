"""Real processes of the product, read line by line and killed without mercy."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic

ROOT = Path(__file__).parents[2]


class Overdue(AssertionError):
    """What was waited for did not happen in time."""


class Program:
    """One running `python -m …` of this repository; *heard* is called for each of its lines, in its reader's thread.

    *before* is a command that starts it (unshare, say) and must not outlive it; *environment* is added to ours.
    """

    def __init__(
        self,
        *arguments: str,
        log: Path,
        heard: Callable[[str], None] = lambda _: None,
        before: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._heard = heard
        self._is_started_by_another = bool(before)
        self.has_spoken = False  # a first line came
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [*before, sys.executable, "-m", *arguments],
                cwd=ROOT,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                bufsize=1,
                start_new_session=True,  # Ctrl-C is for the harness, which then ends what it has started
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Of the program itself, not of the command that started it."""
        outer = self._process.pid
        inner = children_of(outer) if self._is_started_by_another else []
        return inner[0] if inner else outer

    @property
    def exit_code(self) -> int | None:
        """None while it runs; the negative number of the signal that ended it."""
        return self._process.poll()

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

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens when it is dead."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL, also to whatever started it, and wait until everything it had said is read."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # the group at once: nothing can be forked in between
        self._finish()

    def abandon(self) -> None:
        """Kill it if it still runs; for the end of a test that failed."""
        if self.alive:
            self.kill()

    def end(self, seconds: float = 20, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end, and return its exit code; Overdue when it does not."""
        self.send(how)
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
            self.has_spoken = True
            self._heard(line.rstrip("\n"))
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and that still are; none when it is gone."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def run(*arguments: str, seconds: float = 60) -> str:
    """Run a `python -m …` of this repository to its end and return what it prints."""
    finished = finish(*arguments, seconds=seconds)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def finish(*arguments: str, seconds: float = 60) -> "subprocess.CompletedProcess[str]":
    """Run a `python -m …` of this repository to its end, whatever becomes of it."""
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
    )


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
