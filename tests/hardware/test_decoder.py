import pickle
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.decoder import SAME_SECONDS, Decoder
from hardware.driver import Fault, Frame
from hardware.scans import Scan
from protocol.badges import Badge
from protocol.codes import CaseCode, Refused, RefusedReason
from protocol.enrolment import Enrolment, write_enrolment
from protocol.tickets import QueueTicket

TODAY = date(2026, 11, 20)
CASE = b"000.00.12.H57-261119-0001"
OTHER_CASE = b"000.00.12.H57-261119-0002"
CARD = "001099000123|012345678|Nguyễn Văn Thử|01021999|Nam|Thôn Một, Xã Hai, Huế|03042021".encode()
NOT_RECOGNISED = Refused(RefusedReason.NOT_RECOGNISED)
UNREADABLE = Refused(RefusedReason.UNREADABLE)
IDENTITY_CARD = Refused(RefusedReason.IDENTITY_CARD)
ENROLMENT = Enrolment("hailong.example", 8443, b"f" * 32, b"c" * 16)
A_CASE = CaseCode("000.00.12.H57", date(2026, 11, 19), "0001")


def decoded(payload: bytes) -> Scan | None:
    return Decoder(b"salt").decode(Frame(payload), TODAY, now=1.0)


@pytest.mark.parametrize("prefix", [b"", b"\x02", b"]C0", b"]Q1", b"\x02]C0", b" "])
def test_a_case_code_is_read_whatever_the_scanner_puts_before_it(prefix: bytes) -> None:
    assert decoded(prefix + CASE) == A_CASE


@pytest.mark.parametrize("prefix", [b"", b"\x02", b"]Q1", b"\x02]Q1", b"\xef\xbb\xbf", b"\xff"])
def test_an_identity_card_is_called_one_whatever_the_scanner_puts_before_it(prefix: bytes) -> None:
    assert decoded(prefix + CARD) == IDENTITY_CARD


def test_an_identity_card_in_another_encoding_is_still_called_one() -> None:
    assert decoded(b"001099000123||NGUY\xaa\xd2N|01021999|N\xf7|HU\xd5|03042021") == IDENTITY_CARD


@pytest.mark.parametrize(
    "payload",
    [b"\x00" + CASE, CASE + b"\x1c", CASE[:5] + b"\x07" + CASE[5:], b"\x02\x02" + CASE, CASE + b"\xff", b"\x1b[2J"],
)
def test_what_suffered_on_the_way_is_unreadable(payload: bytes) -> None:
    assert decoded(payload) == UNREADABLE


@pytest.mark.parametrize(
    "payload",
    [
        "000.00.12.ſ57-261119-0001".encode(),
        "000.00.12.H57-261119-0001\N{NO-BREAK SPACE}".encode(),
        b"]C0]C0" + CASE,
    ],
)
def test_what_was_not_read_as_it_was_printed_is_refused(payload: bytes) -> None:
    assert decoded(payload) == NOT_RECOGNISED


def test_of_a_line_that_holds_more_the_code_is_taken() -> None:
    assert decoded(b"]Q1https://example.vn/tra-cuu?mahs=" + CASE) == A_CASE
    assert decoded("Hồ sơ: ".encode() + CASE + "\nSố CCCD: 001099000123\nNguyễn Văn Thử".encode()) == A_CASE


def test_a_case_of_another_unit_is_marked() -> None:
    scans = [Decoder(b"salt", units).decode(Frame(CASE), TODAY, now=1.0) for units in (("12.H57",), ("H57.14",))]
    assert [isinstance(scan, CaseCode) and scan.foreign for scan in scans] == [False, True]


@pytest.mark.parametrize(
    ("payload", "scan"),
    [
        (b"]C0NV-0012", Badge("0012")),
        (b"a012", QueueTicket("A", 12)),
        (b"\x02]Q1" + write_enrolment(ENROLMENT).encode(), ENROLMENT),
    ],
)
def test_badges_tickets_and_enrolments_are_read_too(payload: bytes, scan: Scan) -> None:
    assert decoded(payload) == scan


@pytest.mark.parametrize("payload", [b" ", b"\x02", b"]C0", b"\x02]C0  "])
def test_a_blank_line_is_nothing(payload: bytes) -> None:
    assert decoded(payload) is None


def test_an_overlong_line_is_answered_as_any_other_that_is_not_for_us() -> None:
    assert Decoder(b"salt").decode(Fault.OVERFLOW, TODAY, now=1.0) == NOT_RECOGNISED


@pytest.mark.parametrize("fault", sorted(set(Fault) - {Fault.OVERFLOW}))
def test_a_message_that_does_not_come_through_is_unreadable(fault: Fault) -> None:
    assert Decoder(b"salt").decode(fault, TODAY, now=1.0) == UNREADABLE


@pytest.mark.parametrize("line", [Frame(CASE), Frame(CARD), Frame(b"A012"), Frame(b"NV-0012"), Fault.OVERFLOW])
def test_the_same_again_is_nothing_for_as_long_as_it_stays_in_view(line: Frame | Fault) -> None:
    decoder = Decoder(b"salt")
    first = decoder.decode(line, TODAY, now=10.0)
    assert first is not None
    for moment in (10.5, 13.0, 15.5):
        assert decoder.decode(line, TODAY, now=moment) is None
    assert decoder.decode(line, TODAY, now=15.5 + SAME_SECONDS) == first


def test_one_case_in_two_spellings_is_the_same() -> None:
    decoder = Decoder(b"salt")
    assert decoder.decode(Frame(CASE), TODAY, now=1.0) == A_CASE
    assert decoder.decode(Frame(b"]Q1000.00.12.h57.20261119.0001"), TODAY, now=2.0) is None


def test_one_ticket_in_two_spellings_is_the_same() -> None:
    decoder = Decoder(b"salt")
    assert decoder.decode(Frame(b"A-012"), TODAY, now=1.0) == QueueTicket("A", 12)
    assert decoder.decode(Frame(b"a0012"), TODAY, now=2.0) is None


def test_kinds_do_not_make_each_other_new() -> None:
    decoder = Decoder(b"salt")
    codes = (CASE, b"A012", b"NV-0012", b"hello", write_enrolment(ENROLMENT).encode())
    assert None not in [decoder.decode(Frame(code), TODAY, now=1.0) for code in codes]
    assert [decoder.decode(Frame(code), TODAY, now=1.5) for code in codes] == [None] * 5


def test_another_case_counts_at_once_and_so_does_the_first_after_it() -> None:
    decoder = Decoder(b"salt")
    scans = [decoder.decode(Frame(code), TODAY, now=1.0) for code in (CASE, OTHER_CASE, CASE)]
    assert None not in scans


def test_two_barcodes_of_one_receipt_read_in_turn_count_once_each() -> None:
    decoder = Decoder(b"salt")
    scans = [decoder.decode(Frame(code), TODAY, now=1.0) for code in (CASE, b"hello", CASE, b"hello", CASE)]
    assert scans == [A_CASE, NOT_RECOGNISED, None, None, None]


def test_two_refused_texts_count_each() -> None:
    decoder = Decoder(b"salt")
    assert [decoder.decode(Frame(text), TODAY, now=1.0) for text in (b"hello", b"there")] == [NOT_RECOGNISED] * 2


@pytest.mark.parametrize("payload", [CASE, CARD, b"hello", b"NV-0012", write_enrolment(ENROLMENT).encode()])
def test_it_keeps_no_text_and_after_a_while_nothing_at_all(payload: bytes) -> None:
    decoder = Decoder(b"salt")
    fresh = pickle.dumps(vars(decoder))
    decoder.decode(Frame(payload), TODAY, now=10.0)
    kept = pickle.dumps(vars(decoder))
    assert kept != fresh
    assert all(part not in kept for part in re.split(rb"[-|/]", payload) if len(part) > 3)
    decoder.tick(now=10.0 + SAME_SECONDS)
    assert pickle.dumps(vars(decoder)) == fresh


@given(st.one_of(st.binary(max_size=512), st.text(max_size=128).map(str.encode)), st.floats(allow_nan=False))
def test_nothing_raises(payload: bytes, now: float) -> None:
    assert not isinstance(Decoder(b"salt").decode(Frame(payload), TODAY, now), CaseCode)


@given(st.binary(max_size=3), st.binary(max_size=3))
def test_a_case_code_stands_between_ascii_in_a_text_that_came_whole(before: bytes, after: bytes) -> None:
    scan = decoded(before + CASE + after)
    if isinstance(scan, CaseCode) and not before.startswith((b"\x02", b"]")):
        assert (before[-1:] + after[:1]).isascii()
        assert re.sub(r"[\t\r\n\N{NO-BREAK SPACE}]", "", (before + after).decode().removeprefix("\ufeff")).isprintable()
