"""What a scanned text is: only whole case codes pass, and identity cards never."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codes import LONGEST_TEXT, CaseCode, Refused, RefusedReason, classify

TODAY = date(2026, 11, 23)
CARD = Refused(RefusedReason.IDENTITY_CARD)
UNKNOWN = Refused(RefusedReason.NOT_RECOGNISED)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("000.00.16.G04-220405-0008", "000.00.16.G04-20220405-0008"),
        ("000.00.06.G04.190701.0501", "000.00.06.G04-20190701-0501"),
        ("09.H44.181214.00108", "09.H44-20181214-00108"),
        ("000.17.22.H56-210531-0001", "000.17.22.H56-20210531-0001"),
        ("38.98.H29-210519-0003", "38.98.H29-20210519-0003"),
        ("000.A0.01.H26-210212-9090", "000.A0.01.H26-20210212-9090"),
        ("000.701.18.G12-260314-2711000036943", "000.701.18.G12-20260314-2711000036943"),
        ("G09.20-20260609-0092637", "G09.20-20260609-0092637"),
        ("H15.50.05.13-261008-0975", "H15.50.05.13-20261008-0975"),
        ("  h57.14-261008-0975\t", "H57.14-20261008-0975"),
    ],
)
def test_every_shape_of_case_code_in_use_is_accepted(text: str, canonical: str) -> None:
    code = classify(text, TODAY)
    assert isinstance(code, CaseCode)
    assert code.canonical == canonical


@pytest.mark.parametrize(
    "text",
    [
        "1.010708.000.00.00.H56",  # a procedure
        "1.005129",
        "000.00.00.G22",  # a unit
        "H55.242",
        "000.00.00.G09-KQ002269",  # a component of a result
        "00.00.H57-188-KH-UBND-2026-PL1_signed.pdf",  # a document
        "00.00.H57-20-CT-UBND-2024",
        "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT",
        "03706/2026/07906",  # social insurance
        "8934563138165",  # a product
        "H57.14-261308-0975",  # no such month
        "H57.14-260230-0975",  # no such day
        "H57.14-261125-0975",  # the day after tomorrow
        "H57.14-00000101-0975",  # no such year
        "H57.14-261008-097",
        "H57.14-261008-0975 H57.14-261008-0976",
        "H57.14-26100८-0975",  # a digit of another script
        "000.000.000.H57.1234.1234.1234.1234.1234-261008-0975",  # longer than any unit
        "https://example.vn/tra-cuu?mahs=H57.14-261008-0975",
        "A012",
        "",
    ],
)
def test_what_only_looks_like_a_case_code_is_not_recognised(text: str) -> None:
    assert classify(text, TODAY) == UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "001098012345|012345678|NGUYỄN VĂN A|01011998|Nam|Số 10|01012023",
        "001098012345||NGUYỄN VĂN A|01011998|Nam|Số 10|01012023",
        "A|B|C|D|E|F",
        "001098012345",
        "012345678",
        "IDVNM0980123456001098012345<<8",
        "I<VNM0980123456",
    ],
)
def test_an_identity_card_is_named_as_one(text: str) -> None:
    assert classify(text, TODAY) == CARD


def test_tomorrow_is_allowed_for_clocks_differ() -> None:
    assert isinstance(classify("H57.14-261124-0001", TODAY), CaseCode)


def test_a_text_longer_than_any_code_is_not_read() -> None:
    assert classify(" " * LONGEST_TEXT + "H57.14-261008-0975", TODAY) == UNKNOWN


@given(st.text(max_size=600), st.dates())
def test_no_text_makes_it_fail(text: str, today: date) -> None:
    assert isinstance(classify(text, today), CaseCode | Refused)


@given(
    st.text("0123456789", min_size=9, max_size=12),
    st.lists(st.text(st.characters(exclude_characters="|"), max_size=20), min_size=1, max_size=8),
)
def test_no_chip_card_passes_whatever_its_fields(number: str, others: list[str]) -> None:
    assert classify("|".join([number, *others]), TODAY) == CARD


@given(st.dates(date(2018, 1, 1), TODAY), st.integers(1, 9999), st.sampled_from("-."), st.booleans())
def test_one_case_has_one_canonical_spelling(day: date, running: int, sign: str, long_year: bool) -> None:
    printed = f"{day:%Y%m%d}" if long_year else f"{day:%y%m%d}"
    code = classify(f"000.00.12.h57{sign}{printed}{sign}{running:04}", TODAY)
    assert isinstance(code, CaseCode)
    assert code.canonical == f"000.00.12.H57-{day:%Y%m%d}-{running:04}"
    assert code.day == day


def test_the_screen_gets_only_the_end_and_the_log_nothing() -> None:
    code = classify("000.00.12.H57-261008-123456", TODAY)
    assert isinstance(code, CaseCode)
    assert code.masked == "…1008-3456"
    assert repr(code) == f"{code}" == "CaseCode(…)"


def test_the_day_after_tomorrow_is_measured_from_today() -> None:
    assert classify(f"H57-{TODAY + timedelta(days=2):%y%m%d}-0001", TODAY) == UNKNOWN
