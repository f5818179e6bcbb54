"""Lines to scans. The text of a line ends here: it is neither logged nor kept, nor does it go further.

Pure: date and time are arguments.
"""

import re
from collections.abc import Collection
from datetime import date
from hashlib import blake2b

from hardware.driver import Fault, Frame
from hardware.scans import Scan
from protocol.badges import Badge
from protocol.codes import CaseCode, Refused, RefusedReason, classify
from protocol.tickets import QueueTicket

SAME_SECONDS = 3.0  # scanners repeat a code that stays in view: every 0.5 s (Zebra), at once (Honeywell)

# STX leads a line in some host modes; an AIM identifier such as ]Q1 names the symbology.
_PREFIX = re.compile(rb"^\x02?(?:\][A-Za-z][0-9A-Za-z])?")

# Nothing for us is as long as that; of anything else that does not come through, a second try may help.
_FAULTY = {Fault.OVERFLOW: Refused(RefusedReason.NOT_RECOGNISED)}


class Decoder:
    """Understands lines, and makes one scan of a code that is read again and again.

    Times are monotonic seconds. A repeat renews the SAME_SECONDS. A case and a refusal do not make each other new, nor
    do other kinds: a receipt often bears a second barcode, and a scanner that sees both reads them in turn. Of what it
    has seen it keeps a hash under *salt* (at most 64 random bytes), for SAME_SECONDS. Cases of other units than
    *own_units* are marked foreign; none: every unit is own.
    """

    def __init__(self, salt: bytes, own_units: Collection[str] = ()) -> None:
        self._salt = salt
        self._own_units = own_units
        self._seen: dict[type[Scan], tuple[bytes, float]] = {}

    def decode(self, line: Frame | Fault, today: date, now: float) -> Scan | None:
        """Say what was scanned; None when it is blank, or the same as just before. Never raises."""
        self.tick(now)
        if isinstance(line, Fault):
            scan: Scan = _FAULTY.get(line, Refused(RefusedReason.UNREADABLE))
            content = line.encode()
        else:
            content = without_prefix(line.payload)
            if not content:
                return None
            scan = understand(content, today, self._own_units)
        if isinstance(scan, CaseCode | QueueTicket | Badge):
            content = scan.canonical.encode()
        fingerprint = self._fingerprint(content)
        before = self._seen.get(type(scan))
        self._seen[type(scan)] = (fingerprint, now)
        return None if before is not None and before[0] == fingerprint else scan

    def tick(self, now: float) -> None:
        """Forget what is older than SAME_SECONDS."""
        self._seen = {kind: (what, at) for kind, (what, at) in self._seen.items() if now - at < SAME_SECONDS}

    def _fingerprint(self, content: bytes) -> bytes:
        return blake2b(content, key=self._salt, digest_size=16).digest()


def without_prefix(payload: bytes) -> bytes:
    """Return the text of a line without what the scanner puts before it, and without blanks round it."""
    return _PREFIX.sub(b"", payload, count=1).strip(b" ")


def understand(text: bytes, today: date, own_units: Collection[str] = ()) -> Scan:
    """Say what the text of a line means; see `classify`. What is no UTF-8 is unreadable, but for cards."""
    return classify(text.decode("utf-8", errors="replace"), today, own_units)
