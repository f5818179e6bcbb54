"""Lines to scans. The text of a line ends here: it is neither logged nor kept, nor does it go further.

Pure: date and time are arguments.
"""

import re
from datetime import date
from hashlib import blake2b

from hardware.driver import Fault, Frame
from hardware.scans import Scan
from protocol.codes import CaseCode, Refused, RefusedReason, classify

SAME_SECONDS = 3.0  # scanners repeat a code that stays in view: every 0.5 s (Zebra), at once (Honeywell)

# STX leads a line in some host modes; an AIM identifier such as ]Q1 names the symbology.
_PREFIX = re.compile(rb"^\x02?(?:\][A-Za-z][0-9A-Za-z])?")


class Decoder:
    """Understands lines, and makes one scan of a code that is read again and again.

    Times are monotonic seconds. A repeat renews the SAME_SECONDS. A case and a refusal do not make each other new: a
    receipt often bears a second barcode, and a scanner that sees both reads them in turn. Of what it has seen it
    keeps a hash under *salt* (at most 64 random bytes), for SAME_SECONDS.
    """

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._seen: dict[type[Scan], tuple[bytes, float]] = {}

    def decode(self, line: Frame | Fault, today: date, now: float) -> Scan | None:
        """Say what was scanned; None when it is blank, or the same as just before. Never raises."""
        self.tick(now)
        text = b"" if isinstance(line, Fault) else _PREFIX.sub(b"", line.payload, count=1).strip(b" ")
        if not text and not isinstance(line, Fault):
            return None
        scan = _understand(text, today)
        fingerprint = self._fingerprint(scan.canonical.encode() if isinstance(scan, CaseCode) else text)
        before = self._seen.get(type(scan))
        self._seen[type(scan)] = (fingerprint, now)
        return None if before is not None and before[0] == fingerprint else scan

    def tick(self, now: float) -> None:
        """Forget what is older than SAME_SECONDS."""
        self._seen = {kind: (what, at) for kind, (what, at) in self._seen.items() if now - at < SAME_SECONDS}

    def _fingerprint(self, content: bytes) -> bytes:
        return blake2b(content, key=self._salt, digest_size=16).digest()


def _understand(text: bytes, today: date) -> Scan:
    readable = text.decode("utf-8", errors="replace")
    scan = classify(readable, today)
    # Cards are told apart first, so that one in a strange encoding is still called a card. A case code is plain
    # ASCII: control characters and look-alike letters mean that the line was not read as it was printed.
    if isinstance(scan, CaseCode) and not (readable.isascii() and readable.isprintable()):
        return Refused(RefusedReason.NOT_RECOGNISED)
    return scan
