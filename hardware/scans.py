"""What leaves this room: a scan, never the bytes or the text it was read from."""

from protocol.badges import Badge
from protocol.codes import CaseCode, Meaning, Refused
from protocol.enrolment import Enrolment
from protocol.tickets import QueueTicket

Scan = Meaning


def kind_of(scan: Scan) -> str:
    """Say what kind of scan it is, for a log: nothing of what was scanned."""
    match scan:
        case Refused(reason):
            return f"refused: {reason}"
        case CaseCode():
            return "a case"
        case QueueTicket():
            return "a queue ticket"
        case Badge():
            return "a badge"
        case Enrolment():
            return "an enrolment"
