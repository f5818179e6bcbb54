"""One visit to the screen: every transition, and what no history of events may lead to."""

from collections import deque
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from kiosk.core.events import (
    STORING_SECONDS,
    CaseScanned,
    CaseSpent,
    CastVote,
    DismissTouched,
    Effect,
    Event,
    IdentifyAsked,
    LevelTouched,
    ProbeStorage,
    RefusedScanned,
    StartTouched,
    StorageFailed,
    StorageHealed,
    Tick,
    VoteStored,
)
from kiosk.core.session import IDENTIFY_SECONDS, PROBE_SECONDS, USUAL, Step, advance
from kiosk.core.states import (
    AlreadyRated,
    Identifying,
    Idle,
    OutOfOrder,
    Rating,
    ScanRefused,
    State,
    Storing,
    Thanking,
    is_amid_a_rating,
    is_between_visits,
)
from kiosk.core.survey import SURVEY
from kiosk.core.visit import Case
from protocol.codes import RefusedReason
from protocol.messages import Thresholds

CARD = RefusedReason.IDENTITY_CARD
UNKNOWN = RefusedReason.NOT_RECOGNISED
ONE = Case("1" * 32, "…1119-0001")
TWO = Case("2" * 32, "…1119-0002")
VOTE = "0f" * 16

IDLE = Idle()
RATING = Rating(ONE, until=130.0)
STORING = Storing(ONE, 4, until=110.0)
THANKING = Thanking(VOTE, until=105.0)
RATED = AlreadyRated(until=106.0)
REFUSED = ScanRefused(CARD, until=106.0, rating=False, case=None)
REFUSED_AMID = ScanRefused(CARD, until=106.0, rating=True, case=ONE)
BROKEN = OutOfOrder(probe_at=102.0)
IDENTIFYING = Identifying("quay-1", until=106.0)
STATES: list[State] = [IDLE, RATING, STORING, THANKING, RATED, REFUSED, REFUSED_AMID, BROKEN, IDENTIFYING]
OPEN_TO_SCANS = [state for state in STATES if not isinstance(state, Storing | OutOfOrder)]
WORKING = [state for state in STATES if not isinstance(state, OutOfOrder)]


def named(state: object) -> str:
    return type(state).__name__


# --- every transition ----------------------------------------------------------------------------


@pytest.mark.parametrize("state", OPEN_TO_SCANS, ids=named)
def test_a_case_is_rated_from_wherever_the_screen_stands(state: State) -> None:
    assert advance(state, CaseScanned(100.0, TWO, already_rated=False)) == Step(Rating(TWO, 100.0 + USUAL.rating))


@pytest.mark.parametrize("state", OPEN_TO_SCANS, ids=named)
def test_a_case_is_rated_only_once(state: State) -> None:
    assert advance(state, CaseScanned(100.0, TWO, already_rated=True)) == Step(AlreadyRated(100.0 + USUAL.notice))


@pytest.mark.parametrize("state", [IDLE, THANKING, RATED, REFUSED, IDENTIFYING], ids=named)
def test_what_is_not_for_us_is_refused(state: State) -> None:
    refused = ScanRefused(UNKNOWN, 100.0 + USUAL.notice, rating=False, case=None)
    assert advance(state, RefusedScanned(100.0, UNKNOWN)) == Step(refused)


@pytest.mark.parametrize("state", [RATING, REFUSED_AMID], ids=named)
def test_a_refused_scan_amid_a_visit_keeps_its_case(state: State) -> None:
    refused = ScanRefused(UNKNOWN, 100.0 + USUAL.notice, rating=True, case=ONE)
    assert advance(state, RefusedScanned(100.0, UNKNOWN)) == Step(refused)


@pytest.mark.parametrize("event", [DismissTouched(101.0), Tick(106.0)], ids=named)
def test_after_a_refusal_the_visit_goes_on_if_one_had_begun(event: DismissTouched | Tick) -> None:
    assert advance(REFUSED_AMID, event) == Step(Rating(ONE, event.at + USUAL.rating))
    without_case = ScanRefused(CARD, 106.0, rating=True, case=None)
    assert advance(without_case, event) == Step(Rating(None, event.at + USUAL.rating))
    assert advance(REFUSED, event) == Step(IDLE)


def test_one_may_rate_without_a_code() -> None:
    assert advance(IDLE, StartTouched(100.0)) == Step(Rating(None, 100.0 + USUAL.rating))


@pytest.mark.parametrize("level", SURVEY.levels)
def test_a_touched_face_is_stored_before_anything_is_thanked_for(level: int) -> None:
    step = advance(RATING, LevelTouched(100.0, level))
    assert isinstance(step.state, Storing)
    assert step.state == Storing(ONE, level, 100.0 + STORING_SECONDS)
    assert step.effect == CastVote(ONE, level, by=step.state.until)


def test_a_stored_vote_is_thanked_for() -> None:
    assert advance(STORING, VoteStored(100.0, VOTE, by=STORING.until)) == Step(Thanking(VOTE, 100.0 + USUAL.thanks))


def test_a_case_that_was_spent_meanwhile_is_not_thanked_for() -> None:
    assert advance(STORING, CaseSpent(100.0, by=STORING.until)) == Step(AlreadyRated(100.0 + USUAL.notice))


@pytest.mark.parametrize("answer", [VoteStored(100.0, VOTE, by=60.0), CaseSpent(100.0, by=60.0)], ids=named)
def test_the_answer_to_a_vote_given_up_on_is_not_taken_for_the_present_ones(answer: Event) -> None:
    assert advance(STORING, answer) == Step(STORING)


@pytest.mark.parametrize("state", WORKING, ids=named)
def test_a_storage_that_fails_puts_the_kiosk_out_of_order(state: State) -> None:
    assert advance(state, StorageFailed(100.0)) == Step(OutOfOrder(100.0 + PROBE_SECONDS))


def test_a_storage_that_does_not_answer_puts_the_kiosk_out_of_order() -> None:
    assert advance(STORING, Tick(109.9)) == Step(STORING)
    assert advance(STORING, Tick(110.0)) == Step(OutOfOrder(110.0 + PROBE_SECONDS))


def test_out_of_order_the_storage_is_probed_again_and_again() -> None:
    assert advance(BROKEN, Tick(101.9)) == Step(BROKEN)
    assert advance(BROKEN, Tick(103.0)) == Step(OutOfOrder(103.0 + PROBE_SECONDS), ProbeStorage())


@pytest.mark.parametrize("sign", [StorageHealed(103.0), VoteStored(103.0, VOTE, 9.0), CaseSpent(103.0, 9.0)], ids=named)
def test_any_write_that_succeeds_ends_out_of_order(sign: Event) -> None:
    assert advance(BROKEN, sign) == Step(IDLE)


@pytest.mark.parametrize("state", [THANKING, RATED, IDENTIFYING], ids=named)
@pytest.mark.parametrize("event", [DismissTouched(101.0), Tick(106.0)], ids=named)
def test_a_notice_ends_by_a_touch_or_by_itself(state: State, event: Event) -> None:
    assert advance(state, event) == Step(IDLE)


@pytest.mark.parametrize("state", [IDLE, IDENTIFYING], ids=named)
def test_a_kiosk_at_rest_shows_its_name_when_it_is_asked_to(state: State) -> None:
    named = Identifying("quay-2", 100.0 + IDENTIFY_SECONDS)
    assert advance(state, IdentifyAsked(100.0, "quay-2")) == Step(named)


def test_screens_stay_as_long_as_the_office_says() -> None:
    stays = Thresholds(rating=60, thanks=2, notice=9)
    assert advance(IDLE, StartTouched(100.0), stays) == Step(Rating(None, 160.0))
    assert advance(STORING, VoteStored(100.0, VOTE, STORING.until), stays) == Step(Thanking(VOTE, 102.0))
    assert advance(IDLE, RefusedScanned(100.0, CARD), stays) == Step(ScanRefused(CARD, 109.0, False, None))
    assert advance(IDLE, CaseScanned(100.0, TWO, True), stays) == Step(AlreadyRated(109.0))
    assert advance(REFUSED_AMID, DismissTouched(100.0), stays) == Step(Rating(ONE, 160.0))


def test_what_is_asked_may_change_only_while_nobody_is_asked() -> None:
    assert [state for state in STATES if is_between_visits(state)] == [IDLE, BROKEN, IDENTIFYING]
    assert [state for state in STATES if is_amid_a_rating(state)] == [RATING, STORING, REFUSED_AMID]


@given(st.floats(0, 1e9, allow_nan=False), st.sampled_from(SURVEY.levels))
def test_the_answer_to_a_vote_tells_when_the_face_was_touched(at: float, level: int) -> None:
    effect = advance(RATING, LevelTouched(at, level)).effect
    assert isinstance(effect, CastVote)
    assert VoteStored(at + 1, VOTE, effect.by).touched_at == pytest.approx(at)


def test_a_visit_that_was_left_ends_by_itself() -> None:
    assert advance(RATING, Tick(129.9)) == Step(RATING)
    assert advance(RATING, Tick(130.0)) == Step(IDLE)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        *((STORING, event) for event in (CaseScanned(100.0, TWO, already_rated=False), RefusedScanned(100.0, CARD))),
        *((STORING, event) for event in (LevelTouched(100.0, 1), DismissTouched(100.0), StorageHealed(100.0))),
        *((BROKEN, event) for event in (CaseScanned(103.0, TWO, already_rated=False), RefusedScanned(103.0, CARD))),
        *((BROKEN, event) for event in (StartTouched(103.0), LevelTouched(103.0, 1), StorageFailed(103.0))),
        (IDLE, LevelTouched(100.0, 1)),
        (IDLE, DismissTouched(100.0)),
        (IDLE, Tick(1e9)),
        (IDLE, VoteStored(100.0, VOTE, 60.0)),
        (RATING, StartTouched(100.0)),
        (RATING, DismissTouched(100.0)),
        (RATING, VoteStored(100.0, VOTE, 60.0)),
        (RATING, CaseSpent(100.0, 60.0)),
        (THANKING, LevelTouched(100.0, 1)),
        (THANKING, Tick(104.9)),
        (RATED, StartTouched(100.0)),
        (REFUSED, StartTouched(100.0)),
        (REFUSED, Tick(105.9)),
        (IDENTIFYING, StartTouched(100.0)),
        (IDENTIFYING, Tick(105.9)),
        *((state, IdentifyAsked(100.0, "quay-1")) for state in (RATING, STORING, THANKING, RATED, REFUSED, BROKEN)),
    ],
    ids=named,
)
def test_what_means_nothing_changes_nothing(state: State, event: Event) -> None:
    assert advance(state, event) == Step(state)


# --- every history -------------------------------------------------------------------------------

cases = st.sampled_from([ONE, TWO])
levels = st.sampled_from(SURVEY.levels)
reasons = st.sampled_from(RefusedReason)
waits = st.sampled_from([0.0, 0.1, PROBE_SECONDS, STORING_SECONDS, 40.0]) | st.floats(0.0, 40.0)
vote_ids = st.sampled_from(["a" * 32, "b" * 32])
ANSWERS = (VoteStored, CaseSpent, StorageFailed, StorageHealed)


NOW = st.just(0.0)
THE_PRESENT_ONE = -1.0
answered = st.sampled_from([THE_PRESENT_ONE, THE_PRESENT_ONE, 50.0])
deeds: st.SearchStrategy[Event] = st.one_of(
    st.builds(CaseScanned, NOW, cases, st.booleans()),
    st.builds(RefusedScanned, NOW, reasons),
    st.builds(StartTouched, NOW),
    st.builds(LevelTouched, NOW, levels),
    st.builds(DismissTouched, NOW),
    st.builds(VoteStored, NOW, vote_ids, answered),
    st.builds(CaseSpent, NOW, answered),
    st.builds(StorageFailed, NOW),
    st.builds(StorageHealed, NOW),
    st.builds(IdentifyAsked, NOW, st.just("quay-1")),
    st.builds(Tick, NOW),
)


def one_after_the_other(deeds: list[tuple[float, Event]]) -> list[Event]:
    at, events = 100.0, []
    for wait, deed in deeds:
        at += wait
        events.append(replace(deed, at=at))
    return events


# Any events in any order, however senseless, their times ascending.
histories = st.lists(st.tuples(waits, deeds), max_size=40).map(one_after_the_other)


def played(events: list[Event]) -> list[tuple[State, Event, Step]]:
    state: State = Idle()
    steps = []
    for event in events:
        if isinstance(event, VoteStored | CaseSpent) and isinstance(state, Storing) and event.by == THE_PRESENT_ONE:
            event = replace(event, by=state.until)
        step = advance(state, event)
        steps.append((state, event, step))
        state = step.state
    return steps


@given(histories)
def test_two_votes_are_never_cast_without_an_answer_between(events: list[Event]) -> None:
    answered = True
    for _, event, step in played(events):
        answered = answered or isinstance(event, ANSWERS)
        if isinstance(step.effect, CastVote):
            assert answered
            answered = False


@given(histories)
def test_nothing_but_a_stored_vote_is_thanked_for(events: list[Event]) -> None:
    for before, event, step in played(events):
        if isinstance(step.state, Thanking) and step.state != before:
            assert isinstance(before, Storing)
            assert isinstance(event, VoteStored)
            assert (step.state.vote_id, event.by) == (event.vote_id, before.until)


@given(histories)
def test_a_vote_is_cast_only_by_a_touched_face_and_for_the_case_on_the_screen(events: list[Event]) -> None:
    for before, event, step in played(events):
        if isinstance(step.effect, CastVote):
            assert isinstance(before, Rating)
            assert isinstance(event, LevelTouched)
            assert (step.effect.case, step.effect.level) == (before.case, event.level)


@given(histories)
def test_a_screen_that_is_left_alone_is_idle_within_a_minute(events: list[Event]) -> None:
    steps = played(events)
    state, at = (steps[-1][2].state, events[-1].at) if events else (IDLE, 0.0)
    if isinstance(state, Storing | OutOfOrder):
        return
    for second in range(60):
        step = advance(state, Tick(at + second))
        assert step.effect is None
        state = step.state
    assert state == IDLE


@given(histories, st.integers(1, 20))
def test_out_of_order_keeps_probing_and_heals(events: list[Event], probes: int) -> None:
    at = events[-1].at if events else 0.0
    state: State = played([*events, StorageFailed(at)])[-1][2].state
    done = 0
    for tick in range(4 * probes + 40):
        step = advance(state, Tick(at + tick * PROBE_SECONDS / 4))
        assert isinstance(step.state, OutOfOrder)
        done += step.effect == ProbeStorage()
        state = step.state
    assert done >= probes
    assert advance(state, StorageHealed(at + 1000)) == Step(IDLE)


@given(st.lists(st.tuples(cases, st.booleans(), levels), max_size=20))
def test_a_case_is_cast_once_however_often_it_is_scanned(visits: list[tuple[Case, bool, int]]) -> None:
    spent: list[Case] = []
    state: State = Idle()
    for case, scanned_again, level in visits:
        for _ in range(1 + scanned_again):
            state = advance(state, CaseScanned(100.0, case, already_rated=case in spent)).state
        step = advance(state, LevelTouched(100.0, level))
        if isinstance(step.effect, CastVote):
            spent.append(case)
            step = advance(step.state, VoteStored(100.0, VOTE, step.effect.by))
        state = step.state
    assert len(spent) == len(set(spent))


# --- with a disk that may stall -----------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    vote_id: str
    case: Case | None
    level: int


class Visits(RuleBasedStateMachine):
    """Citizens, time, and a disk that works in order but as slowly as it likes; its answers may wait, too."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 100.0
        self.state: State = Idle()
        self.asked: deque[Effect] = deque()
        self.answers: deque[Event] = deque()
        self.rows: list[Row] = []
        self.thanked: list[Row] = []

    def happens(self, event: Event) -> None:
        before = self.state
        step = advance(before, event)
        self.state = step.state
        if step.effect is not None:
            self.asked.append(step.effect)
        if isinstance(step.state, Thanking) and step.state != before:
            assert isinstance(before, Storing)
            row = next(row for row in self.rows if row.vote_id == step.state.vote_id)
            assert (row.case, row.level) == (before.case, before.level), "thanked for another one's vote"
            self.thanked.append(row)
            assert len(set(self.thanked)) == len(self.thanked)

    def spent(self, case: Case | None) -> bool:
        return case is not None and any(row.case == case for row in self.rows)

    @rule(seconds=waits)
    def time_passes(self, seconds: float) -> None:
        self.at += seconds
        self.happens(Tick(self.at))

    @rule(case=cases)
    def a_case_is_scanned(self, case: Case) -> None:
        self.happens(CaseScanned(self.at, case, self.spent(case)))

    @rule(reason=reasons)
    def something_else_is_scanned(self, reason: RefusedReason) -> None:
        self.happens(RefusedScanned(self.at, reason))

    @rule()
    def start_is_touched(self) -> None:
        self.happens(StartTouched(self.at))

    @rule(level=levels)
    def a_face_is_touched(self, level: int) -> None:
        self.happens(LevelTouched(self.at, level))

    @rule()
    def a_notice_is_touched(self) -> None:
        self.happens(DismissTouched(self.at))

    @rule()
    def somebody_asks_which_kiosk_it_is(self) -> None:
        self.happens(IdentifyAsked(self.at, "quay-1"))

    @precondition(lambda self: self.asked)
    @rule()
    def the_disk_works(self) -> None:
        match self.asked.popleft():
            case CastVote(case, _, by) if self.spent(case):
                self.answers.append(CaseSpent(self.at, by))
            case CastVote(case, level, by):
                row = Row(f"{len(self.rows):032x}", case, level)
                self.rows.append(row)
                self.answers.append(VoteStored(self.at, row.vote_id, by))
            case ProbeStorage():
                self.answers.append(StorageHealed(self.at))

    @precondition(lambda self: self.asked)
    @rule()
    def the_disk_fails(self) -> None:
        self.asked.popleft()
        self.answers.append(StorageFailed(self.at))

    @precondition(lambda self: self.answers)
    @rule()
    def an_answer_arrives(self) -> None:
        self.happens(self.answers.popleft())

    def teardown(self) -> None:
        """With a disk that works and nobody there, the screen ends up idle."""
        for _ in range(60):
            self.time_passes(1.0)
            while self.asked:
                self.the_disk_works()
            while self.answers:
                self.an_answer_arrives()
        assert self.state == IDLE


TestVisits = Visits.TestCase


def test_a_disk_that_stalls_never_has_one_citizen_thanked_for_anothers_vote() -> None:
    visits = Visits()
    visits.happens(StorageFailed(visits.at))
    for _ in range(2):
        visits.time_passes(PROBE_SECONDS)
    visits.the_disk_works()
    visits.an_answer_arrives()
    visits.start_is_touched()
    visits.a_face_is_touched(1)
    visits.time_passes(STORING_SECONDS)  # the first citizen's vote is given up on …
    visits.the_disk_works()
    visits.an_answer_arrives()  # … and the second probe, asked for before it, succeeds
    visits.start_is_touched()
    visits.a_face_is_touched(5)
    visits.the_disk_works()
    visits.an_answer_arrives()  # the first citizen's vote is stored only now
    assert isinstance(visits.state, Storing)
    visits.the_disk_works()
    visits.an_answer_arrives()
    assert isinstance(visits.state, Thanking)
    assert [row.level for row in visits.thanked] == [5]
