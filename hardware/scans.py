"""What leaves this room: a scan, never the bytes or the text it was read from."""

from protocol.badges import Badge
from protocol.codes import CaseCode, Meaning, Refused
from protocol.enrolment import Enrolment
from protocol.tickets import QueueTicket

Scan = Meaning

_KINDS = {CaseCode: "a case", QueueTicket: "a queue ticket", Badge: "a badge", Enrolment: "an enrolment"}
REFUSED = "refused: "  # and the reason


def kind_of(scan: Scan) -> str:
    """Say what kind of scan it is, for a log: nothing of what was scanned."""
    return f"{REFUSED}{scan.reason}" if isinstance(scan, Refused) else _KINDS[type(scan)]
