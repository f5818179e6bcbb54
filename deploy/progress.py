"""Long steps, shown: one line per step, the output kept in a log, a sign of life while it lasts.

Used by the bare system Python before anything is installed: standard library only, parseable by 3.8.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

_SPINNER = "|/-\\"
_SPIN_SECONDS = 0.2
_LINE_SECONDS = 15.0
_GRACE_SECONDS = 20.0  # a package manager finishes what it is unpacking before it goes
_TAIL_BYTES = 4096


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
    with log.open("ab") as sink:
        sink.write(f"\n$ {shlex.join(command)}\n".encode())
        sink.flush()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT)
        try:
            status = _wait(process, title, log, started, on_terminal)
        except KeyboardInterrupt:
            _end(process)
            raise
    seconds = time.monotonic() - started
    outcome = "done" if status == 0 else "failed"
    say(f"\r\x1b[K{title}: {outcome} in {seconds:.0f} s" if on_terminal else f"  {outcome} in {seconds:.0f} s")
    return status


def last_lines(log: Path, count: int) -> list[str]:
    """Return the last *count* lines of the log's last command that are not blank, made printable."""
    with log.open("rb") as source:
        source.seek(0, 2)
        source.seek(max(0, source.tell() - _TAIL_BYTES))
        text = source.read().decode("utf-8", "replace")
    own = text.rpartition("\n$ ")[2].splitlines()[1:] if "\n$ " in text else text.splitlines()
    printable = ("".join(sign for sign in line if sign.isprintable()).strip() for line in own)
    return [line for line in printable if line][-count:]


def _wait(process: subprocess.Popen[bytes], title: str, log: Path, started: float, on_terminal: bool) -> int:
    turn = 0
    while True:
        try:
            return process.wait(timeout=_SPIN_SECONDS if on_terminal else _LINE_SECONDS)
        except subprocess.TimeoutExpired:
            seconds = time.monotonic() - started
            lines = [line for line in last_lines(log, 20) if not line.startswith("WARNING")]
            doing = "".join(lines[-1:])
            if on_terminal:
                line = f"{_SPINNER[turn % len(_SPINNER)]} {title} ({seconds:.0f} s) {doing}"
                sys.stdout.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
                sys.stdout.flush()
                turn += 1
            else:
                say(f"  {seconds:.0f} s: {doing}"[:120])


def _end(process: subprocess.Popen[bytes]) -> None:
    # Ctrl-C reaches the whole terminal group, but an interrupt sent to us alone must also end the child.
    process.terminate()
    try:
        process.wait(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
