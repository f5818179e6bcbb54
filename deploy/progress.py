"""Long steps, shown: one line per step, the output kept in a log, a sign of life while it lasts.

Used by the bare system Python before anything is installed: standard library only, parseable by 3.8.
"""

from __future__ import annotations

import contextlib
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

_SPINNER = "|/-\\"
_LOOK_SECONDS = 0.2
_LINE_SECONDS = 15.0
_GRACE_SECONDS = 20.0  # a package manager finishes what it is unpacking before it goes
_TAIL_BYTES = 16384


class SetupStopped(Exception):
    """The set-up cannot go on; the text says why and what to do."""


def say(text: str) -> None:
    """Print one line at once, also when the output is a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def run_step(title: str, command: list[str], log: Path) -> int:
    """Run *command*, append its output to *log*, show *title* and a sign of life; return the exit status."""
    log.parent.mkdir(parents=True, exist_ok=True)
    on_terminal = sys.stdout.isatty()
    started = time.monotonic()
    if not on_terminal:
        say(title + " ...")
    interrupts: list[int] = []
    # An exception raised while the child is being started would leave it behind: an interrupt is noted instead.
    usual = signal.signal(signal.SIGINT, lambda number, frame: interrupts.append(number))
    try:
        with log.open("ab") as sink:
            sink.write(f"\n$ {shlex.join(command)}\n".encode())
            sink.flush()
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT)
            show = _Spinner(title, log) if on_terminal else _Lines(log)
            while process.poll() is None and not interrupts:
                _wait(process, _LOOK_SECONDS)
                show.beat(time.monotonic() - started)
            if interrupts:
                _end(process)
                raise KeyboardInterrupt
    finally:
        signal.signal(signal.SIGINT, usual)
    seconds = time.monotonic() - started
    outcome = "done" if process.returncode == 0 else "failed"
    say(f"\r\x1b[K{title}: {outcome} in {seconds:.0f} s" if on_terminal else f"  {outcome} in {seconds:.0f} s")
    return process.returncode


def last_lines(log: Path, count: int) -> list[str]:
    """Return the last *count* lines of the log's last command that are not blank, made printable."""
    with log.open("rb") as source:
        source.seek(0, 2)
        source.seek(max(0, source.tell() - _TAIL_BYTES))
        text = source.read().decode("utf-8", "replace")
    own = text.rpartition("\n$ ")[2].splitlines()[1:] if "\n$ " in text else text.splitlines()
    printable = ("".join(sign for sign in line if sign.isprintable()).strip() for line in own)
    return [line for line in printable if line][-count:]


class _Spinner:
    def __init__(self, title: str, log: Path) -> None:
        self._title = title
        self._log = log
        self._turn = 0

    def beat(self, seconds: float) -> None:
        self._turn += 1
        line = f"{_SPINNER[self._turn % len(_SPINNER)]} {self._title} ({seconds:.0f} s) {_doing(self._log)}"
        sys.stdout.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
        sys.stdout.flush()


class _Lines:
    def __init__(self, log: Path) -> None:
        self._log = log
        self._next = _LINE_SECONDS

    def beat(self, seconds: float) -> None:
        if seconds >= self._next:
            self._next += _LINE_SECONDS
            say(f"  {seconds:.0f} s: {_doing(self._log)}"[:120])


def _doing(log: Path) -> str:
    lines = [line for line in last_lines(log, 20) if not line.startswith("WARNING")]
    return "".join(lines[-1:])


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)


def _end(process: subprocess.Popen[bytes]) -> None:
    # Ctrl-C reaches the whole terminal group, but an interrupt sent to us alone must also end the child.
    process.terminate()
    _wait(process, _GRACE_SECONDS)
    if process.poll() is None:
        process.kill()
        process.wait()
