"""Figures are exact whatever has been folded, and folding anew changes none of them."""

import itertools
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, union, update

from protocol.visits import VisitOutcome
from sync_server.core.channels import Channel
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.half_months import half_of
from sync_server.core.paper import FIRST_ENTRY, SECOND_ENTRY, Batch, Line
from sync_server.store.cells import STALE, cells, touch
from sync_server.store.database import Database
from sync_server.store.folding import QUIET, fold, fold_anew
from sync_server.store.labelling import LIFTED
from sync_server.store.paper import Deed, close_batch, kept_batch, kept_batches, open_batch, withdraw_batch
from sync_server.store.paper_entry import enter
from sync_server.store.paper_lines import decisions, lines_of
from sync_server.store.schema import (
    answers,
    figure_cells,
    label_reviews,
    rule_labels,
    touched_halves,
    vote_labels,
    votes,
)
from tests.fakes.chance import Chance
from tests.fakes.small_office import NOW, SITE, STREAM, seed_kiosk, seed_office

BEGIN = datetime(2026, 9, 1, 2, tzinfo=UTC)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
LATER = NOW + 2 * QUIET


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)


def added_up(database: Database, first: date = YEAR[0], last: date = YEAR[1]) -> Counter[tuple[object, ...]]:
    """Cells, without how they were divided."""
    with database.reading() as connection:
        sums: Counter[tuple[object, ...]] = Counter()
        for cell in cells(connection, SITE, first, last):
            alike = dict(vars(cell))
            number = alike.pop("votes")
            sums[tuple(alike.values())] += number
        return sums


def plainly(database: Database, first: date = YEAR[0], last: date = YEAR[1]) -> Counter[tuple[object, ...]]:
    """The same, vote by vote."""
    sums: Counter[tuple[object, ...]] = Counter()
    with database.reading() as connection:
        labels: dict[str, list[str]] = {}
        lifted = {
            (row.vote_id, row.label) for row in connection.execute(select(label_reviews)) if row.decision == LIFTED
        }
        given = [
            (row.vote_id, row.label) for row in connection.execute(union(select(vote_labels), select(rule_labels)))
        ]
        for vote_id, label in given:
            if (vote_id, label) not in lifted:
                labels.setdefault(vote_id, []).append(label)
        levels: dict[str, list[tuple[str, int]]] = {}
        for row in connection.execute(select(answers)):
            levels.setdefault(row.vote_id, []).append((row.criterion, row.level))
        for vote in connection.execute(select(votes)):
            half, until = half_of(vote.day), half_of(vote.until_day)
            if half > half_of(last) or until < half_of(first):
                continue
            chosen = levels.get(vote.vote_id, []) if vote.outcome == VisitOutcome.ANSWERED else []
            for criterion, level in [(None, None), *chosen]:
                about = (vote.officer, vote.field, vote.procedure, vote.counter, vote.kiosk)
                marks = tuple(sorted(labels.get(vote.vote_id, [])))
                sums[(half, until, vote.outcome, vote.survey, criterion, level, *about, marks, "kiosk")] += 1
        for kept in kept_batches(connection, SITE):
            if kept.closed is None or kept.withdrawn is not None:
                continue
            batch = kept.batch
            lines = {entry: lines_of(connection, SITE, batch.batch, entry) for entry in (FIRST_ENTRY, SECOND_ENTRY)}
            taken = decisions(connection, SITE, batch.batch)
            for number in lines[FIRST_ENTRY].keys() | lines[SECOND_ENTRY].keys():
                line = lines[taken.get(number, FIRST_ENTRY)].get(number)
                if line is None or half_of(line.day) > half_of(last) or half_of(line.until_day) < half_of(first):
                    continue
                alike = (half_of(line.day), half_of(line.until_day), "answered", batch.survey)
                about = (line.officer, line.field, line.procedure, line.counter, None)
                counts: list[tuple[str | None, int | None, int]] = [(None, None, line.votes)]
                counts += [(*chosen, forms) for chosen, forms in line.answers.items()]
                for criterion, level, forms in counts:
                    sums[(*alike, criterion, level, *about, (), batch.channel)] += forms
    return +sums


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_folded_the_cells_add_up_to_the_votes(database: Database, seed: int) -> None:
    chance, batches = Chance(seed), itertools.count()
    for now in (NOW, LATER, NOW, LATER):
        chance.cast(database, 25)
        chance.enter(database, f"batch-{next(batches)}", 8)
        done = list(fold(database, now))
        assert bool(done) == (now == LATER)
        for first, last in (YEAR, (date(2026, 9, 15), date(2026, 10, 14)), (date(2026, 12, 1), date(2026, 12, 31))):
            assert added_up(database, first, last) == plainly(database, first, last)
    before = added_up(database)
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(touched_halves).where(STALE)) == 0
    anew = list(fold_anew(database, LATER))
    assert len(anew) >= 6
    assert not any(each.repaired for each in anew)
    assert added_up(database) == before


@pytest.mark.parametrize("fold_between", [False, True])
def test_a_batch_counts_from_its_closing_until_it_is_withdrawn(database: Database, fold_between: bool) -> None:
    def folded() -> Counter[tuple[object, ...]]:
        if fold_between:
            list(fold(database, LATER))
        return added_up(database)

    deed, about = Deed(NOW, "a test", "seen"), (1, "huong", "ho-tich", None)
    day = date(2026, 9, 20)
    with database.writing() as connection:
        open_batch(connection, SITE, Batch("a", Channel.PAPER, day, day, 1), None, deed)
        kept = kept_batch(connection, SITE, "a", to_change=True)
        enter(connection, kept, [Line(1, day, day, *about, forms=9, votes=8, answers={("overall", 5): 8})], deed)
    assert folded() == Counter()
    with database.writing() as connection:
        close_batch(connection, kept_batch(connection, SITE, "a", to_change=True), None, deed)
    half, alike = date(2026, 9, 15), ("huong", "ho-tich", None, 1, None, (), "paper")
    chosen: list[tuple[str | None, int | None]] = [(None, None), ("overall", 5)]
    assert folded() == {(half, half, "answered", 1, *each, *alike): 8 for each in chosen}
    assert {each.repaired for each in fold_anew(database, LATER)} == {False}
    with database.writing() as connection:
        assert withdraw_batch(connection, kept_batch(connection, SITE, "a", to_change=True), deed)
    assert folded() == Counter()
    assert {each.repaired for each in fold_anew(database, LATER)} == {False}


def test_a_change_of_a_vote_is_seen_at_once(database: Database) -> None:
    Chance(7).cast(database, 40)
    assert list(fold(database, LATER))
    with database.writing() as connection:
        days = connection.execute(select(votes.c.day).where(votes.c.officer.is_(None)).distinct()).scalars().all()
        connection.execute(update(votes).where(votes.c.officer.is_(None)).values(officer="bich"))
        touch(connection, [(SITE, day) for day in days], NOW)
    assert added_up(database) == plainly(database)


def test_cells_that_went_wrong_are_repaired_from_the_votes(database: Database) -> None:
    Chance(8).cast(database, 40)
    list(fold(database, LATER))
    with database.writing() as connection:
        connection.execute(update(figure_cells).values(votes=99))
        connection.execute(delete(figure_cells).where(figure_cells.c.id % 2 == 0))
    assert added_up(database) != plainly(database)
    assert True in {each.repaired for each in fold_anew(database, LATER)}
    assert added_up(database) == plainly(database)
    assert {each.repaired for each in fold_anew(database, LATER)} == {False}


def test_of_a_fold_that_is_broken_off_every_half_is_done_or_not(database: Database) -> None:
    Chance(9).cast(database, 30)
    for _ in itertools.islice(fold(database, LATER), 2):
        pass
    assert added_up(database) == plainly(database)


def test_votes_that_come_while_it_folds_are_not_lost(database: Database) -> None:
    chance = Chance(10)
    chance.cast(database, 30)
    for number, _ in enumerate(fold(database, LATER)):
        if number < 3:
            chance.cast(database, 5)
    assert added_up(database) == plainly(database)
    list(fold(database, LATER))
    assert added_up(database) == plainly(database)


def test_sites_do_not_mix(database: Database) -> None:
    Chance(11).cast(database, 20)
    seed_office(database, "phu")
    list(fold(database, LATER))
    with database.reading() as connection:
        assert list(cells(connection, "phu", *YEAR)) == []


def test_a_cell_says_all_that_its_votes_agree_in(database: Database) -> None:
    with database.writing() as connection:
        vote = {"vote_id": "a" * 32, "stream": STREAM, "number": 1, "site": SITE, "kiosk": "kiosk-1", "survey": 1}
        times = {"hour": NOW, "until_hour": NOW, "received_hour": NOW, "day": NOW.date(), "until_day": NOW.date()}
        connection.execute(insert(votes).values(**vote, **times, counter=2, officer="huong", field="ho-tich"))
        connection.execute(insert(answers).values(vote_id="a" * 32, criterion="overall", level=4))
        for label in ("repeat", "hasty"):
            connection.execute(insert(vote_labels).values(vote_id="a" * 32, label=label))
        touch(connection, [(SITE, NOW.date())], NOW)
    half = date(2026, 11, 15)
    about = {"officer": "huong", "field": "ho-tich", "procedure": None, "counter": 2, "kiosk": "kiosk-1"}
    alike: dict[str, Any] = about | {"outcome": "answered", "survey": 1, "labels": ("hasty", "repeat"), "votes": 1}
    chosen: list[tuple[str | None, int | None]] = [(None, None), ("overall", 4)]
    expected = {VoteCell(half, half, criterion=criterion, level=level, **alike) for criterion, level in chosen}
    for _ in range(2):
        with database.reading() as connection:
            assert set(cells(connection, SITE, *YEAR)) == expected
        list(fold(database, LATER))


@pytest.mark.parametrize("minute", [0, 1, 59])
def test_a_mark_is_no_finer_than_an_hour(database: Database, minute: int) -> None:
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    with database.writing() as connection:
        touch(connection, [(SITE, NOW.date())], hour.replace(minute=minute, second=7))
        assert connection.scalar(select(func.max(touched_halves.c.touched_hour))) == hour
