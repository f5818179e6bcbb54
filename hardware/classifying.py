"""What the kiosk would make of texts, in words: for whoever wants to know whether a code will do."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import BinaryIO

from hardware.decoder import understand, without_prefix
from hardware.scans import Scan
from protocol.badges import Badge
from protocol.codes import CaseCode, Refused
from protocol.enrolment import Enrolment
from protocol.tickets import QueueTicket

LONGEST_INPUT = 4096  # bytes of a line that are looked at; the rest is skipped


def classified(texts: BinaryIO, today: date, own_units: Collection[str]) -> Iterator[str]:
    """Yield one answer for each line of *texts*, as it comes. Nothing of what is refused is in it."""
    while line := texts.readline(LONGEST_INPUT):
        ends = line.endswith(b"\n")
        yield in_words(understand(without_prefix(line.rstrip(b"\r\n")), today, own_units))
        while not ends and (rest := texts.readline(LONGEST_INPUT)):
            ends = rest.endswith(b"\n")


def in_words(scan: Scan) -> str:
    """Say kind and normalised code, or why it is refused; of an enrolment the server, not the one-time code."""
    match scan:
        case CaseCode():
            return f"case {scan.canonical}{' foreign' if scan.foreign else ''}"
        case QueueTicket():
            return f"ticket {scan.canonical}"
        case Badge():
            return f"badge {scan.canonical}"
        case Enrolment(host, port):
            return f"enrolment {host} {port}"
        case Refused(reason):
            return f"refused {reason}"
