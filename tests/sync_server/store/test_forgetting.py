"""Votes forget their cases, and no figure changes by a digit; no case can be rated again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sync_server.core.decisions.states import State
from sync_server.core.figures.period import PeriodFigures
from sync_server.core.labelling.names import RuleName
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.rules import Rules
from sync_server.core.spans import Span
from sync_server.store.audit import AUTOMATICALLY, deeds
from sync_server.store.database import Database
from sync_server.store.decisions import kept_versions
from sync_server.store.folding import fold_anew
from sync_server.store.forgetting import FORGET, forget, to_be_forgotten
from sync_server.store.labelling import judge
from sync_server.store.period import hour_counts, on_time_figures, period_figures
from sync_server.store.schema import spent_tokens, votes
from sync_server.store.spent import forgetting_on
from sync_server.store.unjudged import mark_days_since
from tests.fakes.decided import amended, desk_of, issued
from tests.fakes.labelled import cast, given_by_rules, have_rules, register
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_office

QUARTER = Span.parse("2026-Q4")
IN_IT = datetime(2026, 11, 20, 3, tzinfo=UTC)
AFTER = datetime(2027, 2, 3, 3, tzinfo=UTC)
ISSUED = datetime(2027, 1, 8, 3, tzinfo=UTC)
OVER = ISSUED + timedelta(days=31)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Database:
    """A quarter of a dozen votes for cases, one of them rated twice, that was issued."""
    seed_office(database)
    seed_kiosk(database)
    strict = Labelling((RuleName.DUPLICATE, RuleName.BURST, RuleName.BEYOND_SERVED), most_an_hour=6, votes_a_case=1)
    have_rules(database, Rules(labelling=strict, excluded=("duplicate", "burst"), least_shown=1, complaint_days=30))
    for number in range(1, 11):
        register(database, f"{number:032x}", received=IN_IT)
        cast(database, number, level=number % 5 + 1, case_token=f"{number:032x}")
    cast(database, 11, hour=IN_IT + timedelta(days=3), case_token=f"{3:032x}")
    cast(database, 12, hour=IN_IT + timedelta(days=3))
    look_at_all(database)
    issued(desk_of(database, tmp_path), QUARTER, ISSUED)
    return database


def look_at_all(database: Database) -> None:
    list(judge(database, OVER + timedelta(days=99)))


def forget_all(database: Database, now: datetime = OVER) -> int:
    return sum(done.votes for done in forget(database, now))


def everything(database: Database, span: Span) -> tuple[PeriodFigures, object, object]:
    figures, said = period_figures(database, SITE, span)
    return figures, hour_counts(database, SITE, figures), on_time_figures(database, said, figures, date(2027, 3, 1))


@contextmanager
def unchanged(database: Database) -> Iterator[None]:
    before = [everything(database, span) for span in (QUARTER, Span.parse("2026"))]
    labels = given_by_rules(database)
    yield
    assert [everything(database, span) for span in (QUARTER, Span.parse("2026"))] == before
    assert given_by_rules(database) == labels


def tokens_left(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(votes).where(votes.c.case_token.is_not(None))) or 0


def test_figures_do_not_change_by_a_digit_also_when_everything_is_counted_and_judged_anew(office: Database) -> None:
    with unchanged(office):
        assert forget_all(office) == 11
        assert tokens_left(office) == 0
        with office.writing() as connection:
            mark_days_since(connection, SITE, date(2020, 1, 1))
        look_at_all(office)
        assert not any(folded.repaired for folded in fold_anew(office, NOW))
    with office.reading() as connection:
        spent = connection.execute(select(spent_tokens)).all()
        hours = set(connection.execute(select(votes.c.received_hour)).scalars())
    assert len(spent) == 10
    assert {(row.first, row.last) for row in spent} == {(date(2026, 10, 1), date(2026, 12, 31))}
    assert {hour.hour for hour in hours} == {17}  # midnight in Vietnam: the day and no more


def test_a_case_cannot_be_rated_again_afterwards(office: Database) -> None:
    forget_all(office)
    with unchanged(office):
        pass
    later = cast(office, 13, hour=AFTER, case_token=f"{5:032x}")
    other = cast(office, 14, hour=AFTER, case_token="f" * 32)
    look_at_all(office)
    given = given_by_rules(office)
    assert (later, "duplicate") in given
    assert (other, "duplicate") not in given
    # And it stays so, however often it is judged.
    with office.writing() as connection:
        mark_days_since(connection, SITE, date(2020, 1, 1))
    look_at_all(office)
    assert given_by_rules(office) == given


def test_a_double_that_was_found_before_stays_one(office: Database) -> None:
    later = cast(office, 13, hour=AFTER, case_token=f"{5:032x}")
    look_at_all(office)
    assert (later, "duplicate") in given_by_rules(office)
    with unchanged(office):
        forget_all(office)
        with office.writing() as connection:
            mark_days_since(connection, SITE, date(2020, 1, 1))
        look_at_all(office)
    assert (later, "duplicate") in given_by_rules(office)


def test_a_vote_of_these_days_that_arrives_afterwards_is_looked_at_and_forgets_too(office: Database) -> None:
    forget_all(office)
    labels = given_by_rules(office)
    late = cast(office, 13, hour=IN_IT, case_token=f"{5:032x}")
    new = cast(office, 14, hour=IN_IT, case_token="e" * 32)
    look_at_all(office)
    assert given_by_rules(office) == labels | {(late, "duplicate")}
    assert tokens_left(office) == 0
    again = cast(office, 15, hour=AFTER, case_token="e" * 32)
    look_at_all(office)
    assert given_by_rules(office) == labels | {(late, "duplicate"), (again, "duplicate")}
    assert new != again


def test_nothing_is_forgotten_before_the_time_to_complain_is_over(office: Database) -> None:
    assert forget_all(office, OVER - timedelta(days=1)) == 0
    assert tokens_left(office) == 11


def test_nothing_is_forgotten_while_days_are_to_be_judged_or_a_version_is_in_hand(office: Database) -> None:
    cast(office, 13, hour=IN_IT, case_token="d" * 32)
    with office.reading() as connection:
        assert to_be_forgotten(connection, OVER) == []
    look_at_all(office)
    assert forget_all(office) == 12


def test_an_amended_quarter_is_forgotten_once_the_amendment_is_old_enough(office: Database, tmp_path: Path) -> None:
    amended(desk_of(office, tmp_path), QUARTER, OVER)
    assert forget_all(office, OVER + timedelta(days=30)) == 0
    assert forget_all(office, OVER + timedelta(days=31)) == 11


def test_it_goes_on_where_it_was_broken_off(office: Database) -> None:
    with unchanged(office):
        broken_off = forget(office, OVER)
        next(broken_off)
        del broken_off
        assert 0 < tokens_left(office) < 11
        with office.writing() as connection:
            assert forgetting_on(connection, SITE, IN_IT.date()) is not None
            mark_days_since(connection, SITE, date(2020, 1, 1))
        look_at_all(office)
        forget_all(office, OVER + timedelta(hours=1))
        assert tokens_left(office) == 0


def test_the_audit_log_says_so_once(office: Database) -> None:
    forget_all(office)
    forget_all(office)
    with office.reading() as connection:
        found = [deed for _, deed in deeds(connection) if deed.action == FORGET]
        [kept] = kept_versions(connection, SITE)
    assert [(deed.by, deed.subject) for deed in found] == [
        (AUTOMATICALLY, "votes of 2026-10-01 to 2026-12-31 have forgotten their cases")
    ]
    assert (kept.state, kept.forgotten_at) == (State.ISSUED, OVER)
