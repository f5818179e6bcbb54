"""The one story of every port: open it, pump it, lose it, open it again."""

import logging
import os
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Event, Thread, current_thread
from time import monotonic
from typing import TypeVar

from hardware.bursts import Bursts
from hardware.decoder import Decoder
from hardware.driver import Call, Driver, Fault, Frame, Output, Reply, Send, Silent
from hardware.line import LineFramer
from hardware.ports import READ_SECONDS, Opener, Port, PortLost, PortUnavailable, Transport
from hardware.scans import Scan, kind_of
from protocol.port_troubles import PortTrouble

log = logging.getLogger(__name__)

Result = TypeVar("Result")

FIRST_WAIT = 0.05  # a plug that only wobbled is back at once
LONGEST_WAIT = 1.0  # nobody waits longer for a scanner that was plugged in again
JITTER = 0.25  # share of a wait
FAULTS_SECONDS = 60.0  # between two lines in the log that count faults
QUIET_SECONDS = 4.0  # longer than anything that a driver, a burst or a repeat waits for
RESTING_SECONDS = 0.25  # between two looks at a quiet port; what arrives wakes the thread at once
SETTLED_SECONDS = 5.0  # a port that stayed up so long is not a flapping one


@dataclass(frozen=True)
class PortState:
    """How a port is doing. *since* is in monotonic seconds; the counts begin with the supervisor.

    *last_error* says for an operator why the port is down, or was down last; None when it never was. *silent* says that
    the port is open and its device answers nothing; empty when that is not so.
    """

    up: bool
    since: float
    opens: int = 0
    bytes: int = 0
    frames: int = 0
    faults: int = 0
    last_error: str | None = None
    silent: str = ""

    @property
    def words(self) -> str:
        """How it is, in a few words: `up`, or what is wrong."""
        if self.up:
            return self.silent or "up"
        return self.last_error or PortTrouble.NOT_OPEN_YET


Heard = Frame | Fault | Reply | Call  # what a driver makes of what it was fed


class BackOff:
    """How long to wait before the next try: FIRST_WAIT doubling to LONGEST_WAIT, each ± JITTER."""

    def __init__(self, draw: Callable[[float, float], float] = random.uniform) -> None:
        self._draw = draw
        self._wait = FIRST_WAIT

    def next(self) -> float:
        """Return the seconds to wait now."""
        wait = self._wait
        self._wait = min(2 * wait, LONGEST_WAIT)
        return wait * self._draw(1 - JITTER, 1 + JITTER)

    def was_up(self, seconds: float) -> None:
        """Begin again with short waits after a port that stayed up long enough."""
        if seconds >= SETTLED_SECONDS:
            self._wait = FIRST_WAIT


class PortSupervisor:
    """Keeps a port open, and calls *on_output* for what its driver understands.

    *on_state* is called when the port comes, goes or fails anew. Both are called from the supervisor's own thread and
    should return at once; what they raise is logged by class name and changes nothing. What a driver wants sent is
    sent. A silent device has its port opened anew, if *revive*: not where opening resets a board that just starts.
    *opens* opens what is no serial port. `state` may be read from any thread. Started once.
    """

    def __init__(
        self,
        name: str,
        port: str,
        baud: int,
        driver: Driver,
        on_output: Callable[[Heard], None],
        on_state: Callable[[PortState], None],
        *,
        revive: bool = True,
        opens: Opener = Transport,
    ) -> None:
        self.state = PortState(up=False, since=monotonic())
        self._revive = revive
        self._opens = opens
        self._name = f"{name} {port}"
        self._port = port
        self._baud = baud
        self._driver = driver
        self._on_output = on_output
        self._on_state = on_state
        self._back_off = BackOff()
        self._troubled = False
        self._faults_told = 0
        self._tell_faults_at = 0.0
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=self._name, daemon=True)

    def start(self) -> None:
        """Begin; a port that is not there is a state, not an error."""
        self._thread.start()

    def stop(self) -> None:
        """End; when it returns the port is closed and nothing is called any more (but for the callback it runs in)."""
        self._stopping.set()
        if self._thread.is_alive() and current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                port = self._opens(self._port, self._baud)
            except PortUnavailable as error:
                self._failed(str(error))
            else:
                self._serve(port)
            self._stopping.wait(self._back_off.next())

    def _serve(self, port: Port) -> None:
        self._opened()
        try:
            self._pump(port)
        except PortLost as error:
            port.close()
            self._back_off.was_up(monotonic() - self.state.since)
            self._failed(str(error))
        except Exception as error:
            # A fault of ours must not leave a port that says it is up and is read by nobody; its message may hold what
            # was scanned.
            port.close()
            self._failed(f"the program failed on what came: {type(error).__name__}")
        else:
            port.close()
            self._change(up=False, last_error=self.state.last_error)

    def _pump(self, port: Port) -> None:
        # The driver's clock counts only the time in which the port was watched and silent: a busy machine that reads
        # the halves of a code late must not take its own delay for the end of a line.
        watched = heard = 0.0
        self._carry_out(port, self._driver.opened(watched))
        while not self._stopping.is_set():
            began = monotonic()
            patience = READ_SECONDS if watched - heard < QUIET_SECONDS else RESTING_SECONDS
            chunk = port.read(patience)
            watched += min(monotonic() - began, patience)
            heard = watched if chunk else heard
            self.state = replace(self.state, bytes=self.state.bytes + len(chunk))
            self._carry_out(port, self._driver.feed(chunk, watched) if chunk else self._driver.tick(watched))
            self._looked()

    def _looked(self) -> None:
        """Called after each look at the open port, for whoever has to forget in time."""

    def _carry_out(self, port: Port, outputs: Sequence[Output]) -> None:
        for output in outputs:
            match output:
                case Send(data):
                    port.write(data)
                case Silent(reason):
                    if self._revive:
                        raise PortLost(reason)
                    self._note_silence(reason)
                case Fault():
                    self.state = replace(self.state, faults=self.state.faults + 1)
                    self._tell_of_faults()
                    _call(self._on_output, output)
                case _:
                    self._note_silence("")
                    self.state = replace(self.state, frames=self.state.frames + 1)
                    _call(self._on_output, output)

    def _note_silence(self, silent: str) -> None:
        if silent != self.state.silent:
            log.log(logging.WARNING if silent else logging.INFO, "%s: %s", self._name, silent or "answers again")
            self.state = replace(self.state, silent=silent)
            _call(self._on_state, self.state)

    def _tell_of_faults(self) -> None:
        """Say in the log that there are faults, but not a line each: noise on a cable is thousands a minute."""
        if monotonic() >= self._tell_faults_at:
            log.warning("%s: %d faults: bytes that make no frame", self._name, self.state.faults - self._faults_told)
            self._faults_told = self.state.faults
            self._tell_faults_at = monotonic() + FAULTS_SECONDS

    def _opened(self) -> None:
        log.info("%s: %s", self._name, "back" if self._troubled else "up")
        self._troubled = False
        self.state = replace(self.state, opens=self.state.opens + 1)
        self._change(up=True, last_error=self.state.last_error)

    def _failed(self, reason: str) -> None:
        log.log(logging.DEBUG if self._troubled else logging.WARNING, "%s: %s", self._name, reason)
        self._troubled = True
        self._change(up=False, last_error=reason)

    def _change(self, *, up: bool, last_error: str | None) -> None:
        before = self.state
        since = before.since if before.up == up else monotonic()
        self.state = replace(before, up=up, since=since, last_error=last_error, silent="")
        if (before.up, before.last_error) != (up, last_error):
            _call(self._on_state, self.state)


class ScannerSupervisor(PortSupervisor):
    """A scanner's port: calls *on_scan* for every scan, from the supervisor's own thread.

    Where *bursts* are given, the lines of one code are told as one scan.
    """

    def __init__(
        self,
        port: str,
        baud: int,
        on_scan: Callable[[Scan], None],
        on_state: Callable[[PortState], None],
        today: Callable[[], date],
        own_units: Collection[str] = (),
        driver: Driver | None = None,
        bursts: Bursts | None = None,
        opens: Opener = Transport,
    ) -> None:
        super().__init__("scanner", port, baud, driver or LineFramer(), self._understand, on_state, opens=opens)
        self._on_scan = on_scan
        self._today = today
        self._decoder = Decoder(os.urandom(16), own_units)
        self._bursts = bursts

    def _looked(self) -> None:
        self._decoder.tick(monotonic())
        if self._bursts is not None:
            self._tell(self._bursts.tick(monotonic()))

    def _understand(self, output: Heard) -> None:
        if not isinstance(output, Frame | Fault):
            return
        scan = self._decoder.decode(output, self._today(), monotonic())
        if scan is not None:
            self._tell([scan] if self._bursts is None else self._bursts.take(scan, monotonic()))

    def _tell(self, scans: Sequence[Scan]) -> None:
        for scan in scans:
            log.debug("scanned: %s", kind_of(scan))
            _call(self._on_scan, scan)


def _call(function: Callable[..., Result], *arguments: object) -> Result | None:
    """Return what the function returns, or None when it raises."""
    try:
        return function(*arguments)
    except Exception as error:
        # A broken listener must not take the port away; the message of its error may hold what was scanned.
        log.error("a listener of a port failed: %s", type(error).__name__)
        return None
