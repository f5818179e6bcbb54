from datetime import date

import pytest

from hardware.scans import Scan, kind_of
from protocol.badges import Badge
from protocol.codes import CaseCode, Refused, RefusedReason
from protocol.enrolment import Enrolment
from protocol.tickets import QueueTicket


@pytest.mark.parametrize(
    ("scan", "kind"),
    [
        (CaseCode("H57.14", date(2026, 10, 8), "0975"), "a case"),
        (QueueTicket("A", 12), "a queue ticket"),
        (Badge("0012"), "a badge"),
        (Enrolment("hailong.example", 8443, bytes(32), bytes(16)), "an enrolment"),
        (Refused(RefusedReason.IDENTITY_CARD), "refused: identity-card"),
    ],
)
def test_a_log_says_the_kind_and_nothing_of_what_was_scanned(scan: Scan, kind: str) -> None:
    assert kind_of(scan) == kind
