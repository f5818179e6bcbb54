"""What an issued Decision tells everyone, and what stands on kiosks."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.messages import Published
from sync_server.core.decisions.headline import Headline, LevelShare, headline_of
from sync_server.core.decisions.published import Result, name_of, newest_first
from sync_server.core.decisions.states import Change, Kind
from sync_server.core.spans import Span
from sync_server.core.surveys import FIRST_SURVEY, SURVEYS, Criterion, Survey

HEADLINE = Headline("Có hài lòng không?", "1.445", "85,7%", "83,8% – 87,5%", "Đạt", "80%", ())
RESULT = Result(
    *("sia", "UBND xã Quảng Điền", "Trung tâm", Span.parse("2026-Q4"), 1, "Quyết định số 05", HEADLINE, "a/b"),
    *("0" * 64, "1" * 64, date(2027, 1, 6), True),
)
TWO = Survey(
    (Criterion("time", {"vi": "Có đúng hẹn không?"}, ({"vi": "Chậm"}, {"vi": "Đúng"}, {"vi": "Sớm"}), (2, 3)),),
    languages=("vi",),
)


def fields(revision: int, criterion: str, levels: int, percent: str = "85,7%") -> dict[str, str]:
    begin = f"s{revision}.{criterion}"
    return {
        "votes": "7",
        f"s{revision}.votes": "7",
        "stated.target": "80%",
        f"{begin}.answered": "7",
        f"{begin}.percent": percent,
        f"{begin}.interval": "48,7% – 97,4%",
        f"{begin}.verdict": "Ít mẫu",
        **{f"{begin}.level.{level}": str(level) for level in range(1, levels + 1)},
        **{f"{begin}.level.{level}.percent": f"{level},0%" for level in range(1, levels + 1)},
    }


def test_the_headline_is_the_first_question_with_its_levels_as_they_are_printed() -> None:
    headline = headline_of(fields(2, "time", 3), {**SURVEYS, 2: TWO})
    assert headline == Headline(
        "Có đúng hẹn không?", "7", "85,7%", "48,7% – 97,4%", "Ít mẫu", "80%",
        (
            LevelShare("Chậm", "1", "1,0%", False),
            LevelShare("Đúng", "2", "2,0%", True),
            LevelShare("Sớm", "3", "3,0%", True),
        ),
    )  # fmt: skip


def test_of_several_surveys_the_newest_that_is_known_and_was_answered_counts() -> None:
    both = fields(1, "overall", 5) | fields(2, "time", 3) | {"s9.votes": "4", "s3.votesx": "1"}
    headline = headline_of(both, {1: FIRST_SURVEY, 2: TWO})
    assert headline is not None
    assert headline.question == "Có đúng hẹn không?"
    older = headline_of(both, {1: FIRST_SURVEY})
    assert older is not None
    assert older.question == FIRST_SURVEY.criteria[0].question["vi"]


@pytest.mark.parametrize("values", [{"votes": "0"}, {"s9.votes": "4"}, fields(2, "time", 3, percent="–")])
def test_without_a_vote_that_counts_there_is_no_headline(values: dict[str, str]) -> None:
    assert headline_of(values, {1: FIRST_SURVEY, 2: TWO}) is None


def test_kiosks_are_told_of_quarters_with_votes() -> None:
    assert RESULT.for_kiosks == Published(2026, 4, "85,7%", 1445)
    assert replace(RESULT, headline=None).for_kiosks is None
    for span in ("2026", "2026-H2", "2026-11"):
        assert replace(RESULT, span=Span.parse(span)).for_kiosks is None


_results = st.lists(
    st.builds(
        lambda quarter, version: replace(RESULT, span=Span.parse(f"2026-Q{quarter}"), version=version),
        st.integers(1, 4),
        st.integers(1, 5),
    )
)


@given(_results)
def test_the_latest_time_comes_first_and_of_it_the_latest_version(results: list[Result]) -> None:
    found = [(result.span.number, result.version) for result in newest_first(results)]
    assert found == sorted(((result.span.number, result.version) for result in results), reverse=True)


def test_a_year_that_ends_with_its_last_quarter_stands_beside_it() -> None:
    year, quarter = replace(RESULT, span=Span.parse("2026")), replace(RESULT, span=Span.parse("2026-Q3"))
    assert newest_first([quarter, year]) == [year, quarter]


@pytest.mark.parametrize(
    ("kind", "change", "number", "day", "name"),
    [
        (Kind.DECISION, None, "15", date(2026, 10, 5), "Quyết định số 15 ngày 05/10/2026"),
        (Kind.DECISION, Change.AMENDS, "15", None, "Quyết định sửa đổi, bổ sung số 15 ngày 06/10/2026"),
        (Kind.DECISION, Change.REPLACES, "2", date(2026, 10, 5), "Quyết định thay thế số 2 ngày 05/10/2026"),
        (Kind.REPORT, None, None, None, "Báo cáo ban hành ngày 06/10/2026 (số do văn thư ghi)"),
    ],
)
def test_a_document_is_called_as_people_call_it(
    kind: Kind, change: Change | None, number: str | None, day: date | None, name: str
) -> None:
    assert name_of(kind, change, number, day, date(2026, 10, 6)) == name
