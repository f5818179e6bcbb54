"""The service page: who gets there, and how it ends."""

from dataclasses import replace

import pytest

from kiosk.core.events import (
    BackTouched,
    CheckPin,
    DigitTouched,
    DismissTouched,
    Event,
    PinChecked,
    SendTouched,
    ServiceAsked,
    ServiceUsed,
    Tick,
)
from kiosk.core.session import LONGEST_PIN, PIN_SECONDS, SERVICE_SECONDS, Step, advance
from kiosk.core.states import EnteringPin, Servicing, State
from tests.kiosk.core.sessions import (
    IDENTIFYING,
    IDLE,
    NOW,
    PIN,
    RULES,
    SERVICE,
    SIGNED_IN,
    STATES,
    UNTIL,
    named,
)

STAYS = NOW + PIN_SECONDS
OPEN = Servicing("", NOW + SERVICE_SECONDS)


def test_the_pin_is_asked_for_where_there_is_one() -> None:
    assert advance(IDLE, ServiceAsked(NOW), RULES) == Step(EnteringPin("", wrong=False, until=STAYS))
    assert advance(IDLE, ServiceAsked(NOW), replace(RULES, has_pin=False)) == Step(IDLE)


@pytest.mark.parametrize("state", [state for state in STATES if state != IDLE], ids=named)
def test_nobody_else_is_asked_for_it(state: State) -> None:
    assert advance(state, ServiceAsked(NOW), RULES) == Step(state)


@pytest.mark.parametrize(
    ("before", "event", "after"),
    [
        ("", DigitTouched(NOW, "1"), Step(EnteringPin("1", wrong=False, until=STAYS))),
        ("1", DigitTouched(NOW, "2"), Step(EnteringPin("12", wrong=False, until=STAYS))),
        ("1" * LONGEST_PIN, DigitTouched(NOW, "2"), Step(replace(PIN, digits="1" * LONGEST_PIN))),
        ("12", BackTouched(NOW), Step(EnteringPin("1", wrong=False, until=STAYS))),
        ("", BackTouched(NOW), Step(replace(PIN, digits=""))),
        ("12", SendTouched(NOW), Step(EnteringPin("", wrong=False, until=STAYS), CheckPin("12"))),
        ("", SendTouched(NOW), Step(replace(PIN, digits=""))),
        ("", PinChecked(NOW, right=True), Step(OPEN)),
        ("", PinChecked(NOW, right=False), Step(EnteringPin("", wrong=True, until=STAYS))),
    ],
)
def test_the_pin_is_typed_corrected_sent_and_checked(before: str, event: Event, after: Step) -> None:
    assert advance(replace(PIN, digits=before), event, RULES) == after


def test_the_next_digit_takes_the_word_wrong_away() -> None:
    typed = advance(replace(PIN, digits="", wrong=True), DigitTouched(NOW, "1"), RULES)
    assert typed == Step(EnteringPin("1", wrong=False, until=STAYS))


@pytest.mark.parametrize("state", [IDLE, IDENTIFYING, SIGNED_IN], ids=named)
def test_a_badge_opens_the_page_where_nobody_is_served(state: State) -> None:
    assert advance(state, PinChecked(NOW, right=True), RULES) == Step(OPEN)


@pytest.mark.parametrize(
    "state", [state for state in STATES if state not in (IDLE, IDENTIFYING, SIGNED_IN, PIN)], ids=named
)
def test_it_opens_over_nobody_s_visit(state: State) -> None:
    assert advance(state, PinChecked(NOW, right=True), RULES) == Step(state)


def test_the_page_stays_while_it_is_used_and_shows_the_last_kind_of_code() -> None:
    heard = advance(SERVICE, ServiceUsed(NOW, "a case"), RULES)
    assert heard == Step(Servicing("a case", NOW + SERVICE_SECONDS))
    assert advance(heard.state, ServiceUsed(NOW + 1), RULES) == Step(Servicing("a case", NOW + 1 + SERVICE_SECONDS))


@pytest.mark.parametrize("state", [PIN, SERVICE], ids=named)
@pytest.mark.parametrize("event", [DismissTouched(NOW), Tick(UNTIL)], ids=named)
def test_it_ends_by_a_touch_or_by_itself(state: State, event: Event) -> None:
    assert advance(state, Tick(129.9), RULES) == Step(state)
    assert advance(state, event, RULES) == Step(IDLE)
