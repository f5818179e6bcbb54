"""The true hour lies inside what is settled, whatever the clocks do; and what contradicts itself is told."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.core.time_truth import (
    AGREED_APART_NS,
    DRIFT_PPM,
    EARLIEST,
    MOST_ANCHORS,
    NTP_MARGIN,
    UNBOUNDED,
    WORTH_KEEPING,
    Anchor,
    Boot,
    Dated,
    Reading,
    Timeline,
    best_now,
    note,
    ntp_anchor,
    server_anchor,
    settle,
    twice_told,
)
from protocol.messages import ClockSource, whole_hour

SECOND = 1_000_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NONE, NTP, SERVER = ClockSource.NONE, ClockSource.NTP, ClockSource.SERVER


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def anchor(
    time: datetime, at: int = HOUR, *, error: float = 0.0, source: ClockSource = SERVER, boot_id: str = "b"
) -> Anchor:
    return Anchor(boot_id, at, time, seconds(error), source)


def boot(*anchors: Anchor, ordinal: int = 1, floor: datetime = EARLIEST, seen: int = 8 * HOUR) -> Boot:
    return Boot(ordinal, "b", floor, 0, seen, anchors)


def reading(wall: datetime, at: int = HOUR, max_error: float | None = None) -> Reading:
    return Reading("b", at, wall, None if max_error is None else seconds(max_error))


# --- a whole world -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Passes:
    """The machine runs on: so long by its own clock, so fast."""

    boottime_ns: int
    ppm: int


@dataclass(frozen=True)
class Votes:
    """Somebody casts a vote."""


@dataclass(frozen=True)
class WallJumps:
    """Somebody, or something, sets the wall clock."""

    by: timedelta


@dataclass(frozen=True)
class Synchronises:
    """NTP sets the wall clock: it is off by *part* of what the kernel then vouches for."""

    max_error: timedelta
    part: float


@dataclass(frozen=True)
class HearsTheServer:
    """The server answers after so long; it read its clock at *part* of that."""

    took_ns: int
    part: float
    ppm: int


@dataclass(frozen=True)
class Settles:
    """The votes so far are settled: they are about to be sent."""


@dataclass(frozen=True)
class SwitchedOff:
    """The power is cut, for so long."""

    off_ns: int


Happening = Passes | Votes | WallJumps | Synchronises | HearsTheServer | Settles | SwitchedOff

rates = st.integers(1 - DRIFT_PPM, DRIFT_PPM - 1)
parts = st.floats(-1, 1)
happenings = st.lists(
    st.one_of(
        st.builds(Passes, st.integers(SECOND // 1000, 3 * DAY), rates),
        st.just(Votes()),
        st.just(Votes()),
        st.builds(WallJumps, st.timedeltas(timedelta(days=-3650), timedelta(days=3650))),
        st.builds(Synchronises, st.timedeltas(timedelta(0), seconds(16)), parts),
        st.builds(HearsTheServer, st.integers(SECOND // 1000, 600 * SECOND), st.floats(0, 1), rates),
        st.just(Settles()),
        st.builds(SwitchedOff, st.integers(SECOND, 30 * DAY)),
    ),
    max_size=30,
)


@dataclass
class Row:
    true_ns: int
    ordinal: int
    reading: Reading
    dated: Dated | None = None


@dataclass
class World:
    """Keeps the truth in nanoseconds, and beside it what the kiosk would have on its disk."""

    true_ns: int
    boottime_ns: int = 0
    wall_ahead_ns: int = 0
    max_error: timedelta | None = None
    boots: list[Boot] = field(default_factory=lambda: [Boot(1, "1", EARLIEST, 0, 0)])
    floor: datetime = EARLIEST
    heard: dict[int, list[Anchor]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def happens(self, what: Happening) -> None:
        match what:
            case Passes(boottime_ns, ppm):
                self.passes(boottime_ns, ppm)
            case Votes():
                self.rows.append(Row(self.true_ns, self.boots[-1].ordinal, self.reading()))
                self.sees()
            case WallJumps(by):
                self.wall_ahead_ns += by // timedelta(microseconds=1) * 1000
                self.max_error = None
            case Synchronises(max_error, part):
                self.wall_ahead_ns = int(part * (max_error // timedelta(microseconds=1)) * 1000)
                self.max_error = max_error
                self.proves(ntp_anchor(self.reading()))
            case HearsTheServer(took_ns, part, ppm):
                asked_ns, began_ns = self.boottime_ns, self.true_ns
                self.passes(took_ns, ppm)
                read_ns = began_ns + int((self.true_ns - began_ns) * part)
                # It is read on the stroke of a microsecond: no clock of the wire is finer.
                server_time = moment(min(read_ns + 999, self.true_ns))
                self.proves(server_anchor(self.boots[-1].boot_id, asked_ns, self.boottime_ns, server_time))
            case Settles():
                self.settles()
            case SwitchedOff(off_ns):
                self.switched_off(off_ns)

    def passes(self, boottime_ns: int, ppm: int) -> None:
        self.boottime_ns += boottime_ns
        self.true_ns += boottime_ns * (1_000_000 + ppm) // 1_000_000
        self.wall_ahead_ns -= boottime_ns * ppm // 1_000_000
        if self.max_error is not None:  # as the kernel does
            self.max_error += timedelta(microseconds=boottime_ns * DRIFT_PPM // 1_000_000 // 1000 + 1)
            if self.max_error >= seconds(16):
                self.max_error = None

    def reading(self) -> Reading:
        wall = moment(self.true_ns + self.wall_ahead_ns)
        return Reading(self.boots[-1].boot_id, self.boottime_ns, wall, self.max_error)

    def sees(self) -> None:
        self.boots[-1] = replace(self.boots[-1], seen_ns=self.boottime_ns)

    def proves(self, proof: Anchor | None) -> None:
        assert proof is not None
        noted = note(self.boots[-1], self.floor, proof)
        assert not noted.disputed, "the truth contradicts nothing"
        self.boots[-1], self.floor = noted.boot, noted.floor
        self.heard.setdefault(noted.boot.ordinal, []).append(proof)

    def switched_off(self, off_ns: int) -> None:
        self.floor = max(self.floor, Timeline(self.boots[-1:]).newest_known())
        assert ns(self.floor) <= self.true_ns
        self.true_ns += off_ns
        self.boottime_ns, self.max_error = 0, None
        ordinal = self.boots[-1].ordinal + 1
        self.boots.append(Boot(ordinal, str(ordinal), self.floor, 0, 0))

    def settles(self) -> None:
        timeline = Timeline(self.boots)
        for row in (row for row in self.rows if row.dated is None):
            row.dated = timeline.when(row.ordinal, row.reading.boottime_ns, ntp_anchor(row.reading))
            assert row.dated == settle(row.reading, self.boots, row.ordinal)
            assert width(row.dated) <= self.widest(row)

    def widest(self, row: Row) -> timedelta:
        """With an anchor in the boot: its error, its distance, and what a further one was not worth keeping for."""
        bounds = [
            2 * (proof.error + drift(proof.boottime_ns - row.reading.boottime_ns)) + WORTH_KEEPING
            for proof in self.heard.get(row.ordinal, ())
        ]
        return min(bounds, default=UNBOUNDED - EARLIEST)


def moment(nanoseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=nanoseconds // 1000)


def ns(time: datetime) -> int:
    return (time - EPOCH) // timedelta(microseconds=1) * 1000


def width(interval: Dated) -> timedelta:
    return interval.not_after - interval.not_before


def drift(nanoseconds: int) -> timedelta:
    return timedelta(microseconds=abs(nanoseconds) * DRIFT_PPM // 1_000_000 // 1000 + 1)


def dated(row: Row) -> Dated:
    assert row.dated is not None
    return row.dated


@given(happenings, st.integers(0, 1500).map(lambda days: NOON + timedelta(days=days, seconds=977 * days)))
@settings(max_examples=400)
@example([Passes(47_937_524_683, 412), HearsTheServer(1_071_060, 0.0, 499), Votes()], NOON)
def test_the_true_hour_lies_inside_what_is_settled(story: list[Happening], began: datetime) -> None:
    world = World(ns(began))
    for what in story:
        world.happens(what)
        now = best_now(world.reading(), world.boots[-1])
        assert ns(now.not_before) <= world.true_ns
        assert not now.disputed
        assert abs(world.true_ns - ns(now.time)) <= ns(EPOCH + now.error) + 1000
        assert abs(ns(EPOCH + now.offset) - world.wall_ahead_ns) <= ns(EPOCH + now.error) + 2000
        assert now.time >= now.not_before >= world.boots[-1].floor
    world.settles()
    for row in world.rows:
        settled = dated(row)
        assert ns(settled.not_before) <= row.true_ns <= ns(settled.not_after)
        true_hour = whole_hour(moment(row.true_ns))
        assert settled.hour <= true_hour <= (settled.latest_hour or settled.hour)
        assert not settled.disputed
    for earlier, later in pairwise(world.rows):
        assert dated(earlier).not_before <= dated(later).not_after, "numbers never contradict the hours"


# --- one thing at a time ---------------------------------------------------------------------------


def test_a_vote_is_dated_by_the_anchor_of_its_boot_however_wrong_the_wall_clock() -> None:
    settled = settle(reading(datetime(2016, 1, 1, tzinfo=UTC), at=0), [boot(anchor(NOON))], 1)
    assert (settled.hour, settled.latest_hour) == (datetime(2026, 11, 23, 10, tzinfo=UTC), NOON - timedelta(hours=1))
    assert width(settled) == seconds(2 * 1.8)
    assert settled.source is SERVER


def test_an_interval_within_an_hour_is_that_hour() -> None:
    settled = settle(reading(NOON, at=0), [boot(anchor(NOON + timedelta(minutes=30)))], 1)
    assert (settled.hour, settled.latest_hour) == (NOON - timedelta(hours=1), None)


def test_the_wall_clock_of_a_boot_that_never_saw_the_time_is_not_believed() -> None:
    settled = settle(reading(NOON, at=0), [boot(floor=NOON - timedelta(days=30))], 1)
    assert (settled.not_before, settled.not_after) == (NOON - timedelta(days=30), UNBOUNDED)
    assert settled.source is NONE


def test_a_synchronised_wall_clock_dates_its_own_row() -> None:
    settled = settle(reading(NOON, at=0, max_error=4.0), [boot()], 1)
    assert (settled.not_before, settled.not_after) == (NOON - seconds(5), NOON + seconds(5))
    assert settled.source is NTP


@pytest.mark.parametrize("source", [NTP, SERVER])
def test_a_boot_without_the_time_lies_between_its_neighbours(source: ClockSource) -> None:
    boots = [
        boot(anchor(NOON, source=source), ordinal=1, seen=HOUR),
        boot(ordinal=2, floor=NOON, seen=2 * HOUR),
        boot(ordinal=3, floor=NOON, seen=3 * HOUR),
        boot(anchor(NOON + timedelta(hours=24), at=0, source=source), ordinal=4, floor=NOON),
    ]
    vote = Timeline(boots).when(2, HOUR)
    an_hour, four_hours = seconds(3600 - 1.8), seconds(4 * (3600 - 1.8))
    assert vote.not_before == NOON + an_hour
    assert vote.not_after == NOON + timedelta(hours=24) - four_hours
    assert vote.source is NONE
    assert not vote.disputed


def test_boots_after_which_nobody_saw_the_time_are_not_bounded() -> None:
    boots = [boot(ordinal=1, floor=NOON, seen=HOUR), boot(ordinal=2, floor=NOON, seen=HOUR)]
    assert Timeline(boots).when(1, 0).not_after == UNBOUNDED
    assert Timeline(boots).when(2, 0).not_after == UNBOUNDED


def test_the_known_time_counts_from_the_moment_it_was_known() -> None:
    began_late = replace(boot(floor=NOON), began_ns=2 * HOUR)
    assert Timeline([began_late]).when(1, HOUR).not_before == NOON
    assert Timeline([began_late]).when(1, 3 * HOUR).not_before == NOON + seconds(3600 - 1.8)


def test_an_interval_is_rounded_outwards() -> None:
    vote = Timeline([boot(anchor(NOON, at=0))]).when(1, 1000)
    assert (vote.not_before, vote.not_after) == (NOON, NOON + timedelta(microseconds=2))


def test_without_any_boot_nothing_is_known() -> None:
    assert Timeline([]).newest_known() == EARLIEST


def test_the_newest_known_time_grows_with_the_last_boot() -> None:
    assert Timeline([boot(anchor(NOON), seen=2 * HOUR)]).newest_known() == NOON + seconds(3600 - 1.8)


def test_an_answer_is_heard_after_its_question() -> None:
    with pytest.raises(ValueError, match="after its question"):
        server_anchor("b", 2, 1, NOON)


def test_the_servers_time_is_as_uncertain_as_half_the_round_trip_and_its_clock_s_last_digit() -> None:
    digit = timedelta(microseconds=1)
    at_once = server_anchor("b", HOUR, HOUR, NOON)
    assert at_once == Anchor("b", HOUR, NOON + digit, digit, SERVER)
    heard = server_anchor("b", HOUR, HOUR + 2 * SECOND, NOON)
    assert heard.boottime_ns == HOUR + 2 * SECOND
    assert heard.time - NOON == heard.error == seconds(1.0005) + digit


def test_no_time_of_a_server_is_too_large_to_be_reckoned_with() -> None:
    heard = server_anchor("b", 0, 600 * SECOND, datetime.max.replace(tzinfo=UTC))
    noted = note(boot(), NOON, heard)
    assert (noted.kept, noted.disputed, noted.floor, noted.boot) == (False, True, NOON, boot())


def test_an_unsynchronised_wall_clock_proves_nothing_and_a_synchronised_one_what_the_kernel_vouches_for() -> None:
    assert ntp_anchor(reading(NOON)) is None
    told = reading(NOON, max_error=0.25)
    assert ntp_anchor(told) == Anchor(told.boot_id, HOUR, NOON, seconds(0.25) + NTP_MARGIN, NTP)


# --- what is kept ------------------------------------------------------------------------------------


def test_the_first_anchor_of_a_source_is_kept_and_raises_the_newest_known_time() -> None:
    noted = note(boot(), EARLIEST, anchor(NOON, error=5, source=NTP))
    assert noted.kept
    assert noted.floor == NOON - seconds(5)
    assert note(boot(seen=0), EARLIEST, anchor(NOON)).boot.seen_ns == HOUR
    again = note(noted.boot, noted.floor, anchor(NOON, error=4, source=SERVER))
    assert again.kept
    assert [known.source for known in again.boot.anchors] == [NTP, SERVER]


def test_an_anchor_that_proves_next_to_nothing_is_not_worth_a_write() -> None:
    known = boot(anchor(NOON, error=1))
    soon = note(known, NOON, anchor(NOON + timedelta(hours=1), at=2 * HOUR))
    assert not soon.kept
    assert soon.boot == known
    later = note(known, NOON, anchor(NOON + timedelta(hours=3), at=4 * HOUR))
    assert later.kept
    assert later.floor == NOON + timedelta(hours=3)
    by_ntp = note(known, NOON, anchor(NOON + timedelta(hours=1), at=2 * HOUR, source=NTP))
    assert not by_ntp.kept
    vague = note(known, NOON, anchor(NOON + timedelta(hours=3), at=4 * HOUR, error=2))
    assert not vague.kept


def test_an_anchor_never_takes_known_time_back_that_it_does_not_contradict() -> None:
    assert note(boot(), NOON, anchor(NOON, error=5)).floor == NOON
    assert note(boot(), NOON, anchor(EARLIEST, error=5)).floor == EARLIEST, "nor before this program was written"


def test_a_boot_keeps_a_bounded_number_of_anchors_over_all_its_length() -> None:
    known, floor = boot(), EARLIEST
    for place in range(3 * MOST_ANCHORS):
        noted = note(known, floor, anchor(NOON + timedelta(hours=3 * place), at=3 * HOUR * place))
        assert noted.kept
        known, floor = noted.boot, noted.floor
        assert min(place + 1, MOST_ANCHORS // 2) <= len(known.anchors) <= MOST_ANCHORS
        assert known.anchors[-1].boottime_ns == 3 * HOUR * place
    times = [proof.time for proof in known.anchors]
    assert times == sorted(times)
    assert times[0] == NOON
    assert times[-1] == NOON + timedelta(hours=3 * (3 * MOST_ANCHORS - 1))


# --- who is believed ---------------------------------------------------------------------------------


def test_the_server_wins_over_ntp() -> None:
    by_ntp = note(boot(), EARLIEST, anchor(NOON + timedelta(days=3650), source=NTP))
    by_server = note(by_ntp.boot, by_ntp.floor, anchor(NOON, at=2 * HOUR))
    assert (by_server.kept, by_server.disputed) == (True, True)
    assert by_server.boot.anchors == (anchor(NOON, at=2 * HOUR),)
    assert by_server.floor == NOON, "what the server takes back was never known"
    still = note(by_server.boot, by_server.floor, anchor(NOON + timedelta(days=3650), at=3 * HOUR, source=NTP))
    assert (still.kept, still.disputed, still.floor) == (False, True, NOON)
    assert still.boot == by_server.boot


def test_the_servers_newest_word_counts() -> None:
    wrong = note(boot(), EARLIEST, anchor(NOON + timedelta(days=3650)))
    right = note(wrong.boot, wrong.floor, anchor(NOON, at=2 * HOUR))
    assert (right.kept, right.disputed, right.floor) == (True, True, NOON)
    assert settle(reading(NOON, at=2 * HOUR), [right.boot], 1).not_after == NOON
    both = boot(anchor(NOON), anchor(NOON + timedelta(days=3650), at=2 * HOUR))
    assert Timeline([both]).when(1, 2 * HOUR).not_before == NOON + timedelta(days=3650)


def test_ntp_is_not_believed_below_the_newest_known_time() -> None:
    noted = note(boot(floor=NOON), NOON, anchor(NOON - timedelta(days=1), source=NTP))
    assert (noted.kept, noted.disputed, noted.floor) == (False, True, NOON)
    settled = settle(reading(NOON - timedelta(days=1), at=HOUR, max_error=1.0), [boot(floor=NOON)], 1)
    assert settled.not_before >= NOON
    assert (settled.disputed, settled.source) == (True, NONE)


def test_newer_ntp_wins_over_older_ntp() -> None:
    first = note(boot(), EARLIEST, anchor(NOON - timedelta(days=1), source=NTP))
    second = note(first.boot, first.floor, anchor(NOON, at=2 * HOUR, source=NTP))
    assert (second.kept, second.disputed, second.floor) == (True, True, NOON)


def test_a_small_correction_is_no_contradiction() -> None:
    first = note(boot(), EARLIEST, anchor(NOON))
    second = note(first.boot, first.floor, anchor(NOON - seconds(0.5), at=HOUR))
    assert not second.disputed
    settled = settle(reading(NOON), [boot(anchor(NOON, at=HOUR), anchor(NOON - seconds(0.5), at=HOUR + 1))], 1)
    assert not settled.disputed


def test_a_contradiction_is_told_whatever_agrees_afterwards() -> None:
    words = (anchor(NOON - seconds(0.5), at=0), anchor(NOON + timedelta(days=1), at=1), anchor(NOON, at=2))
    assert settle(reading(NOON, at=2), [boot(*words)], 1).disputed


@pytest.mark.parametrize("source", [NTP, SERVER])
@pytest.mark.parametrize("time", [datetime(1970, 1, 2, tzinfo=UTC), EARLIEST - timedelta(days=1)])
def test_a_clock_that_never_was_set_is_not_believed(time: datetime, source: ClockSource) -> None:
    noted = note(boot(), EARLIEST, anchor(time, source=source))
    assert (noted.kept, noted.disputed) == (False, True)


def test_a_known_time_that_the_server_took_back_bounds_nothing() -> None:
    in_ten_years = NOON + timedelta(days=3650)
    boots = [
        boot(ordinal=1, floor=in_ten_years, seen=HOUR),
        boot(anchor(NOON, at=0), ordinal=2, floor=in_ten_years),
    ]
    unsynchronised = Timeline(boots).when(1, HOUR)
    assert (unsynchronised.not_before, unsynchronised.not_after) == (EARLIEST, NOON)
    assert unsynchronised.disputed
    assert best_now(reading(NOON, at=0), boots[1]).time == NOON


def test_a_known_time_that_the_server_took_back_bounds_nothing_however_many_boots_lie_between() -> None:
    in_ten_years = NOON + timedelta(days=3650)
    boots = [
        boot(ordinal=1, floor=in_ten_years, seen=HOUR),
        boot(ordinal=2, floor=in_ten_years, seen=2 * HOUR),
        boot(anchor(NOON, at=0), ordinal=3, floor=in_ten_years),
    ]
    timeline = Timeline(boots)
    assert timeline.when(2, 2 * HOUR).not_after == NOON
    assert timeline.when(1, HOUR).not_after == NOON - seconds(2 * (3600 - 1.8))
    assert timeline.when(1, 0).not_after == NOON - seconds(3 * (3600 - 1.8))


@pytest.mark.parametrize("between", [0, 1])
def test_the_servers_word_in_a_later_boot_outweighs_ntp_by_as_long_as_the_machine_ran_until_then(between: int) -> None:
    claimed = anchor(NOON - timedelta(hours=2), at=HOUR, source=NTP)
    boots = [
        boot(claimed, ordinal=1, seen=HOUR if between else 6 * HOUR),
        *(boot(ordinal=2, seen=5 * HOUR) for _ in range(between)),
        boot(anchor(NOON, at=0), ordinal=3),
    ]
    vote = Timeline(boots).when(1, HOUR)
    assert vote.not_after == NOON - seconds(5 * (3600 - 1.8))
    assert (vote.source, vote.disputed) == (NONE, True)


# --- what is to be erased by -----------------------------------------------------------------------------


def test_the_servers_word_is_erased_by_once_six_hours_of_the_boot_have_not_taken_it_back() -> None:
    first, second = anchor(NOON, at=0, error=2), anchor(NOON + timedelta(hours=6), at=AGREED_APART_NS, error=2)
    assert twice_told(boot(first, second)) == NOON - seconds(2)
    early = replace(second, boottime_ns=AGREED_APART_NS - 1)
    assert twice_told(boot(first, early)) == EARLIEST


def test_the_newest_word_that_was_told_twice_is_erased_by() -> None:
    words = [anchor(NOON + timedelta(hours=hours), at=hours * HOUR) for hours in (1, 3, 8, 10)]
    assert twice_told(boot(*words)) == NOON + timedelta(hours=3)


def test_nothing_is_erased_by_ntp_or_by_a_single_word_or_by_none() -> None:
    by_ntp = [anchor(NOON + timedelta(hours=hours), at=hours * HOUR, source=NTP) for hours in (0, 9)]
    assert twice_told(boot(*by_ntp)) == EARLIEST
    assert twice_told(boot(by_ntp[0], anchor(NOON, at=20 * HOUR))) == EARLIEST
    assert twice_told(boot(anchor(NOON), by_ntp[1])) == EARLIEST
    assert twice_told(boot()) == EARLIEST


# --- the present ---------------------------------------------------------------------------------------


def test_without_anything_else_the_wall_clock_counts() -> None:
    now = best_now(reading(NOON), boot())
    assert (now.time, now.source, now.offset) == (NOON, NONE, timedelta(0))
    assert now.error == UNBOUNDED - NOON
    assert now.not_before == EARLIEST + seconds(3600 - 1.8)


def test_the_present_is_never_before_the_newest_known_time() -> None:
    now = best_now(reading(EARLIEST, at=0), boot(floor=NOON))
    assert (now.time, now.offset) == (NOON, EARLIEST - NOON)


def test_a_wall_clock_beyond_all_time_is_cut() -> None:
    now = best_now(reading(datetime.max.replace(tzinfo=UTC), at=0), boot())
    assert (now.time, now.error) == (UNBOUNDED, UNBOUNDED - EARLIEST)


def test_with_an_anchor_the_present_is_known_within_its_error() -> None:
    now = best_now(reading(NOON - timedelta(days=1), at=2 * HOUR), boot(anchor(NOON, error=1)))
    assert (now.time, now.error, now.source) == (NOON + timedelta(hours=1), seconds(1 + 1.8), SERVER)
    report = now.report()
    assert (report.source, report.error, report.offset) == (SERVER, 2.8, -25 * 3600)


def test_a_synchronised_wall_clock_needs_no_anchor() -> None:
    now = best_now(reading(NOON, max_error=0.0), boot())
    assert (now.time, now.error, now.source) == (NOON, NTP_MARGIN, NTP)
