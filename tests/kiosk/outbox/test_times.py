"""Votes get their hour from what is proven, once; what is on the disk knows as much as what is in memory."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.time_truth import EARLIEST, UNBOUNDED, Anchor, server_anchor
from kiosk.outbox import Outbox
from protocol.messages import ClockSource, whole_hour
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.outboxes import ALL, an_outbox, cast, raw, settled

HOUR = timedelta(hours=1)
IN_TEN_YEARS = A_MORNING + timedelta(days=3650)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    with an_outbox(path) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def hear_the_server(outbox: Outbox, clock: FakeClock, says: datetime | None = None) -> None:
    reading = clock.reading()
    heard = server_anchor(reading.boot_id, reading.boottime_ns, reading.boottime_ns, says or clock.true)
    outbox.note_anchor(heard)


def assert_near(found: datetime, expected: datetime) -> None:
    """Equal, but for the microsecond by which what is proven is rounded outwards."""
    assert abs(found - expected) <= timedelta(microseconds=1)


def test_a_vote_of_a_wrong_clock_is_dated_rightly_once_the_server_is_heard(outbox: Outbox, clock: FakeClock) -> None:
    clock.set_wall(datetime(2036, 5, 5, tzinfo=UTC))
    cast(outbox, clock=clock)
    clock.advance(2 * 3600)
    hear_the_server(outbox, clock)
    [vote] = settled(outbox, clock)
    assert (vote.hour, vote.latest_hour) == (whole_hour(A_MORNING), None)


def test_once_settled_it_stays(outbox: Outbox, clock: FakeClock) -> None:
    cast(outbox, clock=clock)
    [before] = settled(outbox, clock)
    assert (before.hour, before.latest_hour) == (whole_hour(EARLIEST), UNBOUNDED)
    hear_the_server(outbox, clock)
    assert settled(outbox, clock) == (before,)


def test_what_is_not_settled_is_not_given_away_nor_is_anything_after_it(outbox: Outbox, clock: FakeClock) -> None:
    for _ in range(4):
        cast(outbox, clock=clock)
    outbox.settle(1, 2, clock.reading())
    outbox.settle(4, 4, clock.reading())
    assert [vote.number for vote in outbox.votes(1, 4)] == [1, 2]
    assert outbox.votes(3, 4) == ()


STEPS = ("cast", "cast", "advance", "synchronise", "set back", "hear", "reboot", "settle")


@given(st.lists(st.sampled_from(STEPS), max_size=12))
@settings(max_examples=60)
def test_dated_without_writing_votes_get_the_hours_that_are_then_settled(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    path, clock = tmp_path_factory.mktemp("kiosk") / "outbox.sqlite", FakeClock()
    with an_outbox(path) as outbox:
        outbox.begin_boot(clock.reading())
        for step in steps:
            clock.advance(1800)
            match step:
                case "cast":
                    cast(outbox, clock=clock)
                case "synchronise":
                    clock.synchronise()
                case "set back":
                    clock.set_wall(A_MORNING - 400 * HOUR)
                case "hear":
                    hear_the_server(outbox, clock)
                case "reboot":
                    clock.reboot(HOUR)
                    outbox.begin_boot(clock.reading())
                case "settle":
                    outbox.settle(1, 2, clock.reading())
        before = path.read_bytes(), raw(path, "SELECT * FROM anchors"), raw(path, "SELECT number, hour FROM votes")
        dated = outbox.dated(1, ALL, clock.reading())
        after = path.read_bytes(), raw(path, "SELECT * FROM anchors"), raw(path, "SELECT number, hour FROM votes")
        assert after == before, "nothing is written"
        assert dated == settled(outbox, clock)


def test_before_any_boot_is_noted_there_is_nothing_to_date(outbox: Outbox, clock: FakeClock) -> None:
    clock.synchronise()
    assert outbox.dated(1, ALL, clock.reading()) == ()


def test_a_boot_that_never_saw_the_time_lies_between_its_neighbours(path: Path, clock: FakeClock) -> None:
    with an_outbox(path) as outbox:
        outbox.begin_boot(clock.reading())
        hear_the_server(outbox, clock)
    clock.reboot(off=10 * HOUR)
    with an_outbox(path) as outbox:
        outbox.begin_boot(clock.reading())
        cast(outbox, clock=clock)
        clock.advance(3 * 3600)
        outbox.see(clock.reading())
    clock.reboot(off=10 * HOUR)
    with an_outbox(path) as outbox:
        outbox.begin_boot(clock.reading())
        hear_the_server(outbox, clock)
        [vote] = settled(outbox, clock)
    assert vote.hour == whole_hour(A_MORNING)
    assert vote.latest_hour == whole_hour(A_MORNING + 20 * HOUR), "three of the last 23 hours it ran after the vote"


def test_a_restart_in_the_same_boot_goes_on_with_what_was_known(path: Path, clock: FakeClock) -> None:
    with an_outbox(path) as outbox:
        outbox.begin_boot(clock.reading())
        hear_the_server(outbox, clock)
    clock.advance(60)
    clock.set_wall(IN_TEN_YEARS)
    with an_outbox(path) as outbox:
        outbox.begin_boot(clock.reading())
        assert_near(outbox.known_time(clock.reading()), clock.true)
        assert outbox.clock(clock.reading()).source is ClockSource.SERVER
    assert raw(path, "SELECT count(*) FROM boots") == [(1,)]


def test_a_boot_clock_that_has_gone_back_is_another_boot(path: Path, clock: FakeClock) -> None:
    with an_outbox(path) as outbox:
        outbox.begin_boot(clock.reading())
        cast(outbox, clock=clock)
    other = FakeClock()
    other._boottime_ns = 0
    with an_outbox(path) as outbox:
        outbox.begin_boot(other.reading())
    assert raw(path, "SELECT boot_id FROM boots ORDER BY ordinal") == [("boot-1",), ("boot-1",)]


def test_a_synchronised_clock_is_an_anchor_for_votes_before(outbox: Outbox, clock: FakeClock) -> None:
    clock.set_wall(IN_TEN_YEARS)
    cast(outbox, clock=clock)
    clock.advance(600)
    clock.synchronise()
    outbox.see(clock.reading())
    clock.set_wall(IN_TEN_YEARS)
    assert [vote.hour for vote in settled(outbox, clock)] == [whole_hour(A_MORNING)]


def test_anchors_of_another_boot_are_ignored(outbox: Outbox, clock: FakeClock) -> None:
    outbox.note_anchor(server_anchor(clock.boot_id, 0, 1, IN_TEN_YEARS))
    outbox.begin_boot(clock.reading())
    outbox.note_anchor(server_anchor("another", 0, 1, IN_TEN_YEARS))
    assert outbox.clock(clock.reading()).source is ClockSource.NONE


def test_what_is_seen_is_written_seldom(outbox: Outbox, path: Path, clock: FakeClock) -> None:
    outbox.begin_boot(clock.reading())
    before = raw(path, "SELECT seen_ns FROM boots")
    clock.advance(500)
    outbox.see(clock.reading())
    assert raw(path, "SELECT seen_ns FROM boots") == before
    clock.advance(100)
    outbox.see(clock.reading())
    assert raw(path, "SELECT seen_ns FROM boots") == [(clock.boottime_ns(),)]


def test_the_oldest_waiting_vote_is_known_by_its_earliest_hour(outbox: Outbox, clock: FakeClock) -> None:
    clock.synchronise()
    cast(outbox, clock=clock)
    assert outbox.standing().oldest_waiting == whole_hour(A_MORNING)
    settled(outbox, clock)
    assert outbox.standing().oldest_waiting == whole_hour(A_MORNING)
    outbox.confirm(1, A_MORNING)
    assert outbox.standing().oldest_waiting is None


def test_a_contradiction_is_logged_and_the_server_believed(
    outbox: Outbox, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.synchronise()
    outbox.begin_boot(clock.reading())
    hear_the_server(outbox, clock, says=A_MORNING - timedelta(days=400))
    assert_near(outbox.known_time(clock.reading()), A_MORNING - timedelta(days=400))
    ntp = Anchor(clock.boot_id, clock.boottime_ns(), IN_TEN_YEARS, timedelta(0), ClockSource.NTP)
    outbox.note_anchor(ntp)
    assert_near(outbox.known_time(clock.reading()), A_MORNING - timedelta(days=400))
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "the time by server contradicts what was known, and is believed",
        "the time by ntp contradicts what was known, and is not believed",
    ]


def test_boots_that_no_vote_needs_any_more_are_dropped(path: Path, clock: FakeClock) -> None:
    for _ in range(3):
        with an_outbox(path) as outbox:
            outbox.begin_boot(clock.reading())
            hear_the_server(outbox, clock)
            cast(outbox, clock=clock)
        clock.reboot(off=10 * HOUR)
    with an_outbox(path) as outbox:
        outbox.settle(1, 1, clock.reading())
        outbox.forget(clock.true)
        assert raw(path, "SELECT ordinal FROM boots ORDER BY ordinal") == [(1,), (2,), (3,), (4,)]
        outbox.confirm(1, clock.true)
        outbox.forget(clock.true)
        assert raw(path, "SELECT ordinal FROM boots ORDER BY ordinal") == [(2,), (3,), (4,)]
        assert raw(path, "SELECT DISTINCT boot FROM anchors ORDER BY boot") == [(2,), (3,)]
        settled(outbox, clock)
        outbox.confirm(3, clock.true)
        outbox.forget(clock.true)
        assert raw(path, "SELECT ordinal FROM boots") == [(4,)]


def test_a_second_process_takes_the_boot_that_runs_however_old_its_reading_is(
    outbox: Outbox, path: Path, clock: FakeClock
) -> None:
    outbox.begin_boot(clock.reading())
    cast(outbox, clock=clock)
    old = clock.reading()
    clock.advance(0.05)
    cast(outbox, clock=clock)
    visitor = Outbox(path, mend=False)
    visitor.settle(1, 2, old)
    visitor.close()
    assert raw(path, "SELECT ordinal FROM boots") == [(1,)]
    outbox.confirm(2, clock.true)
    outbox.forget(clock.true)
    cast(outbox, clock=clock)
    assert outbox.standing().waiting == 1
    assert len(settled(outbox, clock)) == 3


def test_the_running_boot_is_kept_though_a_later_one_was_noted(outbox: Outbox, path: Path, clock: FakeClock) -> None:
    outbox.begin_boot(clock.reading())
    raw(path, "INSERT INTO boots SELECT 2, boot_id, floor, began_ns, seen_ns, checksum FROM boots")
    outbox.forget(clock.true)
    assert raw(path, "SELECT ordinal FROM boots ORDER BY ordinal") == [(1,), (2,)]


def test_a_vote_whose_boot_is_not_known_any_more_lies_between_its_neighbours(path: Path, clock: FakeClock) -> None:
    with an_outbox(path) as outbox:
        for _ in range(3):
            outbox.begin_boot(clock.reading())
            hear_the_server(outbox, clock)
            cast(outbox, clock=clock)
            clock.reboot(off=10 * HOUR)
        raw(path, "DELETE FROM boots WHERE ordinal = 2")
        raw(path, "DELETE FROM anchors WHERE boot = 2")
        hours = [(vote.hour, vote.latest_hour) for vote in settled(outbox, clock)]
        known = whole_hour(A_MORNING)
        assert hours == [(known, None), (known, known + 20 * HOUR), (known + 20 * HOUR, None)]


def test_a_vote_of_an_unknown_boot_that_waits_does_not_stop_the_kiosk(
    outbox: Outbox, path: Path, clock: FakeClock
) -> None:
    cast(outbox, clock=clock)
    raw(path, "DELETE FROM boots")
    assert outbox.standing().oldest_waiting == whole_hour(EARLIEST)
    assert len(settled(outbox, clock)) == 1


def test_copies_are_erased_by_nothing_but_what_the_server_said_twice_hours_apart(
    outbox: Outbox, clock: FakeClock
) -> None:
    assert outbox.time_to_erase_by() == EARLIEST
    clock.synchronise()
    outbox.begin_boot(clock.reading())
    clock.advance(7 * 3600)
    outbox.see(clock.reading())
    assert outbox.time_to_erase_by() == EARLIEST, "NTP is not asked"
    told = clock.true
    hear_the_server(outbox, clock)
    clock.advance(6 * 3600 - 1)
    hear_the_server(outbox, clock)
    assert outbox.time_to_erase_by() == EARLIEST
    clock.advance(3 * 3600)
    hear_the_server(outbox, clock)
    assert outbox.time_to_erase_by() == told
    hear_the_server(outbox, clock, says=IN_TEN_YEARS)
    assert outbox.time_to_erase_by() == EARLIEST, "it contradicts itself"


def test_what_the_clock_proves_when_votes_are_settled_dates_them_and_is_remembered(
    outbox: Outbox, clock: FakeClock
) -> None:
    clock.set_wall(A_MORNING - timedelta(days=400))
    outbox.begin_boot(clock.reading())
    cast(outbox, clock=clock)
    clock.advance(3 * 3600)
    cast(outbox, clock=clock)
    for _ in range(2):
        hear_the_server(outbox, clock)
        clock.advance(7 * 3600)
    hear_the_server(outbox, clock)
    told = outbox.time_to_erase_by()
    assert told > EARLIEST
    first, second = settled(outbox, clock)
    assert (first.hour, first.latest_hour) == (whole_hour(A_MORNING), None)
    assert (second.hour, second.latest_hour) == (whole_hour(A_MORNING + timedelta(hours=3)), None)
    assert outbox.time_to_erase_by() == told


def test_a_synchronised_clock_dates_the_earlier_votes_of_its_boot_when_they_are_settled(
    outbox: Outbox, clock: FakeClock
) -> None:
    clock.set_wall(A_MORNING - timedelta(days=400))
    outbox.begin_boot(clock.reading())
    cast(outbox, clock=clock)
    clock.advance(3 * 3600)
    clock.synchronise()
    [vote] = settled(outbox, clock)
    assert (vote.hour, vote.latest_hour) == (whole_hour(A_MORNING), None)


def test_the_time_is_asked_for_before_the_boot_is_noted(outbox: Outbox, clock: FakeClock) -> None:
    assert outbox.known_time(clock.reading()) == A_MORNING
    assert outbox.proven_time(clock.reading()) == EARLIEST + timedelta(seconds=1000 * (1 - 500e-6))


def test_a_kiosk_that_never_hears_the_time_dates_no_vote_before_it_was_made(path: Path, clock: FakeClock) -> None:
    clock.set_wall(EARLIEST)
    made = A_MORNING - timedelta(days=2)
    outbox = Outbox(path)
    outbox.know_at_least(made)
    outbox.know_at_least(made - timedelta(days=100))
    outbox.begin_boot(clock.reading())
    cast(outbox, clock=clock)
    [vote] = settled(outbox, clock)
    elapsed = timedelta(microseconds=clock.boottime_ns() / 1000)
    assert whole_hour(made) <= vote.hour <= whole_hour(made + elapsed)
    assert vote.latest_hour == UNBOUNDED
    outbox.close()
