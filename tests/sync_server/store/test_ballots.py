"""The votes of an archive are those that the figures count: of kiosks and on paper, with the labels in force."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from sync_server.archives.ground import lay_ground
from sync_server.core.book import THE_RULES, Kind
from sync_server.core.channels import Channel
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.decisions.ballots import Ballot
from sync_server.core.paper import Batch, Line
from sync_server.core.rules import Rules
from sync_server.core.spans import Span
from sync_server.store.ballots import reading_ballots
from sync_server.store.database import Database
from sync_server.store.paper import Deed, close_batch, kept_batch, open_batch, withdraw_batch
from sync_server.store.paper_entry import enter
from sync_server.store.records import write_records
from sync_server.store.schema import answers, label_reviews, rule_labels, vote_labels, votes
from tests.fakes.many_votes import cast_many
from tests.fakes.small_office import NOW, SITE, THIS_HOUR, seed_kiosk, seed_office, seed_votes

QUARTER = Span.parse("2026-Q4")
DAY = date(2026, 11, 20)
DEED = Deed(NOW, "Chị Hà", "xem lại phiếu")
LINE = Line(1, DAY, DAY, None, "huong", "ho-tich", None, forms=1, votes=1, answers={("overall", 4): 1})


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)


def read(database: Database) -> list[Ballot]:
    with reading_ballots(database, SITE, QUARTER) as ballots:
        return sorted(ballots, key=lambda ballot: ballot.ballot)


def ids(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(votes.c.vote_id).order_by(votes.c.vote_id)).scalars())


def put_batch(database: Database, batch: Batch, *lines: Line, close: bool = True) -> None:
    with database.writing() as connection:
        assert open_batch(connection, SITE, batch, "", DEED)
        kept = kept_batch(connection, SITE, batch.batch, to_change=True)
        enter(connection, kept, lines, DEED, again=False)
        if close:
            close_batch(connection, kept, None, DEED)


def test_a_vote_of_a_kiosk_is_read_with_all_that_it_answers(database: Database) -> None:
    seed_votes(database, [4], survey=7)
    [vote] = ids(database)
    with database.writing() as connection:
        connection.execute(insert(answers).values(vote_id=vote, criterion="time", level=2))
    [found] = read(database)
    assert found == Ballot(vote, Channel.KIOSK, 7, (("overall", 4, 1), ("time", 2, 1)))


def test_labels_are_those_in_force(database: Database) -> None:
    seed_votes(database, [4])
    [vote] = ids(database)
    with database.writing() as connection:
        for table, label in ((vote_labels, "hasty"), (vote_labels, "play"), (rule_labels, "duplicate")):
            connection.execute(insert(table).values(vote_id=vote, label=label))
        its = {"decided_at": NOW, "decided_by": "Chị Hà", "because": "xem lại"}
        connection.execute(insert(label_reviews).values(vote_id=vote, label="play", decision="lifted", **its))
    [found] = read(database)
    assert found.labels == ("duplicate", "hasty")


def test_votes_of_other_times_of_unclear_ones_and_visits_without_a_vote_are_not_read(database: Database) -> None:
    last = THIS_HOUR.replace(month=12, day=31, hour=16)  # until midnight in Vietnam
    seed_votes(database, [5], hour=last)
    [inside] = ids(database)
    for hour, until in ((last + timedelta(hours=1), None), (last, last + timedelta(days=1))):
        seed_votes(database, [5], hour=hour, until_hour=until)
    seed_votes(database, [5], outcome="abandoned")
    assert [found.ballot for found in read(database)] == [inside]


def test_paper_is_read_once_its_batch_is_closed_and_unless_it_was_withdrawn(database: Database) -> None:
    tally = replace(LINE, forms=9, votes=8, answers={("overall", 2): 3, ("overall", 5): 5})
    empty = replace(LINE, number=2, votes=0, answers={})
    put_batch(database, Batch("a", Channel.BOX, DAY, DAY, 1), tally, empty)
    put_batch(database, Batch("b", Channel.PAPER, DAY, DAY, 1), LINE, close=False)
    put_batch(database, Batch("c", Channel.PAPER, DAY, DAY, 1), replace(LINE, number=3))
    with database.writing() as connection:
        withdraw_batch(connection, kept_batch(connection, SITE, "c", to_change=True), DEED)
    [found] = read(database)
    assert (found.channel, found.survey, found.votes) == (Channel.BOX, 1, 8)
    assert found.answers == (("overall", 2, 3), ("overall", 5, 5))


def test_an_archive_can_be_made_of_what_is_read(database: Database, tmp_path: Path) -> None:
    cast_many(database, 500)
    put_batch(
        database,
        Batch("a", Channel.PAPER, DAY, DAY, 1),
        *(replace(LINE, number=number, answers={("overall", 1 + number % 5): 1}) for number in range(1, 30)),
        replace(LINE, number=99, forms=60, votes=60, answers={("overall", 3): 60}),
    )
    with database.writing() as connection:
        said = (Kind.RULES, Record(THE_RULES, ALWAYS, Rules(excluded=("hasty",))))
        write_records(connection, SITE, [said], "a test", NOW)
    grounds = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        with reading_ballots(database, SITE, QUARTER) as ballots:
            grounds.append(lay_ground(tmp_path / name, ballots, ballots.figures))
    assert grounds[0].root == grounds[1].root
    assert grounds[0].votes == 589
    assert grounds[0].computed["excluded_votes.hasty"] == "50"
    assert grounds[0].computed["channel.paper"] == "89"


# Whichever database it was: with another root no archive of an earlier day could be made again.
ROOT_OF_SEED_7 = "22b897aadb687d3e44d777fb2a0d020ad2c8891b9d98c021b89c93abd753f74a"


def test_both_databases_make_the_same_archive(tmp_path: Path, database: Database) -> None:
    cast_many(database, 300, seed=7)
    with reading_ballots(database, SITE, QUARTER) as ballots:
        ground = lay_ground(tmp_path, ballots, ballots.figures)
    assert ground.root == ROOT_OF_SEED_7
