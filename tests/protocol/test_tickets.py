"""Queue tickets and badges: each in one spelling, and neither taken for the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.badges import Badge, read_badge
from protocol.tickets import QueueTicket, read_ticket


@pytest.mark.parametrize(
    ("printed", "ticket", "canonical"),
    [
        ("A012", QueueTicket("A", 12), "A012"),
        ("a012", QueueTicket("A", 12), "A012"),
        ("B-045", QueueTicket("B", 45), "B045"),
        ("AB1234", QueueTicket("AB", 1234), "AB1234"),
        ("1-045", QueueTicket("1", 45), "1-045"),
        ("01-045", QueueTicket("1", 45), "1-045"),
        ("045", QueueTicket("", 45), "045"),
        ("0045", QueueTicket("", 45), "045"),
        ("NV", None, ""),
        ("NV012", None, ""),
        ("NV-0012", None, ""),
        ("A12", None, ""),
        ("ABC012", None, ""),
        ("A01234", None, ""),
        ("123-045", None, ""),
        ("A012\n", None, ""),
        ("A-٠١٢", None, ""),
        ("ſ012", None, ""),
        ("", None, ""),
    ],
)
def test_a_ticket_has_one_spelling(printed: str, ticket: QueueTicket | None, canonical: str) -> None:
    assert read_ticket(printed) == ticket
    assert ticket is None or ticket.canonical == canonical


@given(st.from_regex(r"([A-MO-Z][A-Z]?|[1-9][0-9]?|)", fullmatch=True), st.integers(0, 9999))
def test_a_ticket_s_spelling_means_the_ticket(prefix: str, number: int) -> None:
    ticket = QueueTicket(prefix, number)
    assert read_ticket(ticket.canonical) == ticket


@pytest.mark.parametrize("printed", ["NV-0012", "nv-0012"])
def test_a_badge_has_one_spelling(printed: str) -> None:
    badge = read_badge(printed)
    assert badge == Badge("0012")
    assert badge.canonical == "NV-0012"


@pytest.mark.parametrize("text", ["NV0012", "NV-001", "NV-0000001", "CB-0012", "NV-0012\n", "NV-٠٠١٢", ""])
def test_what_is_no_badge(text: str) -> None:
    assert read_badge(text) is None


def test_no_log_line_can_name_the_officer() -> None:
    assert repr(Badge("0012")) == f"{Badge('0012')}" == "Badge(…)"
