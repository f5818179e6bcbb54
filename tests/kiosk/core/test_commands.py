"""A command is done once, in time, and only if it makes sense; the answer says which."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.commands import decide
from protocol.messages import Action, Command, CommandAnswer, Outcome

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ID = "d3" * 16


def a_command(action: Action, expires: datetime = LATER, resend_from: int | None = None) -> Command:
    return Command(
        ID,
        expires,
        action,
        resend_from=(resend_from or 1) if action is Action.RESEND else None,
        update_to="9.9" if action is Action.UPDATE else None,
    )


def decided(command: Command, kept_from: int = 1, highest: int = 100) -> CommandAnswer | None:
    return decide(command, now=NOW, answered=(), kept_from=kept_from, highest=highest)


@pytest.mark.parametrize("action", [Action.RESTART, Action.IDENTIFY, Action.RESEND])
def test_what_can_be_done_is_done(action: Action) -> None:
    assert decided(a_command(action)) == CommandAnswer(ID, Outcome.DONE)


def test_there_are_no_updates_yet_and_it_says_so() -> None:
    assert decided(a_command(Action.UPDATE)) == CommandAnswer(ID, Outcome.REFUSED, "there are no updates here")


def test_only_votes_that_are_there_can_be_sent_again() -> None:
    def answer(first: int) -> CommandAnswer | None:
        return decided(a_command(Action.RESEND, resend_from=first), kept_from=41, highest=100)

    assert answer(40) == CommandAnswer(ID, Outcome.REFUSED, "the oldest vote that is kept is 41")
    assert answer(41) == answer(100) == CommandAnswer(ID, Outcome.DONE)
    assert answer(101) == CommandAnswer(ID, Outcome.REFUSED, "the newest vote is 100")


@given(st.sampled_from(Action), st.timedeltas(max_value=timedelta(days=9999), min_value=timedelta(days=-9999)))
def test_after_its_expiry_nothing_is_done(action: Action, left: timedelta) -> None:
    answer = decided(a_command(action, expires=NOW + left))
    assert answer is not None
    assert answer.command == ID
    assert (answer.outcome is Outcome.EXPIRED) == (left <= timedelta(0))


@given(st.sampled_from(Action), st.datetimes(timezones=st.just(UTC)))
def test_what_was_answered_is_not_answered_again(action: Action, expires: datetime) -> None:
    command = a_command(action, expires)
    assert decide(command, now=NOW, answered={ID}, kept_from=1, highest=9) is None
