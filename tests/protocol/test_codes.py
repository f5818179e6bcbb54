"""What a scanned text means: a case in whatever it is wrapped, and never an identity card."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.badges import Badge
from protocol.codes import LONGEST_TEXT, CaseCode, Meaning, Refused, RefusedReason, classify
from protocol.enrolment import Enrolment, write_enrolment
from protocol.tickets import QueueTicket
from protocol.tokens import case_token
from tests.fakes.cards import a_card
from tests.protocol.test_enrolment import GOOD, enrolments

TODAY = date(2026, 11, 23)
CARD = Refused(RefusedReason.IDENTITY_CARD)
HEALTH_CARD = Refused(RefusedReason.HEALTH_CARD)
PAYMENT = Refused(RefusedReason.PAYMENT)
LOOK_ALIKE = Refused(RefusedReason.LOOK_ALIKE)
AMBIGUOUS = Refused(RefusedReason.AMBIGUOUS)
UNREADABLE = Refused(RefusedReason.UNREADABLE)
UNKNOWN = Refused(RefusedReason.NOT_RECOGNISED)

CODE = "H57.14-261008-0975"
CANONICAL = "H57.14-20261008-0975"


def canonical(meaning: Meaning) -> str:
    assert isinstance(meaning, CaseCode), meaning
    return meaning.canonical


# --- cases ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "spelling"),
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
        ("  h57.14-261008-0975\t", CANONICAL),
    ],
)
def test_every_shape_of_case_code_in_use_is_accepted(text: str, spelling: str) -> None:
    assert canonical(classify(text, TODAY)) == spelling


@pytest.mark.parametrize(
    "text",
    [
        f"https://hcc.example.vn/portaldvc/KenhTin/tra-cuu.aspx?mahs={CODE}",
        f"https://hcc.example.vn/tra-cuu?mahs={CODE}&lang=vi",
        f"https://hcc.example.vn/tra-cuu?url=x%3Fmahs%3D{CODE}%26a",
        f"https://hcc.example.vn/ho-so/{CODE}",
        f"https://hcc.example.vn/ho-so/{CODE}/",
        f"https://hcc.example.vn/#{CODE}",
        f"Mã hồ sơ: {CODE}\nSố CCCD: 001098012345\nThủ tục: Đăng ký khai sinh\n08/10/2026 08:15",
        f"001098012345\r\n{CODE}\r\nNguyễn Văn A",
        f"Mã hồ sơ {CODE}.",
        f"Mã hồ sơ {CODE}.\nTiếp nhận tại Một cửa",
        f"({CODE})",
        f'{{"mahs":"{CODE}","cccd":"001098012345"}}',
        f"{CODE};1.001193;Đăng ký khai sinh",
        f"{CODE}|1.001193|08102026",
        f"{CODE}\nH57.14.20261008.0975",
        f"{CODE} H57.14-261308-0975",
        f"000.00.00.G22 {CODE}",
        f"Hồ\N{NO-BREAK SPACE}sơ {CODE}",
        f"\N{ZERO WIDTH NO-BREAK SPACE}{CODE}",
    ],
)
def test_of_a_text_that_holds_more_the_code_is_taken(text: str) -> None:
    code = classify(text, TODAY)
    assert canonical(code) == CANONICAL
    assert vars(code) == {"unit": "H57.14", "day": date(2026, 10, 8), "running": "0975", "foreign": False}


@pytest.mark.parametrize(
    "text",
    [
        "H57.14-261308-0975",  # no such month
        "H57.14-260230-0975",  # no such day
        "H57.14-261125-0975",  # the day after tomorrow
        "H57.14-00000101-0975",  # no such year
        "H57.14-261008-097",
        "H57.14-26100८-0975",  # a digit of another script
        "ſ57.14-261008-0975",  # a letter that a capital S is made of
        "000.000.000.H57.1234.1234.1234.1234.1234-261008-0975",  # longer than any unit
        "vnpay38.98.H29-210519-0003300000020190530",  # glued to other numbers
        "x-H57.14-261008-0975",
        "ĐH57.14-261008-0975",
        "H57.14-261008-0975-1",
        "H57.14-261008-0975.1",
        "H57.14-261008-0975_signed.pdf",
        "H57.14-261008-0975\N{NO-BREAK SPACE}",
        "H57.14-261008-0975Đ",
        "HAILONG-ENROL/2/H57.14",
        "https://example.vn/tra-cuu",
        "WIFI:S:motcua;T:WPA;P:secret;;",
        "hello",
        "",
    ],
)
def test_what_only_resembles_a_case_is_not_recognised(text: str) -> None:
    assert classify(text, TODAY) == UNKNOWN


@pytest.mark.parametrize("between", [" ", "\n", "&x=", "|"])
def test_two_cases_in_one_text_are_none(between: str) -> None:
    assert classify(f"{CODE}{between}H57.14-261008-0976", TODAY) == AMBIGUOUS


def test_tomorrow_is_allowed_for_clocks_differ() -> None:
    assert isinstance(classify("H57.14-261124-0001", TODAY), CaseCode)
    assert classify(f"H57-{TODAY + timedelta(days=2):%y%m%d}-0001", TODAY) == UNKNOWN
    assert isinstance(classify(CODE, date.max), CaseCode)


def test_a_case_of_another_unit_is_accepted_and_marked_and_the_same_case_nonetheless() -> None:
    own, foreign = (classify(CODE, TODAY, units) for units in (("H57.14",), ("H57.15",)))
    assert isinstance(own, CaseCode)
    assert isinstance(foreign, CaseCode)
    assert (own.foreign, foreign.foreign) == (False, True)
    assert own == foreign
    assert hash(own) == hash(foreign)
    assert own.canonical == foreign.canonical
    assert case_token(bytes(32), own) == case_token(bytes(32), foreign)


wrappings = st.sampled_from(
    [
        ("", ""),
        ("https://hcc.example.vn/tra-cuu?mahs=", ""),
        ("https://hcc.example.vn/tra-cuu?a=1&mahs=", "&b=2"),
        ("Mã hồ sơ: ", "\nHọ tên: Nguyễn Văn A\n"),
        ("Số CCCD 001098012345\n", " "),
        ("[", "]"),
        ("\t", "."),
    ]
)
units = st.from_regex(r"([0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Y][0-9]{2}(\.[0-9]{2}){0,3}", fullmatch=True)
days = st.dates(date(2018, 1, 1), TODAY + timedelta(days=1))
runnings = st.from_regex(r"[0-9]{4,13}", fullmatch=True)
signs = st.sampled_from("-.")


@given(units, days, runnings, st.tuples(signs, signs), st.booleans(), st.booleans(), wrappings)
def test_one_case_has_one_canonical_spelling_however_it_is_printed_and_wrapped(
    unit: str,
    day: date,
    running: str,
    sign: tuple[str, str],
    long_year: bool,
    small: bool,
    wrapping: tuple[str, str],
) -> None:
    printed = (
        f"{unit}{sign[0]}{day:%Y%m%d}{sign[1]}{running}"
        if long_year
        else f"{unit}{sign[0]}{day:%y%m%d}{sign[1]}{running}"
    )
    code = classify((printed.lower() if small else printed).join(wrapping), TODAY)
    assert canonical(code) == f"{unit}-{day:%Y%m%d}-{running}"


def test_the_screen_gets_only_the_end_and_the_log_nothing() -> None:
    code = classify("000.00.12.H57-261008-123456", TODAY)
    assert isinstance(code, CaseCode)
    assert code.masked == "…1008-3456"
    assert repr(code) == f"{code}" == "CaseCode(…)"


# --- tickets, badges, enrolments ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("A012", QueueTicket("A", 12)),
        (" b-045 ", QueueTicket("B", 45)),
        ("1-045", QueueTicket("1", 45)),
        ("045", QueueTicket("", 45)),
        ("NV-0012", Badge("0012")),
        (write_enrolment(GOOD), GOOD),
    ],
)
def test_what_is_no_case_but_ours_is_told(text: str, meaning: Meaning) -> None:
    assert classify(text, TODAY) == meaning


@given(enrolments)
def test_every_enrolment_is_understood(enrolment: Enrolment) -> None:
    assert classify(write_enrolment(enrolment), TODAY) == enrolment


def test_an_enrolment_that_suffered_on_the_way_is_unreadable() -> None:
    assert classify(write_enrolment(GOOD)[:-1], TODAY) == UNREADABLE


# --- what is refused ----------------------------------------------------------------------------------


@given(st.randoms(use_true_random=False))
def test_no_card_is_ever_anything_but_a_card(draw: Random) -> None:
    text = a_card(draw).text.removeprefix("\x02").removeprefix("]Q1").removeprefix("]C0")  # as the decoder does
    assert classify(text, TODAY) == CARD
    for line in text.splitlines():
        assert isinstance(classify(line, TODAY), Refused)


@pytest.mark.parametrize(
    "wrapping", [f"{CODE}\n{{}}", f"{{}}\n{CODE}", "NV-0012\n{}", "{} A012", f"https://x.vn/?a={CODE}&b={{}}"]
)
@pytest.mark.parametrize(
    "card",
    [
        "001098012345|012345678|NGUYỄN VĂN A|01011998|Nam|Số 10|01012023",
        "A|B|C|D|E",
        "001098012345|NGUYỄN VĂN A",
        "9801011M3801016VNM<<<<<<<<<<<4",
        "NGUYEN<<VAN<A<<<<<<<<<<<<<<<<<",
    ],
)
def test_a_card_is_one_whatever_comes_with_it(card: str, wrapping: str) -> None:
    assert classify(wrapping.format(card), TODAY) == CARD


@pytest.mark.parametrize(
    "text",
    [
        "001098012345|012345678|NGUYỄN VĂN A|01011998|Nam|Số 10|01012023",
        "001098012345||NGUYỄN VĂN A|01011998|Nam|Số 10|01012023",
        f"{CODE}\n001098012345|NGUYỄN VĂN A",
        f"{CODE}|A|B|C|D",
        "https://example.vn/?q=001098012345%7C012345678%7CNGUYEN",
        "A|B|C|D|E|F",
        "001098012345",
        "012345678",
        "001.098.012.345",
        "\N{REPLACEMENT CHARACTER}001098012345\x00",
        "\x00CCCD 001098012345",
        "Q001098012345",
        "IDVNM0980123456001098012345<<8",
        "I<VNM0980123456",
        "P<VNMNGUYEN<<VAN<A<<<<<<<<<<<<",
        "9801011M3801016VNM<<<<<<<<<<<4",
        "NGUYEN<<VAN<A<<<<<<<<<<<<<<<<<",
        "NGUYỄN VĂN A|01/01/1998|Nam",
        "Nguyễn Văn A\n012345678\nHuế",
    ],
)
def test_an_identity_card_is_named_as_one(text: str) -> None:
    assert classify(text, TODAY) == CARD


@given(
    st.text("0123456789", min_size=9, max_size=12),
    st.lists(st.text(st.characters(exclude_characters="|"), max_size=20), min_size=1, max_size=8),
)
def test_no_chip_card_passes_whatever_its_fields(number: str, others: list[str]) -> None:
    assert classify("|".join([number, *others]), TODAY) == CARD


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("DN4010112345678", HEALTH_CARD),
        ("dn 4 01 01 1234567 8", HEALTH_CARD),
        ("GD4797931234567|4e677579|01/01/1980|1|48|01 - 001|01/01/2015|-|31/12/2015|79|-|4|-|0", HEALTH_CARD),
        ("Thẻ BHYT DN4010112345678", HEALTH_CARD),
        ("00020101021138570010A00000072701270006970415011312345678901230208QRIBFTTA53037045802VN6304ABCD", PAYMENT),
        (f"00020101021126 {CODE} 6304ABCD", PAYMENT),
        ("1.010708.000.00.00.H56", LOOK_ALIKE),  # a procedure
        (f"1.010708.{CODE}", LOOK_ALIKE),
        ("1.005129", LOOK_ALIKE),
        ("1.001193", LOOK_ALIKE),
        ("000.00.00.G22", LOOK_ALIKE),  # a unit
        ("H55.242", LOOK_ALIKE),
        ("000.00.00.G09-KQ002269", LOOK_ALIKE),  # a result
        ("00.00.H57-188-KH-UBND-2026-PL1_signed.pdf", LOOK_ALIKE),  # a document
        ("00.00.H57-20-CT-UBND-2024", LOOK_ALIKE),
        ("188/KH-UBND", LOOK_ALIKE),
        ("05/2026/QĐ-UBND", LOOK_ALIKE),
        ("000.00.00.G22,2015/09/30,7816/VPCP-TTĐT", LOOK_ALIKE),  # a message between offices
        ("03706/2026/07906", LOOK_ALIKE),  # social insurance
        ("0123456789", LOOK_ALIKE),
        ("8934563138165", LOOK_ALIKE),  # a product
        ("89345631", LOOK_ALIKE),
        (f"{CODE}\x1c", UNREADABLE),
        (f"\x00{CODE}", UNREADABLE),
        (f"{CODE} \N{REPLACEMENT CHARACTER}", UNREADABLE),
        ("\x1b[2J", UNREADABLE),
        (" " * LONGEST_TEXT + CODE, UNKNOWN),  # longer than anything of ours
        ("|" * 600, CARD),
    ],
)
def test_what_is_refused_is_refused_for_its_reason(text: str, meaning: Refused) -> None:
    assert classify(text, TODAY) == meaning


@given(st.text(max_size=600), st.dates(), st.sampled_from([(), ("H57",)]))
def test_no_text_makes_it_fail(text: str, today: date, own_units: tuple[str, ...]) -> None:
    assert isinstance(classify(text, today, own_units), Meaning)


PIECES = [*"0159.-|<HNV/ \n%", CODE, "VNM", "I<VNM", "00.", "A1.", "://", "%7C", "HAILONG-ENROL/1/", "DN4", "000201"]


@given(st.lists(st.sampled_from(PIECES), max_size=120).map("".join), st.dates())
def test_nothing_that_is_made_of_what_it_looks_for_makes_it_fail(text: str, today: date) -> None:
    assert isinstance(classify(text, today), Meaning)


EVIL = ["0", "0.", "00.", "A", "A00.", "00.A00.", "H57.1.", "9|", "<", "A<<", "1-", "H57-1-", "a/", "%", " ", "\n", "é"]


@pytest.mark.parametrize("piece", [*EVIL, "://%41"])
def test_an_evil_text_does_not_keep_it_busy(piece: str) -> None:
    evil = (piece * LONGEST_TEXT)[: LONGEST_TEXT - 1] + "!"
    for _ in range(1000):  # a second together; were it not linear, they would not end
        assert isinstance(classify(evil, TODAY), Refused)
