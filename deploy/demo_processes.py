"""The demo's processes: server, kiosk, and a virtual screen where there is no other."""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from deploy.demo_office import ROOT, DemoTrouble, Office

START_SECONDS = 60.0
END_SECONDS = 15.0
ENDS_AT_MOST = 3  # within a minute; then there is no use in starting it again
A_MINUTE = 60.0
_PR_SET_PDEATHSIG = 1


@dataclass
class _Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[str]
    started_again: bool  # when it ends by itself
    ended_at: deque[float] = field(default_factory=lambda: deque(maxlen=ENDS_AT_MOST))


class Processes:
    """What was started, ended in reverse order; their messages go to files in *log*."""

    def __init__(self, log: Path, clock: Callable[[], float] = monotonic) -> None:
        self._log = log
        self._clock = clock
        self._running: list[_Program] = []
        self._kiosk: _Program | None = None
        self._asking = threading.Lock()

    def __enter__(self) -> "Processes":
        self._log.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        for program in reversed(self._running):
            program.process.terminate()
            try:
                program.process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                program.process.kill()
                program.process.wait()
            _close_pipes(program.process)

    def start_server(self, office: Office) -> None:
        """Start the server and wait until it answers."""
        server = self._start("server", ["sync_server", "--settings", str(office.server_settings), "serve"])
        address = f"http://127.0.0.1:{office.ports['web']}/healthz"
        deadline = monotonic() + START_SECONDS
        while not _answers(address):
            if server.process.poll() is not None or monotonic() > deadline:
                raise DemoTrouble(f"the server does not start:\n{self._last_lines('server')}")
            threading.Event().wait(0.05)

    def start_kiosk(self, office: Office) -> str:
        """Start the kiosk on the screen, or on a virtual one; return which, in words."""
        arguments = ["kiosk", "--settings", str(office.kiosk_settings), "--simulate"]
        if os.environ.get("DISPLAY"):
            self._kiosk = self._start("kiosk", arguments)
            if self._speaks():
                return "in a window on this screen"
            silent = self._running.pop().process
            silent.kill()
            silent.wait()
            _close_pipes(silent)
        display = self._start_virtual_screen()
        self._kiosk = self._start("kiosk", arguments, DISPLAY=display)
        if not self._speaks():
            raise DemoTrouble(f"the kiosk does not start:\n{self._last_lines('kiosk')}")
        return f"on a virtual screen ({display}), for this machine shows none: `screenshot` saves what it shows"

    def ask_kiosk(self, command: str) -> str:
        """Give the kiosk's simulated hardware a command; return its answer."""
        assert self._kiosk is not None
        kiosk = self._kiosk.process
        assert kiosk.stdin is not None and kiosk.stdout is not None
        with self._asking, contextlib.suppress(BrokenPipeError):
            kiosk.stdin.write(command + "\n")
            kiosk.stdin.flush()
            if answer := kiosk.stdout.readline().strip():
                return answer
        return "error: the kiosk has ended; it is started again"

    def fill_disk(self, full: bool) -> None:
        """Let the kernel refuse the kiosk every further byte on any disk, or allow them again; DemoTrouble.

        A limit of the process, which needs no rights and no small disk; one that is started again has none.
        """
        if self._kiosk is None:
            raise DemoTrouble("there is no kiosk")
        try:
            _, most = resource.prlimit(self._kiosk.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(self._kiosk.process.pid, resource.RLIMIT_FSIZE, (0 if full else most, most))
        except OSError as error:
            raise DemoTrouble(f"the kiosk's disk cannot be filled: {error.strerror}") from None

    def keep_running(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start a program that `start_again` starts anew when it has ended; DemoTrouble when it is not installed."""
        self._spawn(name, command, environment, started_again=True)

    def start_again(self) -> Iterator[str]:
        """Start what has ended by itself since, as systemd does on a kiosk, and say so in a line each.

        DemoTrouble, with its last words, when that does not help: it ended three times within a minute, or was the
        screen.
        """
        for program in self._running:
            status = program.process.poll()
            if status is None:
                continue
            now = self._clock()
            program.ended_at.append(now)
            often = len(program.ended_at) == ENDS_AT_MOST and now - program.ended_at[0] < A_MINUTE
            if often or not program.started_again:
                times = f", {ENDS_AT_MOST} times within a minute" if often else ""
                raise DemoTrouble(f"the {program.name} has ended by itself{times}:\n{self._last_lines(program.name)}")
            _close_pipes(program.process)
            program.process = self._popen(program.name, program.command, program.environment, "a")
            how = signal.Signals(-status).name if status < 0 else f"exit status {status}"
            yield f"The {program.name} has ended ({how}) and is started again."

    def _speaks(self) -> bool:
        return self.ask_kiosk("help").startswith("ok")

    def _start_virtual_screen(self) -> str:
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-noreset", "-nolisten", "tcp"]
        screen = self._spawn("screen", command, os.environ, started_again=False).process
        assert screen.stdout is not None
        number = screen.stdout.readline().strip()
        if not number:
            raise DemoTrouble(f"the virtual screen does not start:\n{self._last_lines('screen')}")
        return f":{number}"

    def _start(self, name: str, arguments: list[str], **environment: str) -> _Program:
        command = [sys.executable, "-m", *arguments]
        return self._spawn(name, command, {**os.environ, **environment}, started_again=True)

    def _spawn(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], *, started_again: bool
    ) -> _Program:
        process = self._popen(name, command, environment, "w")
        program = _Program(name, command, environment, process, started_again)
        self._running.append(program)
        return program

    def _popen(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], mode: str
    ) -> subprocess.Popen[str]:
        try:
            with (self._log / f"{name}.log").open(mode, encoding="utf-8") as log:
                return subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                    start_new_session=True,  # Ctrl-C is for the demo, which ends the others in order
                    preexec_fn=die_with_parent,
                )
        except FileNotFoundError:
            raise DemoTrouble(f"{command[0]} is not installed; run: make demo") from None

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


def _close_pipes(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        with contextlib.suppress(BrokenPipeError):  # of what it was told and did not read
            pipe.close()


def die_with_parent() -> None:
    """Have a process that is about to be begun end when the demo does, however that ends."""
    # A demo that is killed leaves nothing behind that holds its ports and its database.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
