"""Rules label what has been quiet; judging again changes nothing, and what does not apply any more is taken back."""

import random
import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from protocol.codes import CaseCode
from protocol.messages import whole_hour
from protocol.tokens import case_token
from sync_server.core.cases import Case
from sync_server.core.labelling.names import RuleName
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.opening import Opening
from sync_server.core.rules import Rules
from sync_server.store.audit import AUTOMATICALLY, deeds
from sync_server.store.cases import register_cases
from sync_server.store.cells import STALE
from sync_server.store.changes import change_number
from sync_server.store.database import Database
from sync_server.store.folding import fold
from sync_server.store.labelling import CONFIRMED, LIFTED, QUIET, Judged, judge
from sync_server.store.reviews import Decision, Which, decide
from sync_server.store.schema import streams, touched_halves, unjudged_days
from sync_server.store.unjudged import count_unjudged, mark_days_since
from tests.fakes.labelled import DAY, cast, given_by_rules, have_rules, register, run_rules
from tests.fakes.small_office import NOW, SITE, STREAM, THIS_HOUR, seed_kiosk, seed_office

OTHER = "6" * 32
NEXT_DAY = THIS_HOUR + timedelta(days=1)
STRICT = Rules(labelling=Labelling(most_an_hour=2, votes_a_case=1, top_run=5))


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)
    with database.writing() as connection:
        stream = connection.execute(select(streams).where(streams.c.stream == STREAM)).one()._asdict()
        connection.execute(insert(streams).values(stream | {"stream": OTHER}))


def only(rule: RuleName) -> Rules:
    return Rules(labelling=Labelling((rule,), most_an_hour=2, votes_a_case=1, top_run=5))


def test_a_case_that_was_rated_at_two_kiosks_counts_at_the_first_however_late_it_arrives(database: Database) -> None:
    later = cast(database, 1, stream=OTHER, kiosk="kiosk-2", hour=NEXT_DAY, case_token="a" * 32)
    assert run_rules(database) == [Judged(SITE, DAY + timedelta(days=1))]
    earlier = cast(database, 1, case_token="a" * 32)
    assert run_rules(database) == [Judged(SITE, DAY, given=1)]
    assert given_by_rules(database) == {(later, "duplicate")} != {(earlier, "duplicate")}


def test_more_votes_an_hour_than_can_be_are_labelled(database: Database) -> None:
    have_rules(database, only(RuleName.BURST))
    ids = [cast(database, number) for number in range(1, 5)]
    run_rules(database)
    assert given_by_rules(database) == {(ids[2], "burst"), (ids[3], "burst")}


def test_a_vote_in_the_night_is_out_of_hours(database: Database) -> None:
    have_rules(database, only(RuleName.OUT_OF_HOURS), Opening("1-7", "07:30", "17:00"))
    cast(database, 1)
    night = cast(database, 2, hour=THIS_HOUR + timedelta(hours=12))
    run_rules(database)
    assert given_by_rules(database) == {(night, "out-of-hours")}


def test_a_run_of_best_votes_is_labelled_and_a_visit_without_an_answer_is_not(database: Database) -> None:
    have_rules(database, only(RuleName.TOP_RUN))
    ids = [cast(database, number, level=5) for number in (1, 2, 4, 5, 6)]
    cast(database, 3, level=1, outcome="abandoned")
    cast(database, 7, level=4)
    run_rules(database)
    assert given_by_rules(database) == {(vote_id, "top-run") for vote_id in ids}


def test_a_case_that_is_registered_later_takes_the_label_back_and_that_stands_on_record(database: Database) -> None:
    have_rules(database, only(RuleName.BEYOND_SERVED))
    key = bytes(32)
    codes = [CaseCode("H57.14", DAY, f"000{number}") for number in (1, 2)]
    ids = [cast(database, number, case_token=case_token(key, code)) for number, code in enumerate(codes, start=1)]
    register(database, "f" * 32)
    assert run_rules(database) == [Judged(SITE, DAY, given=1)]
    assert given_by_rules(database) == {(ids[1], "beyond-served")}
    with database.writing() as connection:
        register_cases(connection, SITE, key, [Case(code, "1.001193", "huong", DAY) for code in codes], NOW)
    assert run_rules(database) == [Judged(SITE, DAY, withdrawn=1)]
    assert given_by_rules(database) == set()
    with database.reading() as connection:
        [(_, deed)] = deeds(connection)
    assert (deed.by, deed.site, deed.details) == (AUTOMATICALLY, SITE, {"beyond-served": [ids[1]]})


@pytest.mark.parametrize("decision", [CONFIRMED, LIFTED])
def test_what_a_person_confirmed_is_not_taken_back(database: Database, decision: str) -> None:
    have_rules(database, only(RuleName.BEYOND_SERVED))
    vote_id = cast(database, 1, case_token="a" * 32)
    register(database, "f" * 32, officer="thang")
    run_rules(database)
    with database.writing() as connection:
        decide(connection, Which(SITE, "beyond-served", day=DAY), Decision(decision, "hà", "seen"), NOW)
    register(database, "a" * 32)
    run_rules(database)
    assert given_by_rules(database) == ({(vote_id, "beyond-served")} if decision == CONFIRMED else set())


def test_a_day_in_which_votes_arrive_waits(database: Database) -> None:
    cast(database, 1)
    assert list(judge(database, NOW)) == []
    assert list(judge(database, whole_hour(NOW) + QUIET - timedelta(seconds=1))) == []
    assert list(judge(database, whole_hour(NOW) + QUIET)) == [Judged(SITE, DAY)]
    assert list(judge(database, whole_hour(NOW) + QUIET)) == []


def test_of_a_site_alone(database: Database) -> None:
    cast(database, 1)
    later = NOW + 3 * QUIET
    assert list(judge(database, later, site="phu")) == []
    assert list(judge(database, later, site=SITE)) == [Judged(SITE, DAY)]


def a_day_by_chance(database: Database, chance: random.Random) -> None:
    """Votes of three days at two kiosks, in the order in which they may have arrived."""
    numbers = [
        (stream, kiosk, number)
        for stream, kiosk in ((STREAM, "kiosk-1"), (OTHER, "kiosk-2"))
        for number in range(1, 13)
    ]
    chance.shuffle(numbers)
    for stream, kiosk, number in numbers:
        drawn = random.Random(f"{stream}{number}")  # a vote is what it is, whenever it arrives
        hour = THIS_HOUR + timedelta(days=drawn.choice([0, 0, 1, 2]), hours=drawn.choice([0, 0, 12]))
        cast(
            database,
            number,
            level=drawn.choice([5, 5, 5, 1]),
            hour=hour,
            until_hour=hour + drawn.choice([timedelta(0), timedelta(0), timedelta(days=1)]),
            kiosk=kiosk,
            stream=stream,
            counter=drawn.choice([1, None]),
            case_token=drawn.choice([None, "a" * 32, "b" * 32, "c" * 32]),
            officer=drawn.choice(["huong", "thang", None]),
        )
        if chance.random() < 0.2:
            run_rules(database)
    run_rules(database)


def test_the_order_of_arrival_and_of_judging_changes_nothing(database: Database, database_url: str) -> None:
    have_rules(database, STRICT, Opening("1-7", "07:30", "17:00"))
    register(database, "a" * 32)
    register(database, "d" * 32)
    a_day_by_chance(database, random.Random(1))
    found = given_by_rules(database)
    assert {label for _, label in found} >= {"duplicate", "burst", "beyond-served", "out-of-hours"}
    with database.writing() as connection:
        for table in ("answers", "rule_labels", "votes", "unjudged_days", "touched_halves"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    a_day_by_chance(database, random.Random(2))
    assert given_by_rules(database) == found
    with database.writing() as connection:
        mark_days_since(connection, SITE, DAY)
    before = change_number(database)
    assert {(done.given, done.withdrawn) for done in run_rules(database)} == {(0, 0)}
    assert change_number(database) == before


def test_several_processes_may_judge_at_once(database: Database, database_url: str) -> None:
    have_rules(database, STRICT)
    for number in range(1, 31):
        hour = THIS_HOUR + timedelta(days=number % 5)
        cast(database, number, hour=hour, case_token=f"{number % 7:032x}")
    together = threading.Barrier(3)
    done: list[Judged] = []
    failed: list[Exception] = []

    def another() -> None:
        own = Database(database_url)
        try:
            together.wait(timeout=60)
            done.extend(run_rules(own))
        except Exception as error:
            failed.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=another) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert failed == []
    assert sorted(each.day for each in done) == [DAY + timedelta(days=each) for each in range(5)]
    found = given_by_rules(database)
    assert len(found) == sum(each.given for each in done)
    with database.writing() as connection:
        mark_days_since(connection, SITE, DAY)
    run_rules(database)
    assert given_by_rules(database) == found


def test_a_changed_label_makes_the_figures_of_its_day_stale_and_no_other(database: Database) -> None:
    have_rules(database, only(RuleName.BURST))
    for number in (1, 2):
        cast(database, number)
    cast(database, 3, hour=THIS_HOUR + timedelta(days=30))
    run_rules(database)
    list(fold(database, NOW + 3 * QUIET))
    cast(database, 4)
    list(fold(database, NOW + 3 * QUIET))
    run_rules(database)
    with database.reading() as connection:
        assert connection.execute(select(touched_halves.c.half).where(STALE)).scalars().all() == [DAY.replace(day=15)]


def test_days_are_marked_once_and_a_newer_mark_stays(database: Database) -> None:
    cast(database, 1)
    cast(database, 2, hour=NEXT_DAY)
    run_rules(database)
    cast(database, 3)
    with database.writing() as connection:
        mark_days_since(connection, SITE, DAY)
        assert count_unjudged(connection) == 2
        marked = {row.day: row.touched_hour for row in connection.execute(select(unjudged_days))}
        assert marked[DAY] == whole_hour(NOW) > marked[DAY + timedelta(days=1)]
        mark_days_since(connection, SITE, DAY + timedelta(days=2))
        assert count_unjudged(connection) == 2
