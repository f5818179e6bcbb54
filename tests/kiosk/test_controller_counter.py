"""What happens at the counter: officers' badges, tickets, days, the service page, and what is noted of it all."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from hardware.driver import Call, CallState
from hardware.scans import Scan
from kiosk.controller import OPENING_SECONDS, Controller, House
from kiosk.core.draft import Draft
from kiosk.core.events import (
    STORING_SECONDS,
    BackTouched,
    DigitTouched,
    DismissTouched,
    Event,
    LevelTouched,
    SendTouched,
    ServiceAsked,
    StartTouched,
    SwitchTouched,
)
from kiosk.core.labels import HASTY_SECONDS, NEAR_OFFICER_SECONDS, NEXT_PERSON_SECONDS
from kiosk.core.pin import MOST_TRIES, PAUSE_SECONDS
from kiosk.core.session import PROBE_SECONDS, SERVICE_SECONDS
from kiosk.core.setups import Arrangement
from kiosk.core.states import (
    AlreadyRated,
    EnteringPin,
    Idle,
    OutOfOrder,
    Rating,
    ScanRefused,
    Servicing,
    SignedIn,
    State,
    Storing,
    Switching,
    Thanking,
)
from kiosk.core.survey import SURVEY
from kiosk.duty_store import DutyStore
from protocol.badges import Badge
from protocol.codes import CaseCode, Refused, RefusedReason
from protocol.messages import OfficerSetup, OpeningHours
from protocol.tickets import QueueTicket
from protocol.tokens import case_token, ticket_token, token_of_day
from protocol.visits import VisitLabel, VisitOutcome
from tests.fakes.clock import FakeClock
from tests.fakes.drafts import a_draft
from tests.fakes.storage import FakeStorage
from tests.kiosk.screen import KEY

TODAY = date(2026, 11, 23)
CODE = CaseCode("000.00.12.H57", date(2026, 11, 19), "0042")
OTHER = replace(CODE, running="0043")
TICKET = QueueTicket("A", 12)
AN, BINH = Badge("0012"), Badge("0013")
OFFICERS = {
    "nv-0012": OfficerSetup("nv-0012", "Nguyễn Văn An", "Công chức"),
    "nv-0013": OfficerSetup("nv-0013", "Trần Bình", "Công chức"),
}
AT_A_COUNTER = Arrangement("UBND", "Một cửa", counter=2, officers=OFFICERS)
DAILY = replace(AT_A_COUNTER, survey=replace(SURVEY, daily=True))
PIN = "4711"


class Counter:
    """A kiosk at a counter, its storage in memory and its clock standing still."""

    def __init__(self, folder: Path, arrangement: Arrangement, house: House) -> None:
        self.clock = FakeClock()
        self.storage = FakeStorage(self.clock)
        self.controller = Controller(
            storage=self.storage,
            site_key=KEY,
            clock=self.clock,
            arrangement=arrangement,
            duty=DutyStore(folder / "duty.json"),
            house=house,
        )
        self.storage.answered = self.controller.answered

    @property
    def drafts(self) -> list[Draft]:
        return self.storage.visits

    def scan(self, scan: Scan) -> State:
        self.controller.scanned(scan)
        return self.wait(0.0)

    def touch(self, touched: type[Event], *what: object) -> State:
        self.controller.touch(touched, *what)  # type: ignore[arg-type]
        return self.wait(0.0)

    def wait(self, seconds: float) -> State:
        self.clock.advance(seconds)
        self.controller.pump()
        return self.controller.state

    def call(self, state: CallState, counter: int = 2) -> None:
        self.controller.called(Call(counter, "A012", state))
        self.controller.pump()

    def vote(self, *scans: Scan, level: int = 5) -> Draft:
        """Rate calmly, with a case or without; return what is stored of it."""
        self.wait(NEXT_PERSON_SECONDS + 1.0)
        self.touch(DismissTouched)
        for scan in scans:
            self.scan(scan)
        if not scans:
            self.touch(StartTouched)
        self.wait(2 * HASTY_SECONDS)
        assert isinstance(self.touch(LevelTouched, level), Thanking)
        return self.drafts[-1]


def a_counter(folder: Path, arrangement: Arrangement = AT_A_COUNTER, **house: object) -> Counter:
    return Counter(folder, arrangement, House(**house))  # type: ignore[arg-type]


# --- officers ------------------------------------------------------------------------------------------


def test_a_badge_signs_in_and_out_and_votes_say_who_served(tmp_path: Path) -> None:
    counter = a_counter(tmp_path)
    assert counter.vote().officer is None
    counter.touch(DismissTouched)
    state = counter.scan(AN)
    assert isinstance(state, SignedIn)
    assert (state.name, state.there) == ("Nguyễn Văn An", True)
    assert counter.controller.officer() == "nv-0012"
    assert counter.vote(CODE).officer == "nv-0012"
    counter.touch(DismissTouched)
    state = counter.scan(BINH)
    assert isinstance(state, SignedIn)
    assert (state.name, state.there) == ("Trần Bình", True)
    state = counter.scan(BINH)
    assert isinstance(state, SignedIn)
    assert not state.there
    assert counter.controller.officer() is None
    assert counter.vote(OTHER).officer is None


def test_who_signed_in_is_known_after_a_restart_and_forgotten_on_the_next_day(tmp_path: Path) -> None:
    a_counter(tmp_path).scan(AN)
    counter = a_counter(tmp_path)
    assert counter.controller.officer() == "nv-0012"
    counter.clock.advance(timedelta(days=1).total_seconds())
    assert counter.vote().officer is None


def test_at_a_kiosk_for_the_whole_room_nobody_signs_in(tmp_path: Path) -> None:
    room = a_counter(tmp_path, replace(AT_A_COUNTER, counter=None))
    assert isinstance(room.scan(AN), Idle)
    assert room.controller.officer() is None
    assert room.controller.refused_scans == {"not-a-case": 1}


def test_an_unknown_badge_is_only_counted(tmp_path: Path) -> None:
    counter = a_counter(tmp_path)
    assert isinstance(counter.scan(Badge("9999")), Idle)
    assert counter.controller.officer() is None
    assert counter.controller.refused_scans == {"not-a-case": 1}


def test_a_badge_amid_a_visit_signs_nobody_in_or_out(tmp_path: Path) -> None:
    """The screen could not say so, and the officer would scan again."""
    counter = a_counter(tmp_path)
    counter.scan(AN)
    rating = counter.scan(CODE)
    assert counter.scan(AN) == counter.scan(BINH) == rating
    assert isinstance(counter.touch(LevelTouched, 5), Thanking)
    assert isinstance(counter.scan(AN), Thanking)
    assert [draft.officer for draft in counter.drafts] == ["nv-0012"]
    assert counter.controller.officer() == "nv-0012"


# --- tickets and days ----------------------------------------------------------------------------------


def test_a_ticket_is_rated_once_where_there_is_a_queue(tmp_path: Path) -> None:
    counter = a_counter(tmp_path, tickets=True)
    assert counter.vote(TICKET).case_token == ticket_token(KEY, TICKET, TODAY)
    counter.touch(DismissTouched)
    assert isinstance(counter.scan(TICKET), AlreadyRated)
    counter.clock.advance(timedelta(days=1).total_seconds())
    assert counter.vote(TICKET).case_token == ticket_token(KEY, TICKET, TODAY + timedelta(days=1))


def test_a_ticket_is_answered_in_words_where_there_is_none(tmp_path: Path) -> None:
    state = a_counter(tmp_path).scan(TICKET)
    assert isinstance(state, ScanRefused)
    assert state.reason is RefusedReason.QUEUE_TICKET


def test_a_case_can_be_rated_once_a_day_where_the_survey_says_so(tmp_path: Path) -> None:
    counter, token = a_counter(tmp_path, DAILY), case_token(KEY, CODE)
    first = counter.vote(CODE)
    assert (first.case_token, first.spends, first.labels) == (token, token_of_day(KEY, token, TODAY), ())
    counter.touch(DismissTouched)
    assert isinstance(counter.scan(CODE), AlreadyRated)
    counter.clock.advance(timedelta(days=1).total_seconds())
    again = counter.vote(CODE)
    assert again.spends == token_of_day(KEY, token, TODAY + timedelta(days=1))
    assert again.labels == (VisitLabel.DUPLICATE,)


# --- two cases -----------------------------------------------------------------------------------------


def test_a_second_case_amid_a_visit_asks_first(tmp_path: Path) -> None:
    counter = a_counter(tmp_path)
    counter.scan(CODE)
    state = counter.scan(OTHER)
    assert isinstance(state, Switching)
    assert state.case.masked == OTHER.masked
    assert isinstance(counter.touch(BackTouched), Rating)
    counter.scan(OTHER)
    state = counter.touch(SwitchTouched)
    assert isinstance(state, Rating)
    assert state.visit.case is not None
    assert state.visit.case.token == case_token(KEY, OTHER)
    assert [draft.outcome for draft in counter.drafts] == [VisitOutcome.TIMED_OUT]
    assert not counter.storage.is_spent(case_token(KEY, CODE))


# --- labels --------------------------------------------------------------------------------------------


def labels_of(counter: Counter, *scans: Scan) -> tuple[str, ...]:
    return counter.vote(*scans).labels


def test_a_vote_without_a_case_has_a_context_while_the_queue_says_that_somebody_is_served(tmp_path: Path) -> None:
    counter = a_counter(tmp_path)
    assert labels_of(counter) == (VisitLabel.UNCONTEXTED,)
    for state, expected in (
        (CallState.CALLED, ()),
        (CallState.DONE, (VisitLabel.UNCONTEXTED,)),
        (CallState.SERVING, ()),
    ):
        counter.call(state)
        assert labels_of(counter) == expected
    counter.call(CallState.DONE, counter=3)
    assert labels_of(counter) == (), "another counter's citizen"


def test_a_foreign_case_is_marked(tmp_path: Path) -> None:
    assert labels_of(a_counter(tmp_path), replace(CODE, foreign=True)) == (VisitLabel.FOREIGN,)


def test_a_vote_beside_an_officer_s_badge_is_marked(tmp_path: Path) -> None:
    counter = a_counter(tmp_path)
    assert labels_of(counter, AN, CODE) == (VisitLabel.NEAR_OFFICER,)
    assert labels_of(counter, OTHER, Badge("9999")) == (VisitLabel.NEAR_OFFICER,), "whosever it is"
    counter.wait(NEAR_OFFICER_SECONDS)
    assert labels_of(counter, replace(CODE, running="0044")) == ()


@pytest.mark.parametrize(
    ("after", "labels"), [(1.0, (VisitLabel.NEAR_OFFICER,)), (NEAR_OFFICER_SECONDS, ())], ids=["at once", "later"]
)
def test_what_the_officer_asks_for_is_marked_when_it_is_answered_at_once(
    tmp_path: Path, after: float, labels: tuple[VisitLabel, ...]
) -> None:
    counter = a_counter(tmp_path)
    counter.call(CallState.CALLED)
    counter.call(CallState.RATE)
    assert isinstance(counter.wait(after), Rating)
    counter.touch(LevelTouched, 4)
    assert [draft.labels for draft in counter.drafts] == [labels]


def test_who_rates_by_the_button_is_not_marked_because_somebody_is_signed_in(tmp_path: Path) -> None:
    counter = a_counter(tmp_path)
    counter.scan(AN)
    counter.call(CallState.CALLED)
    assert counter.vote().labels == ()
    assert counter.drafts[-1].officer is not None


def test_outside_the_opening_hours_votes_are_taken_and_marked(tmp_path: Path) -> None:
    until_half_past_nine = OpeningHours(TODAY.isoweekday(), 7 * 60, 9 * 60 + 30)
    counter = a_counter(tmp_path, replace(AT_A_COUNTER, opening_hours=(until_half_past_nine,)))
    assert labels_of(counter, CODE) == ()
    counter.wait(15 * 60.0)
    assert counter.wait(OPENING_SECONDS) == Idle(closed=True)
    assert labels_of(counter, OTHER) == (VisitLabel.OUT_OF_HOURS,)


# --- the service page ----------------------------------------------------------------------------------


def typed(counter: Counter, digits: str) -> State:
    for digit in digits:
        counter.touch(DigitTouched, digit)
    return counter.touch(SendTouched)


def test_the_pin_opens_the_service_page_and_wrong_ones_are_few(tmp_path: Path) -> None:
    counter = a_counter(tmp_path, pin=PIN)
    assert isinstance(counter.touch(ServiceAsked), EnteringPin)
    for _ in range(MOST_TRIES):
        state = typed(counter, "0000")
        assert isinstance(state, EnteringPin)
        assert state.wrong
    assert isinstance(typed(counter, PIN), EnteringPin)
    counter.wait(PAUSE_SECONDS)
    assert isinstance(counter.touch(ServiceAsked), EnteringPin)
    assert isinstance(typed(counter, PIN), Servicing)
    assert isinstance(counter.wait(SERVICE_SECONDS), Idle)


def test_without_a_pin_nobody_is_asked_for_one(tmp_path: Path) -> None:
    assert isinstance(a_counter(tmp_path).touch(ServiceAsked), Idle)


def test_a_service_badge_opens_the_page_and_is_no_sign_in(tmp_path: Path) -> None:
    counter = a_counter(tmp_path, service_badges=("NV-0012",))
    assert isinstance(counter.scan(AN), Servicing)
    assert counter.controller.officer() is None
    assert counter.controller.refused_scans == {}


@pytest.mark.parametrize(
    ("scan", "heard"),
    [
        (CODE, "a case"),
        (TICKET, "a queue ticket"),
        (BINH, "a badge"),
        (Refused(RefusedReason.IDENTITY_CARD), "refused: identity-card"),
    ],
)
def test_the_page_says_what_kind_of_code_was_scanned_and_nothing_comes_of_it(
    tmp_path: Path, scan: Scan, heard: str
) -> None:
    counter = a_counter(tmp_path, service_badges=("NV-0012",))
    counter.scan(AN)
    state = counter.scan(scan)
    assert isinstance(state, Servicing)
    assert state.heard == heard
    assert (counter.controller.officer(), counter.controller.refused_scans) == (None, {})


def test_a_vote_for_a_case_that_was_spent_meanwhile_makes_no_later_one_a_repeat(tmp_path: Path) -> None:
    counter = a_counter(tmp_path)
    counter.scan(CODE)
    counter.storage.visits.append(a_draft(5, case_token(KEY, CODE)))  # by a vote that the disk was slow to store
    counter.wait(2 * HASTY_SECONDS)
    assert isinstance(counter.touch(LevelTouched, 1), AlreadyRated)
    counter.touch(DismissTouched)
    counter.scan(OTHER)
    counter.wait(2 * HASTY_SECONDS)
    assert isinstance(counter.touch(LevelTouched, 4), Thanking)
    assert counter.drafts[-1].labels == ()


# --- the disk ------------------------------------------------------------------------------------------


def test_a_refused_vote_is_noted_as_an_error_once_and_its_case_can_be_rated(tmp_path: Path) -> None:
    counter = a_counter(tmp_path)
    counter.scan(CODE)
    counter.storage.broken = True
    assert isinstance(counter.touch(LevelTouched, 1), OutOfOrder)
    for _ in range(3):
        assert isinstance(counter.wait(PROBE_SECONDS), OutOfOrder)
    counter.storage.broken = False
    counter.wait(PROBE_SECONDS)
    assert isinstance(counter.wait(0.0), Idle)
    assert [(draft.outcome, draft.answers) for draft in counter.drafts] == [("device-error", {"overall": 1})]
    assert counter.vote(CODE).outcome == VisitOutcome.ANSWERED


def test_whoever_mends_a_kiosk_that_is_out_of_order_sees_its_page_and_nothing_owed_is_lost(tmp_path: Path) -> None:
    counter = a_counter(tmp_path, pin=PIN)
    counter.scan(CODE)
    counter.storage.broken = True
    assert isinstance(counter.touch(LevelTouched, 1), OutOfOrder)
    assert isinstance(counter.touch(ServiceAsked), EnteringPin)
    assert isinstance(typed(counter, PIN), Servicing)
    counter.controller.arrange(replace(AT_A_COUNTER, survey=replace(AT_A_COUNTER.survey, revision=9)))
    assert isinstance(counter.wait(3 * PROBE_SECONDS), Servicing)
    counter.storage.broken = False
    assert isinstance(counter.wait(PROBE_SECONDS), Servicing), "the page stays while it is looked at"
    counter.wait(0.0)
    [noted] = counter.drafts
    assert (noted.outcome, noted.answers) == (VisitOutcome.DEVICE_ERROR, {"overall": 1})
    assert noted.survey == AT_A_COUNTER.survey.revision, "of the questions that were asked"
    assert isinstance(counter.touch(DismissTouched), Idle)


def test_a_vote_that_stalled_and_was_stored_after_all_is_no_error(tmp_path: Path) -> None:
    counter = a_counter(tmp_path)
    counter.scan(CODE)
    counter.storage.slow = True
    assert isinstance(counter.touch(LevelTouched, 1), Storing)
    assert isinstance(counter.wait(STORING_SECONDS), OutOfOrder)
    counter.storage.catch_up()
    assert isinstance(counter.wait(0.1), Idle)
    assert [draft.outcome for draft in counter.drafts] == [VisitOutcome.ANSWERED]
    assert isinstance(counter.scan(CODE), AlreadyRated)
