"""The figures of a time are those of its days, by the rules and names that held then, whatever is said later."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from protocol.visits import VisitLabel
from sync_server.core.book import THE_OFFICE, THE_RULES, Kind
from sync_server.core.channels import Channel
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.figures.period import Breakdown
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.period_text import period_as_text
from sync_server.core.letterhead import Letterhead
from sync_server.core.office_data import Officer
from sync_server.core.paper import Batch, Line
from sync_server.core.rounding import Mode
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.core.surveys import Criterion, Survey
from sync_server.store.database import Database
from sync_server.store.paper import Deed, close_batch, kept_batch, open_batch
from sync_server.store.paper_entry import enter
from sync_server.store.period import day_counts, period_figures
from sync_server.store.records import write_records
from sync_server.store.schema import answers, cases, vote_labels, vote_reasons, votes
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_office, seed_votes

QUARTER = Span.parse("2026-Q4")
BOTH = {"vi": "Có", "en": "Yes"}
LATER = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)


def text(database: Database, span: Span = QUARTER) -> str:
    figures, said = period_figures(database, SITE, span)
    return period_as_text(figures, names_of(said, figures.last), span.label)


def say(database: Database, kind: Kind, key: str, since: date, content: object) -> None:
    with database.writing() as connection:
        write_records(connection, SITE, [(kind, Record(key, since, content))], "a test", NOW)


def test_what_is_said_of_later_days_changes_nothing(database: Database) -> None:
    seed_votes(database, [5] * 30 + [1] * 7)
    seed_votes(database, [4] * 12, officer="thang", field="dat-dai", procedure="1.012812")
    before = text(database)
    say(database, Kind.OFFICE, THE_OFFICE, LATER, Letterhead("UBND XÃ MỚI", "Trung tâm"))
    say(database, Kind.OFFICER, "huong", LATER, Officer("huong", "Tên Mới", "x", "dat-dai"))
    say(database, Kind.OFFICER, "thang", LATER, None)
    rules = Rules(Period.FIFTEENTH, Mode.TRUNCATE, 3, Decimal(99), (VisitLabel.HASTY,), 50)
    say(database, Kind.RULES, THE_RULES, LATER, rules)
    say(database, Kind.SURVEY, "2", LATER, Survey((Criterion("time", BOTH, (BOTH, BOTH), (2,)),)))
    assert text(database) == before
    assert "UBND XÃ MỚI" in text(database, Span.parse("2027-Q1"))


def test_an_office_renamed_within_a_quarter_bears_its_new_name(database: Database) -> None:
    seed_votes(database, [5])
    say(database, Kind.OFFICE, THE_OFFICE, date(2026, 11, 1), Letterhead("UBND XÃ MỚI", "Trung tâm"))
    assert text(database).startswith("UBND XÃ MỚI · Trung tâm\n")
    assert text(database, QUARTER.previous()).startswith("Trung tâm Phục vụ hành chính công · ")


def test_a_quarter_ends_where_its_rule_says(database: Database) -> None:
    for day in (date(2026, 9, 14), date(2026, 9, 15), date(2026, 12, 14), date(2026, 12, 15), date(2026, 12, 31)):
        seed_votes(database, [5], hour=datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
    calendar, _ = period_figures(database, SITE, QUARTER)
    assert calendar.surveys[0].votes == 3
    say(database, Kind.RULES, THE_RULES, ALWAYS, Rules(period=Period.FIFTEENTH))
    middle, _ = period_figures(database, SITE, QUARTER)
    assert (middle.first, middle.last) == (date(2026, 9, 15), date(2026, 12, 14))
    assert middle.surveys[0].votes == 2


def test_a_vote_across_the_border_is_told_and_not_counted(database: Database) -> None:
    border = datetime(2026, 12, 31, 3, tzinfo=UTC)
    seed_votes(database, [5], hour=border, until_hour=border + timedelta(days=2))
    for span in (QUARTER, QUARTER.next()):
        figures, _ = period_figures(database, SITE, span)
        assert (figures.surveys, figures.undated) == ((), 1)
    year, _ = period_figures(database, SITE, Span.parse("2026-H2").next())
    assert year.undated == 1


def test_labels_reasons_and_cases_come_along(database: Database) -> None:
    seed_votes(database, [5] * 8)
    with database.writing() as connection:
        for vote_id in connection.execute(votes.select().with_only_columns(votes.c.vote_id).limit(3)).scalars().all():
            connection.execute(insert(vote_labels).values(vote_id=vote_id, label="hasty"))
            connection.execute(insert(vote_reasons).values(vote_id=vote_id, reason="waiting"))
        for number in range(10):
            received = date(2026, 10, 1) if number else date(2026, 9, 30)
            case = {"case_token": f"{number:032x}", "procedure": "1.001193", "officer": "huong"}
            connection.execute(insert(cases).values(site=SITE, **case, received=received))
    say(database, Kind.RULES, THE_RULES, ALWAYS, Rules(excluded=(VisitLabel.HASTY,)))
    figures, said = period_figures(database, SITE, QUARTER)
    assert (figures.excluded, figures.excluded_votes) == ({"hasty": 3}, 3)
    assert figures.reasons == {"waiting": 3}
    assert (figures.coverage.votes, figures.coverage.served) == (8, 9)
    assert figures.surveys[0].tables[Breakdown.OFFICER][0].answered == 5
    told = period_as_text(figures, names_of(said, figures.last), QUARTER.label)
    assert "  Bấm quá nhanh" in told
    assert "Phải chờ lâu  3\n" in told


def test_official_votes_are_told_day_by_day_of_certain_days_only(database: Database) -> None:
    say(database, Kind.RULES, THE_RULES, ALWAYS, Rules(excluded=("hasty",)))
    assert day_counts(database, SITE, period_figures(database, SITE, QUARTER)[0]) == []
    before = NOW.replace(minute=0, second=0, microsecond=0) - timedelta(days=3)
    seed_votes(database, [5, 5, 1])
    seed_votes(database, [4], hour=before)
    seed_votes(database, [4], hour=before, until_hour=before + timedelta(days=1))
    with database.writing() as connection:
        one = connection.execute(select(answers.c.vote_id).where(answers.c.level == 1)).scalar_one()
        connection.execute(insert(vote_labels).values(vote_id=one, label="hasty"))
    counted = day_counts(database, SITE, period_figures(database, SITE, QUARTER)[0])
    day = NOW.date()
    assert sorted((each.day, each.level, each.votes) for each in counted) == [
        (day - timedelta(days=3), 4, 1),
        (day, 5, 2),
    ]


def test_forms_on_paper_are_told_by_their_day(database: Database) -> None:
    day = date(2026, 11, 2)
    batch, deed = Batch("a", Channel.PAPER, day, date(2026, 11, 3), 1), Deed(NOW, "Hà")
    about = (None, None, None, None)
    lines = [
        Line(1, day, day, *about, forms=1, votes=1, answers={("overall", 5): 1}),
        Line(2, day, date(2026, 11, 3), *about, forms=1, votes=1, answers={("overall", 1): 1}),
    ]
    with database.writing() as connection:
        open_batch(connection, SITE, batch, None, deed)
        kept = kept_batch(connection, SITE, "a", to_change=True)
        enter(connection, kept, lines, deed)
        close_batch(connection, kept, 2, deed)
    counted = day_counts(database, SITE, period_figures(database, SITE, QUARTER)[0])
    assert [(each.day, each.level, each.votes) for each in counted] == [(day, 5, 1)]
