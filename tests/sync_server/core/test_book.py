"""An old quarter recomputed today has the names, surveys and rules of its time."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.book import Book, Wanted
from sync_server.core.dated import ALWAYS
from sync_server.core.decisions.form import USUAL_FORM, DecisionForm
from sync_server.core.letterhead import Capacity, Letterhead, Rank, Signer
from sync_server.core.office_data import Desk, Field, OfficeFile, Officer, Procedure
from sync_server.core.rounding import Mode
from sync_server.core.rules import USUAL_RULES, Period, Rules
from sync_server.core.surveys import FIRST_REVISION, FIRST_SURVEY, Criterion, Survey

FIRST = date(2026, 1, 1)
TEXT = {"vi": "Có", "en": "Yes"}
days = st.integers(0, 400).map(lambda offset: FIRST + timedelta(days=offset))
names = st.sampled_from(["An", "Bình", "Chi", " Dũng "])
keys = st.sampled_from(["a", "b", "c"])
fields = st.dictionaries(keys, names, min_size=1)
surveys = st.none() | st.builds(
    lambda levels, comments: Survey((Criterion("time", TEXT, (TEXT,) * levels, (levels,)),), comments=comments),
    st.integers(2, 5),
    st.booleans(),
)
rules = st.none() | st.builds(
    Rules, st.sampled_from(Period), st.sampled_from(Mode), st.integers(0, 3), st.sampled_from([Decimal(80)])
)
decisions = st.none() | st.builds(
    DecisionForm, about=st.sampled_from(["Về việc {kỳ}", "Về việc khác"]), archive=st.sampled_from(["VT", "VT, VP-TK"])
)


@st.composite
def folders(draw: st.DrawFn) -> Wanted:
    named = draw(fields)
    people = draw(st.dictionaries(keys, names, min_size=1))
    procedures = draw(st.dictionaries(st.sampled_from(["1.1", "1.2"]), names))
    office = OfficeFile(
        draw(names),
        "Bộ phận Một cửa",
        site="sia",
        fields=tuple(Field(key, name) for key, name in named.items()),
        officers=tuple(Officer(key, name, "Công chức", next(iter(named))) for key, name in people.items()),
        counters=tuple(Desk(number, next(iter(people))) for number in draw(st.sets(st.integers(1, 3)))),
    )
    catalogue = tuple(Procedure(key, name, next(iter(named))) for key, name in procedures.items())
    return Wanted(office, catalogue, draw(surveys), draw(rules), draw(decisions))


def everything(book: Book, day: date) -> object:
    """All that holds on a day."""
    parts = (book.fields, book.officers, book.counters, book.procedures)
    letterhead = None if book.office.at("office", day) is None else book.letterhead(day)
    return letterhead, [part.on(day) for part in parts], book.survey_on(day), book.rules_on(day), book.decision_on(day)


@given(st.lists(st.tuples(folders(), days), min_size=1, max_size=4), folders(), days)
def test_whatever_is_said_later_changes_no_day_before_it(
    said: list[tuple[Wanted, date]], late: Wanted, since: date
) -> None:
    book = Book("sia")
    records = list(book.to_become(said[0][0], ALWAYS))
    for wanted, day in said[1:]:
        records += Book.of("sia", records).to_become(wanted, day)
    before = Book.of("sia", records)
    after = Book.of("sia", [*records, *before.to_become(late, since)])
    for day in (FIRST, since - timedelta(days=1)):
        if day < since:
            assert everything(after, day) == everything(before, day)
    assert sorted(after.officers.on(since)) == sorted(entry.officer for entry in late.office.officers)
    assert sorted(after.counters.on(since)) == sorted(str(desk.counter) for desk in late.office.counters)
    if late.survey is not None:
        assert after.survey_on(since)[1] == late.survey
    if late.rules is not None:
        assert after.rules_on(since) == late.rules
    if late.decision is not None:
        assert after.decision_on(since) == late.decision
    assert list(after.to_become(late, since)) == []
    assert set(before.all_surveys) <= set(after.all_surveys)
    for revision, survey in before.all_surveys.items():
        assert after.all_surveys[revision] == survey


def test_where_nothing_was_said_the_usual_holds() -> None:
    book = Book("sia")
    assert book.is_blank
    assert book.letterhead(FIRST) is None
    assert book.rules_on(FIRST) == USUAL_RULES
    assert book.decision_on(FIRST) == USUAL_FORM
    assert book.survey_on(FIRST) == (FIRST_REVISION, FIRST_SURVEY)
    assert book.all_surveys == {FIRST_REVISION: FIRST_SURVEY}
    assert book.next_changes(FIRST) == ()


def test_names_are_kept_in_one_spelling() -> None:
    office = OfficeFile(
        " UBND xã  A ",
        "Bộ phận Một cửa",
        place=" A ",
        rank=Rank.COMMUNE,
        parent="hue",
        signer=Signer("Lê Ví Dụ", "Chủ tịch", Capacity.DEPUTY),
        site="sia",
        fields=(Field("a", "E\u0302"),),
        officers=(),
    )
    book = Book.of("sia", Book("sia").to_become(Wanted(office, ()), ALWAYS))
    kept = book.letterhead(FIRST)
    assert kept is not None
    assert (kept.office, kept.place, kept.parent) == ("UBND xã  A", "A", "hue")
    assert type(kept) is Letterhead
    assert book.fields.on(FIRST)["a"].name == "\u00ca"
