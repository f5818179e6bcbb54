"""One visit to the screen, touch by touch. Scans, the disk and the service page have files of their own."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.events import (
    STORING_SECONDS,
    BackTouched,
    CaseScanned,
    CastVote,
    CommentTouched,
    CommentTyped,
    CounterTouched,
    DeclineTouched,
    DigitTouched,
    DismissTouched,
    Event,
    IdentifyAsked,
    LevelTouched,
    PinChecked,
    ReasonTouched,
    RefusedScanned,
    SendTouched,
    ServiceUsed,
    SkipTouched,
    StartTouched,
    StorageHealed,
    SwitchTouched,
    Tick,
    VoteStored,
)
from kiosk.core.session import IDENTIFY_SECONDS, USUAL, WRITING_TAKES, Rules, Step, advance
from kiosk.core.states import (
    ChoosingCounter,
    Commenting,
    EnteringPin,
    GivingReasons,
    Identifying,
    Idle,
    Rating,
    ScanRefused,
    Servicing,
    State,
    Storing,
    Thanking,
    is_amid_a_rating,
    is_between_visits,
    takes_badges,
)
from kiosk.core.survey import SURVEY
from kiosk.core.visit import Answer, Ballot, Visit, legible
from protocol.messages import LONGEST_COMMENT, Thresholds
from protocol.visits import VisitOutcome
from tests.kiosk.core.sessions import (
    ASKING,
    AWAITING,
    BEGUN,
    BROKEN,
    CARD,
    CHOOSING,
    HALF,
    IDENTIFYING,
    IDLE,
    NOW,
    ONE,
    OWING,
    PIN,
    PINS_AMISS,
    RATED,
    RATED_AMID,
    RATING,
    RATING_ON,
    REASONS,
    REFUSED,
    REFUSED_AMID,
    RULES,
    SERVICE,
    SERVICES_AMISS,
    SIGNED_IN,
    STATES,
    STORING,
    STORING_BEFORE_TWO,
    SWITCHING,
    THANKING,
    TWO,
    TWO_QUESTIONS,
    UNTIL,
    VOTE,
    WHOLE,
    WITHOUT_CASE,
    WRITING,
    named,
)

STAY = USUAL.rating
ONE_QUESTION = Rules()


def stored(visit: Visit, outcome: VisitOutcome = VisitOutcome.ANSWERED, at: float = NOW) -> CastVote:
    return CastVote(Ballot(visit, outcome, at), by=at + STORING_SECONDS)


def storing(visit: Visit, at: float = NOW) -> Step:
    effect = stored(visit, at=at)
    return Step(Storing(effect.ballot, effect.by), effect)


# --- the beginning -------------------------------------------------------------------------------------


def test_one_may_rate_without_a_code() -> None:
    assert advance(IDLE, StartTouched(NOW), RULES) == Step(Rating(Visit(NOW, NOW), NOW + STAY))


def test_where_a_kiosk_serves_several_counters_one_is_chosen() -> None:
    room = replace(RULES, counters=(1, 2))
    choosing = advance(IDLE, StartTouched(NOW), room)
    assert choosing == Step(ChoosingCounter(Visit(NOW, NOW), NOW + STAY))
    assert advance(choosing.state, CounterTouched(101.0, 9), room) == choosing, "there is no such counter"
    chosen = Rating(Visit(NOW, 101.0, counter=2), 101.0 + STAY)
    assert advance(choosing.state, CounterTouched(101.0, 2), room) == Step(chosen)


def test_where_there_is_one_counter_nothing_is_to_choose() -> None:
    only = advance(IDLE, StartTouched(NOW), replace(RULES, counters=(7,))).state
    assert isinstance(only, Rating)
    assert only.visit.counter == 7


def test_outside_the_opening_hours_the_screen_says_so_and_takes_votes() -> None:
    closed = replace(RULES, is_open=False)
    assert advance(IDLE, Tick(NOW), closed) == Step(Idle(closed=True))
    assert advance(Idle(closed=True), Tick(NOW), RULES) == Step(IDLE)
    assert isinstance(advance(Idle(closed=True), StartTouched(NOW), closed).state, Rating)
    assert advance(THANKING, DismissTouched(NOW), closed) == Step(Idle(closed=True))


# --- questions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", SURVEY.criteria[0].levels)
def test_a_touched_face_is_stored_before_anything_is_thanked_for(level: int) -> None:
    answered = replace(BEGUN, asked_at=NOW, answers=(Answer("overall", level, 10.0),))
    assert advance(RATING, LevelTouched(NOW, level), ONE_QUESTION) == storing(answered)


def test_the_next_question_follows_at_once_and_its_time_is_its_own() -> None:
    first = advance(RATING, LevelTouched(95.0, 4), RULES)
    assert first == Step(Rating(HALF, 95.0 + STAY))
    assert advance(first.state, LevelTouched(98.0, 3), RULES) == Step(GivingReasons(WHOLE, 98.0 + STAY))


def test_a_level_that_is_not_offered_is_none() -> None:
    assert advance(RATING_ON, LevelTouched(NOW, 2), RULES) == Step(RATING_ON)


def test_one_may_go_back_to_the_question_before() -> None:
    assert advance(RATING_ON, BackTouched(NOW), RULES) == Step(Rating(replace(BEGUN, asked_at=NOW), NOW + STAY))
    assert advance(RATING, BackTouched(NOW), RULES) == Step(RATING)


@pytest.mark.parametrize(
    ("after", "levels", "offered"),
    [
        (frozenset(), (4, 3), True),
        (frozenset({1, 2}), (4, 3), False),
        (frozenset({1, 3}), (4, 3), True),
        (frozenset({1, 4}), (4, 3), True),
    ],
)
def test_reasons_are_offered_after_the_levels_that_the_survey_names(
    after: frozenset[int], levels: tuple[int, int], offered: bool
) -> None:
    rules = replace(RULES, survey=replace(TWO_QUESTIONS, reasons_after=after))
    state: State = RATING
    for at, level in zip((95.0, 98.0), levels, strict=True):
        state = advance(state, LevelTouched(at, level), rules).state
    assert isinstance(state, GivingReasons) == offered


# --- reasons and comment -------------------------------------------------------------------------------


def test_a_reason_is_touched_on_and_off_and_those_that_stay_are_stored_in_order() -> None:
    state: State = REASONS
    for reason in ("slow", "polite", "slow", "slow"):
        state = advance(state, ReasonTouched(NOW, reason), RULES).state
    assert advance(state, ReasonTouched(NOW, "unknown"), RULES) == Step(state)
    assert advance(state, SendTouched(NOW), RULES) == storing(replace(WHOLE, reasons=("polite", "slow")))


def test_reasons_can_be_left_out_with_one_touch() -> None:
    touched = replace(REASONS, visit=replace(WHOLE, reasons=("slow",), comment="Cảm ơn"))
    assert advance(touched, SkipTouched(NOW), RULES) == storing(WHOLE)


def test_a_comment_is_written_where_the_survey_asks_for_one() -> None:
    writing = Commenting(WHOLE, "", NOW + STAY * WRITING_TAKES)
    assert advance(REASONS, CommentTouched(NOW), RULES) == Step(writing)
    silent = replace(RULES, survey=replace(TWO_QUESTIONS, comments=False))
    assert advance(REASONS, CommentTouched(NOW), silent) == Step(REASONS)


def test_whoever_types_has_more_time_and_each_key_renews_it() -> None:
    typed = Commenting(WHOLE, "Cảm ơn anh", NOW + STAY * WRITING_TAKES)
    assert advance(WRITING, CommentTyped(NOW, "Cảm ơn anh"), RULES) == Step(typed)


def test_a_comment_is_stored_when_it_is_sent() -> None:
    assert advance(WRITING, SendTouched(NOW), RULES) == storing(replace(WHOLE, comment="Cảm ơn"))
    back = advance(WRITING, BackTouched(NOW), RULES)
    assert back == Step(GivingReasons(replace(WHOLE, comment="Cảm ơn"), NOW + STAY))
    assert advance(back.state, CommentTouched(NOW), RULES).state == replace(
        WRITING, visit=replace(WHOLE, comment="Cảm ơn"), until=NOW + STAY * WRITING_TAKES
    ), "it is there again"
    assert advance(back.state, SendTouched(NOW), RULES) == storing(replace(WHOLE, comment="Cảm ơn"))


def test_a_comment_can_be_left_out_with_one_touch_and_the_reasons_stay() -> None:
    chosen = replace(WHOLE, reasons=("slow",))
    written = Commenting(replace(chosen, comment="Cảm"), "Cảm ơn", UNTIL)
    assert advance(written, SkipTouched(NOW), RULES) == storing(chosen)


def test_whoever_goes_back_to_the_questions_leaves_reasons_and_comment_behind() -> None:
    written = GivingReasons(replace(WHOLE, reasons=("slow",), comment="Cảm ơn"), UNTIL)
    assert advance(written, BackTouched(NOW), RULES) == Step(Rating(replace(HALF, asked_at=NOW), NOW + STAY))


@given(st.text(st.characters(), max_size=600))
def test_whatever_is_typed_can_travel(text: str) -> None:
    kept = legible(text)
    assert len(kept) <= LONGEST_COMMENT
    assert not any(letter < " " or letter == "\x7f" for letter in kept)
    kept.encode()
    assert legible(kept) == kept


def test_a_comment_is_put_together_on_one_line() -> None:
    assert legible("Ca\u0309m\nơn\x00") == "Cảm ơn"


# --- the end -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "visit", "outcome"),
    [
        (CHOOSING, WITHOUT_CASE, VisitOutcome.TIMED_OUT),
        (RATING, BEGUN, VisitOutcome.TIMED_OUT),
        (RATING_ON, HALF, VisitOutcome.ABANDONED),
    ],
    ids=["choosing", "rating", "answered"],
)
def test_a_visit_that_was_left_is_noted_and_the_screen_is_there_for_the_next(
    state: State, visit: Visit, outcome: VisitOutcome
) -> None:
    assert advance(state, Tick(129.9), RULES) == Step(state)
    assert advance(state, Tick(UNTIL), RULES) == Step(IDLE, stored(visit, outcome, UNTIL))


@pytest.mark.parametrize("state", [REASONS, WRITING], ids=named)
def test_whoever_walks_away_after_the_last_question_has_voted(state: GivingReasons | Commenting) -> None:
    chosen = replace(state.visit, reasons=("slow",), comment="not sent")
    assert advance(replace(state, visit=chosen), Tick(UNTIL), RULES) == storing(replace(chosen, comment=""), UNTIL)


@pytest.mark.parametrize("state", ASKING, ids=named)
def test_who_does_not_want_to_rate_says_so_once(state: ChoosingCounter | Rating | GivingReasons | Commenting) -> None:
    written = replace(state, visit=replace(state.visit, comment="not sent"))
    assert advance(written, DeclineTouched(NOW), RULES) == Step(IDLE, stored(state.visit, VisitOutcome.DECLINED))


@pytest.mark.parametrize("state", [THANKING, RATED, REFUSED, IDENTIFYING, SIGNED_IN], ids=named)
@pytest.mark.parametrize("event", [DismissTouched(101.0), Tick(UNTIL)], ids=named)
def test_a_notice_ends_by_a_touch_or_by_itself(state: State, event: Event) -> None:
    assert advance(state, Tick(129.9), RULES) == Step(state)
    assert advance(state, event, RULES) == Step(IDLE)


@pytest.mark.parametrize("state", [IDLE, IDENTIFYING], ids=named)
def test_a_kiosk_at_rest_shows_its_name_when_it_is_asked_to(state: State) -> None:
    shown = Identifying("quay-2", NOW + IDENTIFY_SECONDS)
    assert advance(state, IdentifyAsked(NOW, "quay-2"), RULES) == Step(shown)


def test_screens_stay_as_long_as_the_office_says() -> None:
    rules = replace(RULES, stays=Thresholds(rating=60, thanks=2, notice=9))
    assert advance(IDLE, StartTouched(NOW), rules).state == Rating(Visit(NOW, NOW), 160.0)
    assert advance(REASONS, CommentTouched(NOW), rules).state == Commenting(WHOLE, "", NOW + 60.0 * WRITING_TAKES)
    assert advance(STORING, VoteStored(NOW, VOTE, STORING.until), rules) == Step(Thanking(VOTE, 102.0))
    assert advance(IDLE, RefusedScanned(NOW, CARD), rules) == Step(ScanRefused(CARD, 109.0))
    assert advance(REFUSED_AMID, DismissTouched(NOW), rules) == Step(Rating(HALF, 160.0))


def test_what_is_asked_may_change_only_while_nobody_is_asked() -> None:
    amid = (*ASKING, SWITCHING, STORING, STORING_BEFORE_TWO, RATED_AMID, REFUSED_AMID, OWING, AWAITING)
    pages: tuple[EnteringPin | Servicing, ...] = (*PINS_AMISS, *SERVICES_AMISS)
    behind = [page for page in pages if page.amiss in amid]
    assert [state for state in STATES if is_amid_a_rating(state)] == [*amid, *behind]
    assert [state for state in STATES if is_between_visits(state)] == [IDLE, BROKEN, OWING, AWAITING, IDENTIFYING]
    assert [state for state in STATES if takes_badges(state)] == [IDLE, IDENTIFYING, SIGNED_IN]


@given(st.floats(0, 1e9, allow_nan=False), st.sampled_from(SURVEY.criteria[0].levels))
def test_the_answer_to_a_vote_tells_when_the_face_was_touched(at: float, level: int) -> None:
    effect = advance(Rating(Visit(at, at), at + 30), LevelTouched(at, level)).effect
    assert isinstance(effect, CastVote)
    assert VoteStored(at + 1, VOTE, effect.by).touched_at == pytest.approx(at)


@pytest.mark.parametrize(
    ("states", "events"),
    [
        (
            (IDLE, THANKING, RATED, REFUSED, IDENTIFYING, SIGNED_IN),
            (LevelTouched(NOW, 1), SendTouched(NOW), BackTouched(NOW), SwitchTouched(NOW), CommentTyped(NOW, "a")),
        ),
        ((IDLE,), (DismissTouched(NOW), VoteStored(NOW, VOTE, 60.0), PinChecked(NOW, right=False))),
        ((THANKING, RATED, REFUSED, IDENTIFYING, SIGNED_IN), (StartTouched(NOW), DeclineTouched(NOW))),
        (ASKING, (StartTouched(NOW), DismissTouched(NOW), VoteStored(NOW, VOTE, 60.0), StorageHealed(NOW))),
        ((CHOOSING, RATING, REASONS), (CommentTyped(NOW, "a"), DigitTouched(NOW, "1"), ServiceUsed(NOW))),
        ((CHOOSING, RATING, RATING_ON), (SendTouched(NOW), SkipTouched(NOW), ReasonTouched(NOW, "slow"))),
        ((CHOOSING, REASONS, WRITING), (LevelTouched(NOW, 1), CounterTouched(NOW, 1))),
        ((WRITING,), (ReasonTouched(NOW, "slow"), CommentTouched(NOW))),
        ((SWITCHING,), (LevelTouched(NOW, 3), SendTouched(NOW), DeclineTouched(NOW), Tick(NOW))),
        (
            (STORING, STORING_BEFORE_TWO),
            (CaseScanned(NOW, TWO, already_rated=False), RefusedScanned(NOW, CARD), LevelTouched(NOW, 1), Tick(NOW)),
        ),
        (
            (BROKEN, OWING, AWAITING),
            (CaseScanned(NOW, ONE, already_rated=False), StartTouched(NOW), RefusedScanned(NOW, CARD), Tick(NOW)),
        ),
        ((PIN, SERVICE), (CaseScanned(NOW, ONE, already_rated=False), RefusedScanned(NOW, CARD), StartTouched(NOW))),
        (
            [state for state in STATES if state not in (IDLE, IDENTIFYING)],
            (IdentifyAsked(NOW, "quay-1"),),
        ),
    ],
)
def test_what_means_nothing_changes_nothing(states: tuple[State, ...], events: tuple[Event, ...]) -> None:
    for state in states:
        for event in events:
            assert advance(state, event, RULES) == Step(state), (state, event)
