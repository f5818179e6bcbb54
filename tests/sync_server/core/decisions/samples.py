"""Made-up offices, their figures, and the facts of their Decisions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from protocol.visits import VisitOutcome
from sync_server.core.book import THE_OFFICE, Book, Kind
from sync_server.core.cases import Channel as CaseChannel
from sync_server.core.channels import Channel
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.decisions.facts import Act, Amended, Child, Counted, Earlier, Facts
from sync_server.core.decisions.form import AnnexKind, DecisionForm
from sync_server.core.figures.coverage import Forms
from sync_server.core.figures.indicators import Indicator, Points
from sync_server.core.figures.on_time import CaseCell, OnTime, OnTimeFigures, on_time
from sync_server.core.figures.period import PeriodFigures, figures_of
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.letterhead import Capacity, Letterhead, Rank, Signer
from sync_server.core.office_data import Field, Officer, Procedure
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.core.surveys import FIRST_SURVEY, Criterion, Survey, Surveys

THREE_LEVELS = Survey(
    (
        Criterion(
            "overall",
            {"vi": "Ông/Bà có hài lòng với việc giải quyết hồ sơ không?", "en": "Are you satisfied?"},
            (
                {"vi": "Không hài lòng", "en": "Not satisfied"},
                {"vi": "Hài lòng", "en": "Satisfied"},
                {"vi": "Rất hài lòng", "en": "Very satisfied"},
            ),
            (2, 3),
        ),
        Criterion(
            "time",
            {"vi": "Kết quả được trả có đúng hẹn không?", "en": "In time?"},
            (
                {"vi": "Không đúng hẹn", "en": "No"},
                {"vi": "Chậm hẹn nhưng chấp nhận được", "en": "A little late"},
                {"vi": "Đúng hẹn", "en": "Yes"},
            ),
            (2, 3),
        ),
    )
)
_POINTS = tuple({"vi": name, "en": name} for name in ("Không điểm", "Một điểm", "Hai điểm"))
WITH_INDICATORS = Survey(
    (
        FIRST_SURVEY.criteria[0],
        *(
            Criterion(f"indicator-{number}", {"vi": name, "en": name}, _POINTS, (2, 3))
            for number, name in (
                (1, "Thời gian giải quyết hồ sơ so với quy định?"),
                (7, "Thái độ của công chức?"),
            )
        ),
    )
)

OLD_BASES = (
    "Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015",
    "Căn cứ Nghị định số 61/2018/NĐ-CP của Chính phủ về thực hiện cơ chế một cửa, một cửa liên thông trong giải quyết"
    " thủ tục hành chính;",
    "Căn cứ Thông tư số 01/2018/TT-VPCP của Văn phòng Chính phủ hướng dẫn thi hành một số quy định của Nghị định số"
    " 61/2018/NĐ-CP.",
)
NEW_BASES = (
    "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
    "Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025 của Chính phủ về thực hiện thủ tục hành chính theo cơ chế một"
    " cửa, một cửa liên thông tại Bộ phận Một cửa và Cổng Dịch vụ công quốc gia",
)


def said_of(letterhead: Letterhead, site: str) -> Book:
    """An office with two fields, three officers and three procedures."""
    entries = (
        (Kind.OFFICE, THE_OFFICE, letterhead),
        (Kind.FIELD, "ho-tich", Field("ho-tich", "Tư pháp - Hộ tịch")),
        (Kind.FIELD, "dat-dai", Field("dat-dai", "Đất đai")),
        (Kind.OFFICER, "an", Officer("an", "Trần Thị Ví Dụ", "Công chức", "ho-tich")),
        (Kind.OFFICER, "binh", Officer("binh", "Lê Văn Mẫu", "Công chức", "dat-dai")),
        (Kind.OFFICER, "chi", Officer("chi", "Phan Thị Thử", "Công chức", "dat-dai")),
        (Kind.PROCEDURE, "1.1", Procedure("1.1", "Đăng ký khai sinh", "ho-tich")),
        (Kind.PROCEDURE, "1.2", Procedure("1.2", "Đăng ký biến động quyền sử dụng đất", "dat-dai")),
        (Kind.PROCEDURE, "1.3", Procedure("1.3", "Hòa giải tranh chấp đất đai", "dat-dai")),
    )
    return Book.of(site, ((kind, Record(key, ALWAYS, content)) for kind, key, content in entries))


def visits(
    day: date,
    votes: int,
    answers: dict[str, int],
    about: tuple[str, str, str] | None = ("an", "ho-tich", "1.1"),
    *,
    survey: int = 1,
    labels: tuple[str, ...] = (),
    outcome: str = VisitOutcome.ANSWERED,
    channel: Channel = Channel.KIOSK,
) -> Iterable[VoteCell]:
    """So many visits with the same answers."""
    officer, field, procedure = about or (None, None, None)
    kiosk = "quay-1" if channel is Channel.KIOSK else None
    for criterion, level in [(None, None), *answers.items()]:
        yield VoteCell(
            day, day, outcome, survey, criterion, level, officer, field, procedure, 1, kiosk, labels, votes, channel
        )


BIRTHS, LAND, DISPUTES = ("an", "ho-tich", "1.1"), ("binh", "dat-dai", "1.2"), ("chi", "dat-dai", "1.3")


def old_office() -> Facts:
    """A town in 2019, three levels, paper and kiosk."""
    span, rules = Span.parse("2019-Q3"), Rules(legal_bases=OLD_BASES, by_officer=False)
    letterhead = Letterhead(
        "UBND THỊ TRẤN SỊA",
        "Bộ phận Tiếp nhận và Trả kết quả",
        "Sịa",
        signer=Signer("Nguyễn Văn Ví Dụ", "Chủ tịch"),
    )
    first, last = span.days(rules.period)
    cells = [
        *visits(first, 120, {"overall": 3, "time": 3}, BIRTHS),
        *visits(first, 60, {"overall": 2, "time": 2}, LAND),
        *visits(first, 9, {"overall": 1}, LAND),
        *visits(first, 3, {"overall": 1, "time": 1}, DISPUTES),
        *visits(first, 30, {"overall": 3, "time": 3}, BIRTHS, channel=Channel.PAPER),
        *visits(first, 14, {}, None, outcome=VisitOutcome.ABANDONED),
    ]
    before = [*visits(first, 90, {"overall": 3}), *visits(first, 30, {"overall": 1})]
    figures = _figures(cells, before, {1: THREE_LEVELS}, rules, span, 412, Forms(50, 30), {"late": 7})
    said = said_of(letterhead, "sia")
    return Facts(
        site="sia",
        span=span,
        figures=figures,
        names=names_of(said, last),
        letterhead=letterhead,
        drafted=date(2019, 10, 4),
        form=DecisionForm(
            recipients=("UBND huyện (báo cáo)", "TT Đảng ủy, HĐND thị trấn", "Chủ tịch, các Phó Chủ tịch UBND"),
            proposal="Theo đề nghị của Văn phòng - Thống kê",
        ),
        legal_bases=OLD_BASES,
        field_of={"1.1": "Tư pháp - Hộ tịch", "1.2": "Đất đai", "1.3": "Đất đai"},
        trend=(
            Earlier(Span.parse("2019-Q1"), ()),
            Earlier(Span.parse("2019-Q2"), (Counted(1, 90, 120),)),
        ),
        on_time=_cases(span, last),
        findings=(),
    )


def new_office() -> Facts:
    """A commune in 2026: five levels, another survey amid the quarter, indicators, officers, votes left out."""
    rules = Rules(target=Decimal(85), excluded=("hasty", "duplicate"), legal_bases=NEW_BASES)
    span = Span.parse("2026-Q4")
    letterhead = Letterhead(
        "UBND xã An Bình",
        "Trung tâm Phục vụ hành chính công xã An Bình",
        "An Bình",
        Rank.COMMUNE,
        "thanh-pho",
        Signer("Hoàng Thị Mẫu", "Phó Chủ tịch", Capacity.DEPUTY),
    )
    first, last = span.days(rules.period)
    cells = _new_cells()
    before = [*visits(first, 800, {"overall": 5}), *visits(first, 300, {"overall": 2})]
    surveys = {1: FIRST_SURVEY, 2: WITH_INDICATORS}
    figures = _figures(cells, before, surveys, rules, span, 2310, Forms(), {"waiting": 31, "again": 4})
    said = said_of(letterhead, "an-binh")
    return Facts(
        site="an-binh",
        span=span,
        figures=figures,
        names=names_of(said, last),
        letterhead=letterhead,
        drafted=date(2027, 1, 5),
        form=DecisionForm(
            annexes=tuple(AnnexKind),
            recipients=("UBND thành phố (để báo cáo)", "Thường trực Đảng ủy, HĐND xã"),
            archive="VT, TTPVHCC",
        ),
        legal_bases=NEW_BASES,
        field_of={"1.1": "Tư pháp - Hộ tịch", "1.2": "Đất đai", "1.3": "Đất đai"},
        trend=(Earlier(Span.parse("2026-Q3"), (Counted(1, 800, 1100),)),),
        officer_points={
            2: {
                "an": {Indicator(1): Points(0, 0, 150), Indicator(7): Points(0, 0, 150)},
                "binh": {Indicator(1): Points(0, 86, 0), Indicator(7): Points(0, 0, 86)},
                "chi": {Indicator(1): Points(3, 0, 0)},
            }
        },
        on_time=_cases(span, last),
        findings=("Kiosk quay-2 không gửi tín hiệu từ ngày 20/12/2026.",),
        reason="Kiosk quay-2 đã được thu hồi trước kỳ, không có lượt đánh giá.",
        number="5",
        day=date(2027, 1, 8),
        root="ab" * 32,
        fingerprint="cd" * 32,
    )


def _new_cells() -> list[VoteCell]:
    first, second = date(2026, 10, 1), date(2026, 11, 1)
    return [
        *visits(first, 700, {"overall": 5}, BIRTHS),
        *visits(first, 400, {"overall": 4}, LAND),
        *visits(first, 80, {"overall": 3}, LAND),
        *visits(first, 25, {"overall": 1}, LAND),
        *visits(first, 4, {"overall": 2}, DISPUTES),
        *visits(first, 6, {"overall": 1}, LAND, labels=("hasty",)),
        *visits(second, 150, {"overall": 5, "indicator-1": 3, "indicator-7": 3}, BIRTHS, survey=2),
        *visits(second, 86, {"overall": 4, "indicator-1": 2, "indicator-7": 3}, LAND, survey=2),
        *visits(second, 3, {"overall": 2, "indicator-1": 1}, DISPUTES, survey=2),
        *visits(second, 2, {"overall": 5}, BIRTHS, survey=2, labels=("duplicate", "hasty")),
        *visits(second, 41, {}, None, outcome=VisitOutcome.TIMED_OUT),
    ]


def amended_office(old: dict[str, str]) -> Facts:
    """The same commune, after more votes came; *old*: the figures that were printed."""
    facts = new_office()
    first = date(2026, 10, 1)
    late = visits(date(2026, 12, 15), 12, {"overall": 4, "indicator-1": 3}, BIRTHS, survey=2)
    before = [*visits(first, 800, {"overall": 5}), *visits(first, 300, {"overall": 2})]
    surveys = {1: FIRST_SURVEY, 2: WITH_INDICATORS}
    reasons = dict(facts.figures.reasons)
    cells = [*_new_cells(), *late]
    figures = _figures(cells, before, surveys, facts.figures.rules, facts.span, 2310, Forms(), reasons)
    return replace(
        facts,
        figures=figures,
        act=Act.AMENDMENT,
        number="",
        day=None,
        drafted=date(2027, 2, 10),
        late=12,
        findings=(),
        reason="",
        form=replace_form(facts.form, (AnnexKind.RESULTS, AnnexKind.GROUNDS)),
        amended=Amended("5", date(2027, 1, 8), "12 lượt đánh giá đến sau khi ban hành.", old),
    )


def parent_office() -> Facts:
    """An office that others stand below, at the end of a year."""
    facts = old_office()
    span = Span.parse("2019")
    on_time_year = OnTime(received=1600, early=900, punctual=500, late=17)
    return replace(
        facts,
        span=span,
        letterhead=replace_letterhead(facts.letterhead, "UBND HUYỆN VÍ DỤ"),
        years=(
            Earlier(Span.parse("2018"), (Counted(1, 700, 900),), 1500, on_time_year),
            Earlier(span, (Counted(1, 800, 950), Counted(2, 40, 50)), 1600),
        ),
        children=(
            Child("xa-a", "UBND xã A", Counted(1, 90, 100), {Indicator.WHOLE_TIME: Points(0, 4, 6)}),
            Child("xa-b", "UBND xã B", Counted(2, 45, 50), {Indicator.WHOLE_TIME: Points(0, 0, 6)}),
            Child("xa-c", "UBND xã C", Counted(1, 0, 0)),
            Child("xa-d", "UBND xã D", Counted(1, 20, 40)),
        ),
    )


def without_votes() -> Facts:
    """Nobody voted."""
    facts = old_office()
    rules = facts.figures.rules
    return replace(facts, figures=_figures([], [], {1: THREE_LEVELS}, rules, facts.span, 0, Forms(), {}), on_time=None)


def replace_form(form: DecisionForm, annexes: tuple[AnnexKind, ...]) -> DecisionForm:
    """The same texts with other annexes."""
    values = {name: getattr(form, name) for name in form.__struct_fields__}
    return DecisionForm(**values | {"annexes": annexes})


def replace_letterhead(letterhead: Letterhead, office: str) -> Letterhead:
    """The same signer for another office."""
    values = {name: getattr(letterhead, name) for name in letterhead.__struct_fields__}
    return Letterhead(**values | {"office": office})


def _figures(
    cells: list[VoteCell],
    before: list[VoteCell],
    surveys: Surveys,
    rules: Rules,
    span: Span,
    served: int,
    forms: Forms,
    reasons: dict[str, int],
) -> PeriodFigures:
    first, last = span.days(rules.period)
    return figures_of(cells, before, surveys, rules, first, last, served=served, forms=forms, reasons=reasons)


def _cases(span: Span, last: date) -> OnTimeFigures:
    first = span.days(Period.CALENDAR)[0]
    cells = [
        CaseCell("1.1", "an", "ho-tich", CaseChannel.DIRECT, first, first, first, 300),
        CaseCell("1.2", "binh", "dat-dai", CaseChannel.ONLINE, first, date(first.year, first.month, 20), last, 7),
        CaseCell("1.3", "chi", "dat-dai", None, first, None, last, 2),
    ]
    return on_time(cells, first, last, last, by_officer=False)
