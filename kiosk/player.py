"""Plays by the system's own programs, in a thread of its own: a sound card that hangs keeps nobody from voting.

Kivy has a player inside (SDL_mixer), but it would hold the sound card for as long as the kiosk runs, and a driver that
stalls would stall the screen.
"""

import logging
import shutil
import subprocess
import threading
from collections.abc import Sequence
from queue import Empty, SimpleQueue

log = logging.getLogger(__name__)

LONGEST_SECONDS = 30.0  # a player that takes longer hangs
_LOOK_SECONDS = 0.05
_PATIENCE_SECONDS = 1.0  # from the polite request to end to the other one

Command = tuple[str, ...]


def first_there(programs: Sequence[str]) -> str | None:
    """Return where the first of these programs lies that this machine has; None when it has none."""
    return next((found for program in programs if (found := shutil.which(program)) is not None), None)


class Player:
    """Plays one thing at a time; what comes later ends what came before. Its thread begins with the first.

    What takes more than *longest* seconds is ended.
    """

    def __init__(self, name: str, longest: float = LONGEST_SECONDS) -> None:
        self._name = name
        self._longest = longest
        self._wanted: SimpleQueue[Command | None] = SimpleQueue()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._complained = False
        self._busy = False

    @property
    def is_playing(self) -> bool:
        """Whether a program runs, or is about to."""
        return self._busy or not self._wanted.empty()

    def play(self, command: Command) -> None:
        """Run this, at once, instead of what is running."""
        if self._stopping.is_set():
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        self._wanted.put(command)

    def hush(self) -> None:
        """End what is running."""
        if self._thread is not None:
            self._wanted.put(None)

    def stop(self) -> None:
        """End what is running, and the thread."""
        self._stopping.set()
        self.hush()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        command: Command | None = None
        while not self._stopping.is_set():
            command = self._newest(self._wanted.get() if command is None else command)
            if command is not None and not self._stopping.is_set():
                self._busy = True
                try:
                    command = self._played(command)
                finally:
                    self._busy = False

    def _newest(self, command: Command | None) -> Command | None:
        while not self._wanted.empty():
            command = self._wanted.get()
        return command

    def _played(self, command: Command) -> Command | None:
        """Run it to its end, or until something else is wanted: return that."""
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            self._complain(f"{command[0]} cannot be started: {error.strerror}")
            return None
        with process:
            for _ in range(round(self._longest / _LOOK_SECONDS)):
                try:
                    wanted = self._wanted.get(timeout=_LOOK_SECONDS)
                except Empty:
                    if (code := process.poll()) is None:
                        continue
                    if code != 0:
                        self._complain(f"{command[0]} ended with exit code {code}")
                    return None
                _end(process)
                return wanted
            self._complain(f"{command[0]} did not end within {self._longest:.0f} s")
            _end(process)
            return None

    def _complain(self, what: str) -> None:
        # Once: a kiosk without a loudspeaker would fill its log, touch by touch.
        if not self._complained:
            self._complained = True
            log.warning("%s: %s", self._name, what)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
