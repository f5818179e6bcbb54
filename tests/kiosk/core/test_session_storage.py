"""The disk: what its answers lead to, and what becomes of a vote that it refused."""

from dataclasses import replace

import pytest

from kiosk.core.events import (
    STORING_SECONDS,
    CaseSpent,
    CastVote,
    Event,
    ProbeStorage,
    StorageFailed,
    StorageHealed,
    Tick,
    VoteStored,
)
from kiosk.core.session import LOST_SECONDS, PROBE_SECONDS, USUAL, Step, advance
from kiosk.core.states import AlreadyRated, Asking, GivingReasons, OutOfOrder, State, Thanking, asking
from kiosk.core.visit import Ballot, Visit
from protocol.visits import VisitOutcome
from tests.kiosk.core.sessions import (
    ASKING,
    AWAITING,
    BROKEN,
    HALF,
    IDENTIFYING,
    IDLE,
    NOW,
    OWING,
    RATED,
    RATED_AMID,
    REFUSED,
    REFUSED_AMID,
    RULES,
    SIGNED_IN,
    STORING,
    STORING_BEFORE_TWO,
    SWITCHING,
    THANKING,
    UNTIL,
    VOTE,
    WHOLE,
    named,
)

BY = STORING.until


def noted(visit: Visit, at: float) -> CastVote:
    return CastVote(Ballot(visit, VisitOutcome.DEVICE_ERROR, at), at + STORING_SECONDS)


# --- while a vote is on its way ------------------------------------------------------------------------


def test_a_stored_vote_is_thanked_for() -> None:
    assert advance(STORING, VoteStored(NOW, VOTE, BY), RULES) == Step(Thanking(VOTE, NOW + USUAL.thanks))


def test_a_case_that_was_spent_meanwhile_is_not_thanked_for() -> None:
    assert advance(STORING, CaseSpent(NOW, BY), RULES) == Step(AlreadyRated(NOW + USUAL.notice))


@pytest.mark.parametrize(
    "answer",
    [
        *(VoteStored(NOW, VOTE, 60.0), CaseSpent(NOW, 60.0), StorageFailed(NOW, 60.0)),
        *(StorageFailed(NOW), StorageHealed(NOW)),
    ],
    ids=named,
)
@pytest.mark.parametrize("state", [STORING, STORING_BEFORE_TWO], ids=["alone", "another follows"])
def test_the_answer_to_something_else_is_not_taken_for_the_present_one_s(state: State, answer: Event) -> None:
    assert advance(state, answer, RULES) == Step(state)


@pytest.mark.parametrize("state", [STORING, STORING_BEFORE_TWO], ids=["alone", "another follows"])
def test_a_refused_vote_puts_the_kiosk_out_of_order_and_is_owed(state: State) -> None:
    assert advance(state, StorageFailed(NOW, BY), RULES) == Step(OutOfOrder(NOW + PROBE_SECONDS, WHOLE))


def test_a_storage_that_does_not_answer_puts_the_kiosk_out_of_order() -> None:
    assert advance(STORING, Tick(109.9), RULES) == Step(STORING)
    assert advance(STORING, Tick(BY), RULES) == Step(OutOfOrder(BY + PROBE_SECONDS, WHOLE, by=BY))


# --- while none is -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [IDLE, THANKING, RATED, REFUSED, IDENTIFYING, SIGNED_IN], ids=named)
def test_a_storage_that_fails_puts_the_kiosk_out_of_order(state: State) -> None:
    assert advance(state, StorageFailed(NOW), RULES) == Step(OutOfOrder(NOW + PROBE_SECONDS))


@pytest.mark.parametrize("state", [*ASKING, SWITCHING, RATED_AMID, REFUSED_AMID], ids=named)
def test_a_visit_that_the_disk_cuts_short_is_owed(state: State) -> None:
    present = asking(state)
    assert present is not None
    assert advance(state, StorageFailed(NOW), RULES) == Step(OutOfOrder(NOW + PROBE_SECONDS, present.visit))


def test_what_was_written_and_not_sent_is_not_owed() -> None:
    state: Asking = GivingReasons(replace(WHOLE, comment="Cảm ơn"), UNTIL)
    assert advance(state, StorageFailed(NOW), RULES) == Step(OutOfOrder(NOW + PROBE_SECONDS, WHOLE))


# --- out of order --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [BROKEN, OWING, AWAITING], ids=["nothing", "owing", "awaiting"])
def test_out_of_order_the_storage_is_probed_again_and_again(state: OutOfOrder) -> None:
    assert advance(state, Tick(101.9), RULES) == Step(state)
    probing = Step(replace(state, probe_at=103.0 + PROBE_SECONDS), ProbeStorage())
    assert advance(state, Tick(103.0), RULES) == probing
    assert advance(state, StorageFailed(103.0), RULES) == Step(state)


@pytest.mark.parametrize("sign", [StorageHealed(NOW), VoteStored(NOW, VOTE, 9.0), CaseSpent(NOW, 9.0)], ids=named)
def test_any_write_that_succeeds_heals(sign: Event) -> None:
    assert advance(BROKEN, sign, RULES) == Step(IDLE)
    note = noted(HALF, NOW)
    assert advance(OWING, sign, RULES) == Step(replace(OWING, by=note.by), note)


@pytest.mark.parametrize("answer", [VoteStored(NOW, VOTE, BY), CaseSpent(NOW, BY)], ids=named)
def test_a_vote_that_was_given_up_on_and_stored_after_all_is_no_error(answer: Event) -> None:
    assert advance(AWAITING, answer, RULES) == Step(IDLE)


@pytest.mark.parametrize("sign", [StorageHealed(NOW), VoteStored(NOW, VOTE, 9.0), CaseSpent(NOW, 9.0)], ids=named)
def test_nothing_is_noted_of_a_vote_that_may_yet_be_stored(sign: Event) -> None:
    """A probe of an earlier trouble may be answered while the vote that was given up on still waits for the disk."""
    assert advance(AWAITING, sign, RULES) == Step(AWAITING)


def test_a_refused_vote_is_noted_once_and_the_kiosk_works_when_the_note_is_stored() -> None:
    owing = advance(AWAITING, StorageFailed(112.0, BY), RULES).state
    assert owing == replace(AWAITING, by=None)
    note = noted(WHOLE, 113.0)
    noting = advance(owing, StorageHealed(113.0), RULES)
    assert noting == Step(replace(AWAITING, by=note.by), note)
    assert advance(noting.state, StorageHealed(113.1), RULES) == Step(noting.state)
    assert advance(noting.state, StorageFailed(113.1, note.by), RULES) == Step(owing), "it is tried again"
    assert advance(noting.state, VoteStored(113.1, VOTE, note.by), RULES) == Step(IDLE)


def test_an_answer_that_never_comes_keeps_nobody_from_voting() -> None:
    assert advance(AWAITING, StorageHealed(BY + LOST_SECONDS - 0.1), RULES) == Step(AWAITING)
    assert advance(AWAITING, StorageHealed(BY + LOST_SECONDS), RULES) == Step(IDLE)
