"""What a Decision is made of comes from the database as it was: figures of their time, the act of its day."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from sync_server.core.book import THE_DECISION, THE_OFFICE, THE_RULES, Kind
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.decisions.facts import Counted, Facts
from sync_server.core.decisions.form import USUAL_FORM, DecisionForm
from sync_server.core.decisions.plain_text import as_text
from sync_server.core.decisions.preview import filled_document
from sync_server.core.decisions.states import Kind as DecisionKind
from sync_server.core.decisions.states import State, Step, Version
from sync_server.core.decisions.values import computed_of, printed_rows
from sync_server.core.figures.indicators import Indicator, Points
from sync_server.core.letterhead import Letterhead
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.core.surveys import Survey
from sync_server.store.database import Database
from sync_server.store.decision_facts import read_facts
from sync_server.store.decisions import Doing, Kept, begin, move
from sync_server.store.records import write_records
from sync_server.store.schema import answers, cases, votes
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_office, seed_votes
from tests.sync_server.core.decisions.samples import WITH_INDICATORS

QUARTER = Span.parse("2026-Q4")
DRAFTED = date(2027, 1, 5)
BEFORE = datetime(2026, 8, 20, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    seed_office(database, office="UBND thị trấn Sịa")
    seed_kiosk(database)


def say(database: Database, kind: Kind, key: str, since: date, content: object, site: str = SITE) -> None:
    with database.writing() as connection:
        write_records(connection, site, [(kind, Record(key, since, content))], "a test", NOW)


def test_the_times_before_come_along_since_the_first_with_votes(database: Database) -> None:
    seed_votes(database, [5] * 8)
    seed_votes(database, [5] * 3 + [1], hour=BEFORE)
    facts = read_facts(database, SITE, QUARTER, DRAFTED)
    assert [(str(each.span), each.surveys) for each in facts.trend] == [("2026-Q3", (Counted(1, 3, 4),))]
    assert facts.years == ()
    assert facts.field_of == {"1.000894": "Tư pháp – Hộ tịch", "1.001193": "Tư pháp – Hộ tịch", "1.012812": "Đất đai"}
    text = as_text(filled_document(facts))
    assert "III/2026: 75,0% (4 lượt); IV/2026: 100,0% (8 lượt)." in text


def issue(database: Database, facts: Facts) -> None:
    """Have a document with these figures issued."""
    doing = Doing(Step.ISSUE, "Hà", NOW)
    with database.writing() as connection:
        blank = Kept(SITE, str(QUARTER), Version(1), DecisionKind.DECISION, 1, *QUARTER.days(Period.CALENDAR), DRAFTED)
        begin(connection, blank, doing)
        figures = {"computed": computed_of(facts.figures), "stated": {}}
        move(connection, blank, State.ISSUED, doing, figures=figures, issued_at=NOW)


def shown(facts: Facts) -> dict[str, set[str]]:
    """Return which rows a document shows."""
    found: dict[str, set[str]] = {}
    for row in printed_rows(computed_of(facts.figures)):
        found.setdefault(row.breakdown, set()).add(row.key or "")
    return found


@pytest.mark.parametrize(("late", "told"), [(1, False), (4, False), (5, True)])
def test_no_single_late_vote_can_be_told_by_laying_the_amendment_beside_the_decision(
    database: Database, late: int, told: bool
) -> None:
    for procedure in ("1.001193", "1.000894"):
        seed_votes(database, [5] * 8, procedure=procedure)
    seed_votes(database, [5] * 9, field="dat-dai", procedure="1.012812")
    before = read_facts(database, SITE, QUARTER, DRAFTED)
    assert shown(before)["procedure"] == {"1.001193", "1.000894", "1.012812"}
    issue(database, before)
    assert shown(read_facts(database, SITE, QUARTER, DRAFTED)) == shown(before)
    seed_votes(database, [1] * late, procedure="1.000894")
    after = read_facts(database, SITE, QUARTER, DRAFTED)
    procedures, fields = shown(after).get("procedure", set()), shown(after).get("field", set())
    assert ("1.000894" in procedures) is told
    assert ("ho-tich" in fields) is told
    assert len(procedures) != 2  # or the one that is hidden is what is left
    assert after.figures.surveys[0].votes == before.figures.surveys[0].votes + late
    assert after.figures.surveys[0].main.official.levels[0] == late


def test_the_act_is_of_the_day_it_is_drafted_and_the_figures_are_of_their_time(database: Database) -> None:
    seed_votes(database, [5] * 8)
    later = date(2027, 1, 1)
    say(database, Kind.OFFICE, THE_OFFICE, later, Letterhead("UBND xã Quảng Điền", "Trung tâm"))
    say(database, Kind.RULES, THE_RULES, ALWAYS, Rules(decimals=2, legal_bases=("Luật cũ",)))
    say(database, Kind.RULES, THE_RULES, later, Rules(decimals=0, legal_bases=("Luật mới",)))
    say(database, Kind.DECISION, THE_DECISION, later, DecisionForm(symbol="QĐ-MỚI"))
    facts = read_facts(database, SITE, QUARTER, DRAFTED)
    text = as_text(filled_document(facts))
    assert text.startswith("ỦY BAN NHÂN DÂN\nXÃ QUẢNG ĐIỀN\n")
    assert "/QĐ-MỚI\n" in text
    assert "Căn cứ Luật mới;\n" in text
    assert "100,00%" in text
    earlier = read_facts(database, SITE, QUARTER, date(2026, 12, 31))
    assert (earlier.letterhead.office, earlier.legal_bases, earlier.form) == (
        "UBND thị trấn Sịa",
        ("Luật cũ",),
        USUAL_FORM,
    )


def test_a_year_has_the_years_before_with_their_cases(database: Database) -> None:
    seed_votes(database, [5] * 6)
    with database.writing() as connection:
        case = {"case_token": "0" * 32, "procedure": "1.001193", "officer": "huong", "received": date(2025, 5, 5)}
        days = {"due": date(2025, 5, 9), "returned": date(2025, 5, 8)}
        connection.execute(insert(cases).values(site=SITE, **case, **days))
    facts = read_facts(database, SITE, Span.parse("2026"), DRAFTED)
    assert [(str(each.span), each.served) for each in facts.years] == [("2025", 1), ("2026", 0)]
    assert facts.years[0].on_time is not None
    assert facts.years[0].on_time.early == 1
    assert facts.years[1].surveys == (Counted(1, 6, 6),)
    text = as_text(filled_document(facts))
    assert "Tỷ lệ hồ sơ trước hạn và đúng hạn | 100,0% | –\n" in text
    nothing = read_facts(database, SITE, Span.parse("2019"), DRAFTED)
    assert [str(each.span) for each in nothing.years] == ["2019"]


def test_an_office_knows_those_that_name_it_as_the_one_above(database: Database) -> None:
    for site, parent in (("xa-a", SITE), ("xa-b", SITE), ("xa-c", "")):
        seed_office(database, site, f"UBND {site}")
        say(database, Kind.OFFICE, THE_OFFICE, ALWAYS, Letterhead(f"UBND {site}", "Một cửa", parent=parent), site)
    seed_kiosk(database, "kiosk-1", site="xa-a", stream="6" * 32)
    seed_votes(database, [5, 5, 1], site="xa-a", stream="6" * 32)
    facts = read_facts(database, SITE, QUARTER, DRAFTED)
    assert [(child.site, child.office, child.counted) for child in facts.children] == [
        ("xa-a", "UBND xa-a", Counted(1, 2, 3)),
        ("xa-b", "UBND xa-b", Counted(1, 0, 0)),
    ]
    assert "1 | UBND xa-a | 3 | 2 | 66,7%" in as_text(filled_document(facts))


def test_points_of_officers_are_read_where_the_rules_allow_it(database: Database) -> None:
    asked: Survey = WITH_INDICATORS
    say(database, Kind.SURVEY, "2", ALWAYS, asked)
    seed_votes(database, [5] * 6, survey=2)
    with database.writing() as connection:
        for vote_id in connection.execute(votes.select().with_only_columns(votes.c.vote_id)).scalars().all():
            connection.execute(insert(answers).values(vote_id=vote_id, criterion="indicator-1", level=3))
    facts = read_facts(database, SITE, QUARTER, DRAFTED)
    assert facts.officer_points == {2: {"huong": {Indicator.WHOLE_TIME: Points(0, 0, 6)}}}
    say(database, Kind.RULES, THE_RULES, ALWAYS, Rules(by_officer=False))
    assert read_facts(database, SITE, QUARTER, DRAFTED).officer_points == {}
