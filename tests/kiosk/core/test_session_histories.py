"""Whatever citizens do, in whatever order, and however slow or forgetful the disk is."""

from collections import Counter, deque
from dataclasses import replace
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from kiosk.core.draft import Draft, draft_of
from kiosk.core.events import (
    STORING_SECONDS,
    BackTouched,
    BadgeScanned,
    CaseScanned,
    CaseSpent,
    CastVote,
    CheckPin,
    CommentTouched,
    CommentTyped,
    CounterTouched,
    DeclineTouched,
    DigitTouched,
    DismissTouched,
    Effect,
    Event,
    IdentifyAsked,
    LevelTouched,
    PinChecked,
    ProbeStorage,
    ReasonTouched,
    RefusedScanned,
    SendTouched,
    ServiceAsked,
    ServiceUsed,
    SkipTouched,
    StartTouched,
    StorageFailed,
    StorageHealed,
    SwitchTouched,
    Tick,
    VoteStored,
)
from kiosk.core.session import LOST_SECONDS, PROBE_SECONDS, SERVICE_SECONDS, Rules, advance
from kiosk.core.states import (
    ChoosingCounter,
    Commenting,
    EnteringPin,
    GivingReasons,
    Idle,
    OutOfOrder,
    Rating,
    State,
    Storing,
    Switching,
    Thanking,
    amiss,
    asking,
)
from kiosk.core.survey import Criterion, Reason, Survey
from kiosk.core.visit import Ballot, Case
from protocol.codes import RefusedReason
from protocol.messages import CaseToken
from protocol.visits import VisitOutcome
from tests.kiosk.core.sessions import ONE, STATES, TWO, TWO_QUESTIONS

levels = st.integers(1, 5)
scales = st.sets(levels, min_size=2).map(lambda chosen: tuple(sorted(chosen)))
surveys = st.builds(
    lambda scales, reasons, after, comments, daily: Survey(
        revision=1,
        criteria=tuple(Criterion(f"question-{place}", scale) for place, scale in enumerate(scales)),
        reasons=reasons,
        reasons_after=after,
        comments=comments,
        daily=daily,
    ),
    st.lists(scales, min_size=1, max_size=4),
    st.sampled_from([(), (Reason("slow", {}), Reason("polite", {}))]),
    st.frozensets(levels, max_size=3),
    *(st.booleans(), st.booleans()),
)
houses = st.builds(
    lambda survey, counters, is_open: Rules(survey=survey, counters=counters, is_open=is_open, has_pin=True),
    *(surveys, st.sampled_from([(), (1,), (1, 2)]), st.booleans()),
)
waits = st.sampled_from([0.1, PROBE_SECONDS, STORING_SECONDS, 31.0]) | st.floats(0.1, 100.0)
touches: st.SearchStrategy[Event] = st.one_of(
    *(
        st.just(touch(0.0))
        for touch in (
            *(StartTouched, CommentTouched, SendTouched, SkipTouched, BackTouched, DeclineTouched),
            *(SwitchTouched, DismissTouched, ServiceAsked, ServiceUsed),
        )
    ),
    st.builds(CounterTouched, st.just(0.0), st.integers(1, 3)),
    st.builds(ReasonTouched, st.just(0.0), st.sampled_from(["slow", "polite", "unknown"])),
    st.builds(CommentTyped, st.just(0.0), st.sampled_from(["", "Cảm ơn", "Cảm ơn các anh chị"])),
    st.builds(DigitTouched, st.just(0.0), st.sampled_from("12")),
    st.builds(RefusedScanned, st.just(0.0), st.sampled_from(RefusedReason)),
    st.builds(BadgeScanned, st.just(0.0), st.just("An"), st.booleans()),
    st.just(PinChecked(0.0, right=False)),
    st.builds(IdentifyAsked, st.just(0.0), st.just("quay-1")),
)


# The service page stays longest; or a vote that the screen had given up on, before the test, is answered no more.
LONGEST_ALONE = SERVICE_SECONDS + LOST_SECONDS + 60.0
AT_THE_END: tuple[Event, ...] = (SendTouched(0.0), SkipTouched(0.0), BackTouched(0.0), DeclineTouched(0.0))


class Visits(RuleBasedStateMachine):
    """Citizens, time, and a disk that answers in order but as slowly as it likes; what it said may be said again."""

    @initialize(house=houses)
    def the_kiosk_starts(self, house: Rules) -> None:
        self.house = house
        self.at = 100.0
        self.day = 1
        self.state: State = Idle()
        self.asked: deque[Effect] = deque()
        self.answers: deque[Event] = deque()
        self.said: list[Event] = []
        self.ends: list[CastVote] = []
        self.stored: dict[str, tuple[CastVote, float]] = {}
        self.refused: list[CastVote] = []
        self.thanked: list[str] = []
        self.sent: set[float] = set()  # visits whose comment was sent; a visit is known by when it began
        self.owed: set[float] = set()
        self.given_up: set[float] = set()

    # --- what happens, and what must hold of each step ---

    def happens(self, event: Event) -> None:
        self.at += 0.001  # no two things happen at once
        event = replace(event, at=self.at)
        before = self.state
        step = advance(before, event, self.house)
        self.state = step.state
        self._thanks_only_for_what_is_stored(before, event)
        self._ends_well(before, event, step.effect)
        was, now = amiss(before), amiss(step.state)
        if now is not None:
            if now.owed is not None:
                self.owed.add(now.owed.began)
        elif was is not None and was.by is not None and isinstance(event, StorageHealed):
            assert was.owed is not None
            assert all(getattr(answer, "by", None) != was.by for answer in self.said), "its answer has come"
            self.given_up.add(was.owed.began)
        if was is not None and isinstance(event, ServiceAsked | PinChecked | ServiceUsed | DismissTouched):
            assert now == was, "nothing of what is owed and awaited is lost by looking at the service page"
        match step.effect:
            case CheckPin(digits):
                self.happens(PinChecked(self.at, digits == "12"))
            case CastVote() as cast:
                self._is_new(cast, before, event)
                self.ends.append(cast)
                self.asked.append(cast)
            case ProbeStorage() as probe:
                self.asked.append(probe)
            case None:
                pass
        awaited = None if now is None else now.by
        assert awaited is None or awaited in (cast.by for cast in self.ends), "an answer that nobody was asked for"

    def _thanks_only_for_what_is_stored(self, before: State, event: Event) -> None:
        if not isinstance(self.state, Thanking) or self.state == before:
            return
        assert isinstance(before, Storing)
        assert isinstance(event, VoteStored)
        cast, _ = self.stored[self.state.vote_id]
        assert (cast.ballot, cast.by) == (before.ballot, before.until), "thanked for another one's vote"
        assert self.state.vote_id not in self.thanked
        spent = self.draft(cast.ballot).spent
        earlier = [self.draft(self.stored[vote_id][0].ballot).spent for vote_id in self.thanked]
        assert spent is None or spent not in earlier, "two citizens are thanked for one case"
        self.thanked.append(self.state.vote_id)

    def _ends_well(self, before: State, event: Event, effect: Effect | None) -> None:
        present = asking(before)
        ballot = effect.ballot if isinstance(effect, CastVote) else None
        match event:
            case Tick() if isinstance(before, ChoosingCounter | Rating | GivingReasons | Commenting):
                if self.state != before:
                    assert ballot is not None
                    whole = len(before.visit.answers) == len(self.house.survey.criteria)
                    left = VisitOutcome.ABANDONED if before.visit.answers else VisitOutcome.TIMED_OUT
                    assert ballot.outcome is (VisitOutcome.ANSWERED if whole else left)
                    assert ballot.visit.answers == before.visit.answers
            case DeclineTouched() if before == present:
                assert ballot is not None
                assert ballot.outcome is VisitOutcome.DECLINED
            case SendTouched() if ballot is not None:
                self.sent.add(ballot.visit.began)

    def _is_new(self, cast: CastVote, before: State, event: Event) -> None:
        ballot = cast.ballot
        assert all(cast.by != earlier.by for earlier in self.ends)
        assert not ballot.visit.comment or ballot.visit.began in self.sent, "typed and not sent"
        if ballot.outcome is VisitOutcome.DEVICE_ERROR:
            out = amiss(before)
            assert out is not None
            assert out.owed == ballot.visit
            assert out.by is None, "whether it was stored is not known yet"
            return
        assert all(ballot.visit.began != earlier.ballot.visit.began for earlier in self.ends), "a visit ends only once"
        if ballot.outcome is VisitOutcome.ANSWERED:
            offered = [criterion.key for criterion in self.house.survey.criteria]
            assert [answer.criterion for answer in ballot.visit.answers] == offered
            spent = self.draft(ballot).spent
            assert not any(
                at < ballot.visit.began and spent is not None and self.draft(earlier.ballot).spent == spent
                for earlier, at in self.stored.values()
            ), "a case that was stored before its scan is not cast again"

    def draft(self, ballot: Ballot) -> Draft:
        return draft_of(ballot, self.house.survey, counter=None, officer=None, labels=())

    def is_spent(self, token: CaseToken | None) -> bool:
        return token is not None and any(self.draft(cast.ballot).spent == token for cast, _ in self.stored.values())

    # --- citizens and time ---

    @rule(seconds=waits)
    def time_passes(self, seconds: float) -> None:
        self.at += seconds
        self.happens(Tick(self.at))

    @rule()
    def a_day_passes(self) -> None:
        self.day += 1
        self.time_passes(60.0)

    @rule(token=st.sampled_from(["1" * 32, "2" * 32]))
    def a_case_is_scanned(self, token: CaseToken) -> None:
        spends = f"{self.day}{token[1:]}" if self.house.survey.daily else None
        case = Case(token, "…0001", spends)
        self.happens(CaseScanned(self.at, case, self.is_spent(spends or token)))

    @rule(touch=touches)
    def something_is_touched_or_scanned(self, touch: Event) -> None:
        self.happens(touch)

    @rule(data=st.data())
    def somebody_touches_what_the_screen_offers(self, data: st.DataObject) -> None:
        self.happens(data.draw(st.sampled_from(self.offered())))

    @rule(data=st.data())
    def somebody_answers_every_question(self, data: st.DataObject) -> None:
        while isinstance(self.state, Idle | ChoosingCounter | Rating):
            offered = [
                touch for touch in self.offered() if isinstance(touch, StartTouched | CounterTouched | LevelTouched)
            ]
            self.happens(data.draw(st.sampled_from(offered)))

    @rule(right=st.booleans())
    def a_service_badge_is_scanned(self, right: bool) -> None:
        self.happens(PinChecked(self.at, right))

    @rule(data=st.data(), touch=st.sampled_from(AT_THE_END))
    def somebody_writes_a_comment(self, data: st.DataObject, touch: Event) -> None:
        self.somebody_answers_every_question(data)
        self.happens(CommentTouched(self.at))
        self.happens(CommentTyped(self.at, "Cảm ơn"))
        self.happens(touch)

    def offered(self) -> list[Event]:
        match self.state:
            case Idle():
                return [StartTouched(0.0)]
            case ChoosingCounter():
                return [*map(partial(CounterTouched, 0.0), self.house.counters), DeclineTouched(0.0)]
            case Rating(visit):
                asked = self.house.survey.criteria[len(visit.answers)]
                return [*map(partial(LevelTouched, 0.0), asked.levels), BackTouched(0.0), DeclineTouched(0.0)]
            case GivingReasons():
                return [*map(partial(ReasonTouched, 0.0), ("slow", "polite")), CommentTouched(0.0), *AT_THE_END]
            case Commenting():
                return [CommentTyped(0.0, "Cảm ơn"), *AT_THE_END]
            case Switching():
                return [SwitchTouched(0.0), BackTouched(0.0)]
            case OutOfOrder():
                return [ServiceAsked(0.0), PinChecked(0.0, right=True)]
            case EnteringPin():
                return [*map(partial(DigitTouched, 0.0), "12"), SendTouched(0.0), BackTouched(0.0)]
            case _:
                return [DismissTouched(0.0)]

    # --- the disk ---

    @rule()
    def the_disk_works(self) -> None:
        match self.asked.popleft() if self.asked else None:
            case CastVote(ballot, by) as cast:
                if self.is_spent(self.draft(ballot).spent):
                    self.answers.append(CaseSpent(self.at, by))
                else:
                    vote_id = f"{len(self.stored):032x}"
                    self.stored[vote_id] = (cast, self.at)
                    self.answers.append(VoteStored(self.at, vote_id, by))
            case ProbeStorage():
                self.answers.append(StorageHealed(self.at))

    @rule()
    def the_disk_fails(self) -> None:
        match self.asked.popleft() if self.asked else None:
            case CastVote(_, by) as cast:
                self.refused.append(cast)
                self.answers.append(StorageFailed(self.at, by))
            case ProbeStorage():
                self.answers.append(StorageFailed(self.at))

    @rule()
    def an_answer_arrives(self) -> None:
        if self.answers:
            self.said.append(self.answers.popleft())
            self.happens(self.said[-1])

    @rule(last_one_too=st.booleans())
    def the_disk_catches_up(self, last_one_too: bool) -> None:
        while len(self.asked) > 1 or (self.asked and last_one_too):
            self.the_disk_works()
        self.the_disk_fails()
        while self.answers:
            self.an_answer_arrives()

    @rule(data=st.data())
    def an_answer_is_repeated(self, data: st.DataObject) -> None:
        if self.said:
            self.happens(data.draw(st.sampled_from(self.said)))

    @rule(
        answer=st.sampled_from(
            [VoteStored(0.0, "f" * 32, 1.0), CaseSpent(0.0, 1.0), StorageHealed(0.0), StorageFailed(0.0, 1.0)]
        )
    )
    def an_answer_to_nothing_arrives(self, answer: Event) -> None:
        self.happens(answer)

    # --- the end ---

    def teardown(self) -> None:
        """With a disk that works and nobody there, the screen ends up idle, and everything is where it belongs."""
        if not hasattr(self, "house"):
            return
        for _ in range(400):
            while self.asked or self.answers:
                if self.asked:
                    self.the_disk_works()
                else:
                    self.an_answer_arrives()
            if isinstance(self.state, Idle):
                break
            self.time_passes(1.0)
        assert self.state == Idle(closed=not self.house.is_open) or self.state == Idle()
        self._every_refused_vote_is_noted_once()

    def _every_refused_vote_is_noted_once(self) -> None:
        ballots = [cast.ballot for cast, _ in self.stored.values()]
        noted = Counter(each.visit.began for each in ballots if each.outcome is VisitOutcome.DEVICE_ERROR)
        voted = {each.visit.began for each in ballots if each.outcome is VisitOutcome.ANSWERED}
        refused = {cast.ballot.visit.began for cast in self.refused if cast.ballot.outcome is VisitOutcome.ANSWERED}
        assert set(noted.values()) <= {1}
        assert voted.isdisjoint(noted)
        spent = self.owed - noted.keys() - voted - self.given_up
        assert refused <= noted.keys() | self.given_up
        assert all(self._case_was_spent(began) for began in spent)

    def _case_was_spent(self, began: float) -> bool:
        """Whether a vote that was given up on turned out to be its case's second."""
        by = {cast.by for cast in self.ends if cast.ballot.visit.began == began}
        return any(isinstance(answer, CaseSpent) and answer.by in by for answer in self.said)


TestVisits = Visits.TestCase
TestVisits.settings = settings(max_examples=200, stateful_step_count=60)


# --- left alone ----------------------------------------------------------------------------------------


@given(
    st.sampled_from(STATES),
    st.lists(touches | st.sampled_from([CaseScanned(0.0, ONE, False), CaseScanned(0.0, TWO, True)]), max_size=8),
    st.integers(0, 5),
    houses,
)
def test_from_any_screen_waiting_alone_leads_to_the_first(
    state: State, touched: list[Event], failures: int, house: Rules
) -> None:
    """However the screen came about, and though the disk fails some times more; nobody touches or scans anything."""
    # Of the states, the visits are of two questions, each touched at 100.
    rules, at = replace(house, survey=TWO_QUESTIONS), 100.0
    events = deque(touched)
    while not isinstance(state, Idle) or events:
        at += 0.1 if events else 1.0
        assert at < 100.0 + LONGEST_ALONE, "only a restart leaves this screen"
        event = replace(events.popleft(), at=at) if events else Tick(at)
        step = advance(state, event, rules)
        state = step.state
        match step.effect:
            case CastVote(by=by):
                events.appendleft(StorageFailed(at, by) if failures > 0 else VoteStored(at, f"{at:032.0f}", by))
                failures -= 1
            case ProbeStorage():
                events.appendleft(StorageFailed(at) if failures > 0 else StorageHealed(at))
                failures -= 1
            case CheckPin():
                events.appendleft(PinChecked(at, right=False))
            case None:
                pass


# --- fairness ------------------------------------------------------------------------------------------


@given(surveys, st.data())
def test_every_level_takes_the_same_touches_and_the_last_of_them_has_voted(survey: Survey, data: st.DataObject) -> None:
    rules = Rules(survey=survey)
    state: State = advance(Idle(), StartTouched(100.0), rules).state
    chosen = {asked.key: data.draw(st.sampled_from(asked.levels)) for asked in survey.criteria}
    for asked in survey.criteria:
        assert isinstance(state, Rating)
        assert left_alone(state, rules).outcome is not VisitOutcome.ANSWERED
        step = advance(state, LevelTouched(101.0, chosen[asked.key]), rules)
        state = step.state
    ballot = step.effect.ballot if isinstance(step.effect, CastVote) else left_alone(state, rules)
    assert ballot.outcome is VisitOutcome.ANSWERED
    assert {answer.criterion: answer.level for answer in ballot.visit.answers} == chosen


def left_alone(state: State, rules: Rules) -> Ballot:
    effect = advance(state, Tick(1000.0), rules).effect
    assert isinstance(effect, CastVote)
    return effect.ballot


@given(surveys, st.data())
def test_what_is_offered_after_the_questions_is_left_out_with_one_touch(survey: Survey, data: st.DataObject) -> None:
    rules = Rules(survey=survey)
    state: State = advance(Idle(), StartTouched(100.0), rules).state
    for asked in survey.criteria:
        state = advance(state, LevelTouched(101.0, data.draw(st.sampled_from(asked.levels))), rules).state
    if isinstance(state, GivingReasons):
        state = advance(state, SkipTouched(102.0), rules).state
    assert isinstance(state, Storing)


# --- histories that were found by the above ------------------------------------------------------------


def visits(rules: Rules) -> Visits:
    begun = Visits()
    begun.the_kiosk_starts(rules)
    return begun


def test_a_probe_of_an_earlier_trouble_has_no_vote_noted_that_is_yet_to_be_stored() -> None:
    kiosk = visits(Rules())
    kiosk.happens(StorageFailed(kiosk.at))
    for _ in range(3):
        kiosk.time_passes(PROBE_SECONDS)
    kiosk.the_disk_works()
    kiosk.an_answer_arrives()
    kiosk.happens(StartTouched(kiosk.at))
    kiosk.happens(LevelTouched(kiosk.at, 1))
    kiosk.the_disk_fails()
    kiosk.an_answer_arrives()
    assert isinstance(kiosk.state, Storing), "it was a probe that failed, not this vote"
    kiosk.time_passes(STORING_SECONDS)
    kiosk.the_disk_works()
    kiosk.an_answer_arrives()
    assert isinstance(kiosk.state, OutOfOrder), "the vote may yet be stored"
    kiosk.the_disk_works()
    kiosk.an_answer_arrives()
    assert isinstance(kiosk.state, Idle)
    kiosk.teardown()
    assert [cast.ballot.outcome for cast, _ in kiosk.stored.values()] == [VisitOutcome.ANSWERED]


def test_a_disk_that_stalls_never_has_one_citizen_thanked_for_anothers_vote() -> None:
    kiosk = visits(
        Rules(survey=replace(TWO_QUESTIONS, criteria=TWO_QUESTIONS.criteria[:1], reasons=(), comments=False))
    )
    for level in (1, 5):
        kiosk.happens(StartTouched(kiosk.at))
        kiosk.happens(LevelTouched(kiosk.at, level))
        if level == 1:
            kiosk.time_passes(STORING_SECONDS)  # the first citizen's vote is given up on …
            kiosk.time_passes(200.0)
            kiosk.happens(StorageHealed(kiosk.at))  # … for so long that the kiosk goes on without its answer
    kiosk.the_disk_works()
    kiosk.an_answer_arrives()
    assert isinstance(kiosk.state, Storing), "the first citizen's vote is stored only now"
    while not isinstance(kiosk.state, Thanking):
        kiosk.the_disk_works()
        kiosk.an_answer_arrives()
    [thanked] = kiosk.thanked
    assert [answer.level for answer in kiosk.stored[thanked][0].ballot.visit.answers] == [5]
