"""The demo's processes: server, kiosk, and a virtual screen where there is no other."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from deploy.demo_office import ROOT, DemoTrouble, Office

START_SECONDS = 60.0
END_SECONDS = 15.0
_PR_SET_PDEATHSIG = 1


class Processes:
    """What was started, ended in reverse order; their messages go to files in *log*."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._running: list[tuple[str, subprocess.Popen[str]]] = []
        self._kiosk: subprocess.Popen[str] | None = None
        self._asking = threading.Lock()

    def __enter__(self) -> "Processes":
        self._log.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        for _name, process in reversed(self._running):
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start_server(self, office: Office) -> None:
        """Start the server and wait until it answers."""
        server = self._start("server", ["sync_server", "--settings", str(office.server_settings), "serve"])
        address = f"http://127.0.0.1:{office.ports['web']}/healthz"
        deadline = monotonic() + START_SECONDS
        while not _answers(address):
            if server.poll() is not None or monotonic() > deadline:
                raise DemoTrouble(f"the server does not start:\n{self._last_lines('server')}")
            threading.Event().wait(0.05)

    def start_kiosk(self, office: Office) -> str:
        """Start the kiosk on the screen, or on a virtual one; return which, in words."""
        arguments = ["kiosk", "--settings", str(office.kiosk_settings), "--simulate"]
        if os.environ.get("DISPLAY"):
            self._kiosk = self._start("kiosk", arguments)
            if self._speaks():
                return "in a window on this screen"
            _, silent = self._running.pop()
            silent.kill()
            silent.wait()
        display = self._start_virtual_screen()
        self._kiosk = self._start("kiosk", arguments, DISPLAY=display)
        if not self._speaks():
            raise DemoTrouble(f"the kiosk does not start:\n{self._last_lines('kiosk')}")
        return f"on a virtual screen ({display}), for this machine shows none: `screenshot` saves what it shows"

    def ask_kiosk(self, command: str) -> str:
        """Give the kiosk's simulated hardware a command; return its answer."""
        assert self._kiosk is not None and self._kiosk.stdin is not None and self._kiosk.stdout is not None
        with self._asking, contextlib.suppress(BrokenPipeError):
            self._kiosk.stdin.write(command + "\n")
            self._kiosk.stdin.flush()
            if answer := self._kiosk.stdout.readline().strip():
                return answer
        return "error: the kiosk has ended"

    def ended(self) -> str | None:
        """Say which process has ended by itself, with its last words; None while all run."""
        for name, process in self._running:
            if process.poll() is not None:
                return f"the {name} has ended by itself:\n{self._last_lines(name)}"
        return None

    def _speaks(self) -> bool:
        return self.ask_kiosk("help").startswith("ok")

    def _start_virtual_screen(self) -> str:
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-noreset", "-nolisten", "tcp"]
        screen = self._spawn("screen", command, dict(os.environ))
        assert screen.stdout is not None
        number = screen.stdout.readline().strip()
        if not number:
            raise DemoTrouble(f"the virtual screen does not start:\n{self._last_lines('screen')}")
        return f":{number}"

    def _start(self, name: str, arguments: list[str], **environment: str) -> subprocess.Popen[str]:
        return self._spawn(name, [sys.executable, "-m", *arguments], {**os.environ, **environment})

    def _spawn(self, name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
        try:
            with (self._log / f"{name}.log").open("w", encoding="utf-8") as log:
                process = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    start_new_session=True,  # Ctrl-C is for the demo, which ends the others in order
                    preexec_fn=_die_with_parent,
                )
        except FileNotFoundError:
            raise DemoTrouble(f"{command[0]} is not installed; run: make demo") from None
        self._running.append((name, process))
        return process

    def _last_lines(self, name: str) -> str:
        path = self._log / f"{name}.log"
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()[-10:]
        return "\n".join([*(f"  {line}" for line in lines), f"  (all of it: {path})"])


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM ends the demo as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _die_with_parent() -> None:
    # A demo that is killed leaves nothing behind that holds its ports and its database.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
