"""The service page: who gets there, and how it ends."""

from dataclasses import replace

import pytest

from kiosk.core.events import (
    BackTouched,
    CaseSpent,
    CheckPin,
    DigitTouched,
    DismissTouched,
    Event,
    PinChecked,
    SendTouched,
    ServiceAsked,
    ServiceUsed,
    StorageFailed,
    StorageHealed,
    Tick,
    VoteStored,
)
from kiosk.core.session import LONGEST_PIN, PIN_SECONDS, PROBE_SECONDS, SERVICE_SECONDS, Step, advance
from kiosk.core.states import EnteringPin, OutOfOrder, Servicing, State
from tests.kiosk.core.sessions import (
    BROKEN,
    IDENTIFYING,
    IDLE,
    NOW,
    OUT_OF_ORDER,
    PIN,
    PINS_AMISS,
    RULES,
    SERVICE,
    SERVICES_AMISS,
    SIGNED_IN,
    STATES,
    UNTIL,
    VOTE,
    named,
)

STAYS = NOW + PIN_SECONDS
OPEN = Servicing("", NOW + SERVICE_SECONDS)
SORTS = ["nothing", "owing", "awaiting"]
WHERE_IT_OPENS: tuple[State, ...] = (IDLE, IDENTIFYING, SIGNED_IN, PIN, *OUT_OF_ORDER, *PINS_AMISS)


def test_the_pin_is_asked_for_where_there_is_one() -> None:
    assert advance(IDLE, ServiceAsked(NOW), RULES) == Step(EnteringPin("", wrong=False, until=STAYS))
    assert advance(IDLE, ServiceAsked(NOW), replace(RULES, has_pin=False)) == Step(IDLE)


@pytest.mark.parametrize("state", OUT_OF_ORDER, ids=SORTS)
def test_it_is_asked_for_while_the_kiosk_is_out_of_order(state: OutOfOrder) -> None:
    assert advance(state, ServiceAsked(NOW), RULES) == Step(EnteringPin("", wrong=False, until=STAYS, amiss=state))
    assert advance(state, ServiceAsked(NOW), replace(RULES, has_pin=False)) == Step(state)


@pytest.mark.parametrize("state", [state for state in STATES if state not in (IDLE, *OUT_OF_ORDER)], ids=named)
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
@pytest.mark.parametrize("amiss", [None, *OUT_OF_ORDER], ids=["in order", *SORTS])
def test_the_pin_is_typed_corrected_sent_and_checked(
    before: str, event: Event, after: Step, amiss: OutOfOrder | None
) -> None:
    assert isinstance(after.state, EnteringPin | Servicing)
    expected = replace(after, state=replace(after.state, amiss=amiss))
    assert advance(replace(PIN, digits=before, amiss=amiss), event, RULES) == expected


def test_the_next_digit_takes_the_word_wrong_away() -> None:
    typed = advance(replace(PIN, digits="", wrong=True), DigitTouched(NOW, "1"), RULES)
    assert typed == Step(EnteringPin("1", wrong=False, until=STAYS))


@pytest.mark.parametrize("state", [IDLE, IDENTIFYING, SIGNED_IN], ids=named)
def test_a_badge_opens_the_page_where_nobody_is_served(state: State) -> None:
    assert advance(state, PinChecked(NOW, right=True), RULES) == Step(OPEN)


@pytest.mark.parametrize("state", OUT_OF_ORDER, ids=SORTS)
def test_a_badge_opens_the_page_while_the_kiosk_is_out_of_order(state: OutOfOrder) -> None:
    assert advance(state, PinChecked(NOW, right=True), RULES) == Step(replace(OPEN, amiss=state))


@pytest.mark.parametrize("state", [state for state in STATES if state not in WHERE_IT_OPENS], ids=named)
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


# --- while votes cannot be stored -----------------------------------------------------------------------


@pytest.mark.parametrize("state", [PIN, SERVICE], ids=named)
def test_a_storage_that_fails_does_not_take_the_page_away(state: EnteringPin | Servicing) -> None:
    amiss = replace(state, amiss=OutOfOrder(NOW + PROBE_SECONDS))
    assert advance(state, StorageFailed(NOW), RULES) == Step(amiss)


@pytest.mark.parametrize("state", [*PINS_AMISS, *SERVICES_AMISS], ids=named)
@pytest.mark.parametrize("event", [DismissTouched(NOW), Tick(UNTIL)], ids=named)
def test_after_it_the_kiosk_is_as_much_out_of_order_as_before(state: EnteringPin | Servicing, event: Event) -> None:
    assert state.amiss is not None
    assert advance(state, event, RULES) == Step(state.amiss)


STORAGE: tuple[Event, ...] = (
    *(Tick(101.0), Tick(103.0), StorageHealed(NOW), StorageFailed(NOW), StorageFailed(NOW, by=110.0)),
    *(VoteStored(NOW, VOTE, by=110.0), VoteStored(NOW, VOTE, by=9.0), CaseSpent(NOW, by=110.0)),
)


@pytest.mark.parametrize("page", [PIN, SERVICE], ids=named)
@pytest.mark.parametrize("amiss", OUT_OF_ORDER, ids=SORTS)
@pytest.mark.parametrize("event", STORAGE)
def test_behind_the_page_the_storage_is_probed_and_what_is_owed_is_noted_as_without_it(
    page: EnteringPin | Servicing, amiss: OutOfOrder, event: Event
) -> None:
    alone = advance(amiss, event, RULES)
    after = alone.state if isinstance(alone.state, OutOfOrder) else None
    assert advance(replace(page, amiss=amiss), event, RULES) == replace(alone, state=replace(page, amiss=after))


def test_a_storage_that_heals_meanwhile_leads_back_to_the_first_screen() -> None:
    healed = advance(replace(SERVICE, amiss=BROKEN), StorageHealed(NOW), RULES)
    assert healed == Step(SERVICE)
    assert advance(healed.state, DismissTouched(NOW), RULES) == Step(IDLE)
