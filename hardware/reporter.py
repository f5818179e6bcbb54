"""What a person at the bench is told of a port: scans, calls and states, and never the text of what was scanned."""

import os
from collections.abc import Callable
from datetime import date
from time import monotonic

from hardware.decoder import Decoder, understand
from hardware.driver import Call, Fault, Frame
from hardware.scans import Scan, kind_of
from hardware.supervisor import Heard, PortState
from hardware.watching import Measured, frame_in_hex, in_words
from protocol.codes import CaseCode, Refused, RefusedReason

# What a pattern that is too wide may take for a ticket.
_NO_TICKETS = (RefusedReason.IDENTITY_CARD, RefusedReason.HEALTH_CARD, RefusedReason.PAYMENT)


class Reporter:
    """Words what a supervisor hears: *heard* and *changed* are its callbacks, *tell* gets one line each.

    *measured* is the supervisor's driver where sizes, answers, repeats and faults are to be told, too. *scans* says
    that the port is a scanner's, where a fault is a code that did not come through.
    """

    def __init__(
        self, tell: Callable[[str], None], today: Callable[[], date], measured: Measured | None, *, scans: bool
    ) -> None:
        self._tell = tell
        self._today = today
        self._measured = measured
        self._scans = scans
        self._decoder = Decoder(os.urandom(16))

    def heard(self, output: Heard) -> None:
        """Tell what came, if it is worth a line."""
        size = "" if self._measured is None else f"  [{self._measured.shapes.popleft()}]"
        match output:
            case Frame():
                self._scanned(output, size)
            case Call():
                self._tell(self._called(output) + size)
            case _ if self._measured is not None:
                self._tell(in_words(output) + size)
            case Fault() if self._scans:
                scan = self._decoder.decode(output, self._today(), monotonic())
                if scan is not None:
                    self._tell(_scan_in_words(scan))

    def changed(self, state: PortState) -> None:
        """Tell that the port came, went or failed."""
        if state.up:
            self._tell(state.words)
        else:
            self._tell(f"down: {state.last_error}; trying again")

    def _scanned(self, frame: Frame, size: str) -> None:
        scan = self._decoder.decode(frame, self._today(), monotonic())
        if scan is not None:
            shown = "" if self._measured is None else f"  {frame_in_hex(frame, scan)}".rstrip()
            typed = ", as slowly as a hand types" if frame.typed else ""
            self._tell(_scan_in_words(scan) + typed + size + shown)
        elif self._measured is not None:
            self._tell(f"the same again, or blank{size}")

    def _called(self, call: Call) -> str:
        meant = understand((call.ticket or "").encode(), self._today())
        if isinstance(meant, Refused) and meant.reason in _NO_TICKETS:
            return f"refused: {meant.reason}, where a ticket should be"
        return in_words(call)


def _scan_in_words(scan: Scan) -> str:
    return f"case: {scan.masked}" if isinstance(scan, CaseCode) else kind_of(scan)
