"""Where scans, touches, the disk and time meet: with a real disk, a thank-you means stored."""

import logging
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from hardware.driver import Call, CallState
from hardware.scans import Scan
from kiosk.controller import MOST_WAITING_SCANS, Controller, StorageBroken, Surroundings
from kiosk.core.draft import Draft
from kiosk.core.events import (
    STORING_SECONDS,
    DismissTouched,
    LevelTouched,
    StartTouched,
    StorageFailed,
    StorageHealed,
    Tick,
    VoteStored,
)
from kiosk.core.session import IDENTIFY_SECONDS, PROBE_SECONDS, USUAL
from kiosk.core.setups import Arrangement
from kiosk.core.states import AlreadyRated, Identifying, Idle, OutOfOrder, Rating, ScanRefused, State, Storing, Thanking
from kiosk.core.survey import SURVEY, Level
from kiosk.core.visit import Case
from kiosk.duty_store import DutyStore
from kiosk.settings import Place
from protocol.badges import Badge
from protocol.codes import CaseCode, Refused, RefusedReason
from protocol.enrolment import Enrolment
from protocol.messages import CaseToken, Thresholds
from protocol.tickets import QueueTicket
from protocol.tokens import case_token
from protocol.visits import VisitOutcome
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.small_disk import fill, small_disk
from tests.kiosk.screen import KEY, WorkingKiosk, working_kiosk

CODE = CaseCode("000.00.12.H57", date(2026, 11, 19), "0042")
CARD = Refused(RefusedReason.IDENTITY_CARD)
USUALLY = Place().arranged()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


def vote(kiosk: WorkingKiosk, level: Level = 5) -> None:
    """Rate without a code, as far as the disk is asked."""
    kiosk.controller.touch(StartTouched)
    kiosk.controller.touch(LevelTouched, level)


# --- with the real disk ----------------------------------------------------------------------------


def test_only_the_officer_of_this_counter_can_ask_for_a_rating_and_interrupts_nobody(path: Path) -> None:
    with working_kiosk(path, counter=2) as kiosk:
        for call in (Call(3, None, CallState.RATE), Call(2, "A012", CallState.SERVING)):
            kiosk.controller.called(call)
        kiosk.controller.pump()
        assert isinstance(kiosk.controller.state, Idle)
        kiosk.controller.called(Call(2, None, CallState.RATE))
        kiosk.controller.pump()
        rating = kiosk.controller.state
        assert isinstance(rating, Rating)
        kiosk.clock.advance(1.0)
        kiosk.controller.called(Call(2, None, CallState.RATE))
        kiosk.controller.pump()
        assert kiosk.controller.state == rating


def test_a_flood_of_calls_is_bounded(path: Path) -> None:
    with working_kiosk(path, counter=2) as kiosk:
        for _ in range(MOST_WAITING_SCANS + 100):
            kiosk.controller.called(Call(9, None, CallState.CALLED))
        assert kiosk.controller._calls.qsize() == MOST_WAITING_SCANS


def test_a_scanned_case_is_rated_thanked_for_and_on_the_disk(path: Path) -> None:
    with working_kiosk(path, counter=2) as kiosk:
        kiosk.controller.scanned(CODE)
        rating = kiosk.screen.wait_for(Rating)
        assert isinstance(rating, Rating)
        assert rating.visit.case == Case(case_token(KEY, CODE), "…1119-0042")
        kiosk.controller.touch(LevelTouched, 4)
        assert isinstance(kiosk.controller.state, Storing)
        thanking = kiosk.screen.wait_for(Thanking)
        assert isinstance(thanking, Thanking)
        kiosk.outbox().settle(1, 9, kiosk.clock.reading())
        [stored] = kiosk.outbox().votes(1, 9)
        assert stored.vote_id == thanking.vote_id
        assert (stored.answers, stored.counter) == ({"overall": 4}, 2)
        assert stored.case_token == case_token(KEY, CODE)
        kiosk.clock.advance(USUAL.thanks)
        kiosk.screen.wait_for(Idle)


def test_a_case_scanned_again_is_known(path: Path) -> None:
    with working_kiosk(path) as kiosk:
        for expected in (Rating, AlreadyRated):
            kiosk.controller.scanned(CODE)
            kiosk.screen.wait_for(expected)
            kiosk.controller.touch(LevelTouched, 4)
            kiosk.screen.wait_for(Thanking if expected is Rating else AlreadyRated)
        assert kiosk.outbox().standing().highest == 1


def test_on_a_full_disk_the_kiosk_is_out_of_order_and_thanks_nobody(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 1024) as disk, working_kiosk(disk / "outbox.sqlite") as kiosk:
        kiosk.outbox()
        filler = fill(disk)
        thanked = 0
        while True:
            vote(kiosk)
            kiosk.screen.wait_until(lambda: isinstance(kiosk.controller.state, Thanking | OutOfOrder))
            if isinstance(kiosk.controller.state, OutOfOrder):
                break
            thanked += 1  # what SQLite had already reserved may still take a few votes
            kiosk.controller.touch(DismissTouched)
        assert kiosk.outbox().standing().highest == thanked
        for _ in range(3):
            vote(kiosk)
            kiosk.controller.scanned(CODE)
            kiosk.clock.advance(PROBE_SECONDS)
            assert isinstance(kiosk.screen.look(), OutOfOrder)
        filler.unlink()
        kiosk.clock.advance(PROBE_SECONDS)
        kiosk.screen.wait_for(Idle)
        vote(kiosk)
        kiosk.screen.wait_for(Thanking)
        outbox = kiosk.outbox()
        outbox.settle(1, thanked + 2, kiosk.clock.reading())
        outcomes = [stored.outcome for stored in outbox.votes(1, thanked + 9)]
        assert outcomes == [*["answered"] * thanked, "device-error", "answered"]


def test_without_room_in_the_file_the_kiosk_is_out_of_order_until_there_is(path: Path) -> None:
    with working_kiosk(path) as kiosk:
        database = kiosk.outbox()._database
        pages = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count = {pages}")
        kiosk.writer.probe()
        kiosk.screen.wait_for(OutOfOrder)
        vote(kiosk)
        assert isinstance(kiosk.screen.look(), OutOfOrder)
        database.execute("PRAGMA max_page_count = 1000000")
        kiosk.clock.advance(PROBE_SECONDS)
        kiosk.screen.wait_for(Idle)
        assert not kiosk.screen.showed(Thanking)
        assert kiosk.outbox().standing().highest == 0


def test_a_kiosk_whose_outbox_cannot_be_opened_is_out_of_order_and_heals(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    with working_kiosk(folder / "outbox.sqlite") as kiosk:
        kiosk.screen.wait_for(OutOfOrder)
        folder.unlink()
        kiosk.clock.advance(PROBE_SECONDS)
        kiosk.screen.wait_for(Idle)
        vote(kiosk)
        kiosk.screen.wait_for(Thanking)


# --- with a disk that does what the test says ------------------------------------------------------


class ScriptedStorage:
    """A storage that notes what it is asked, and answers when the test does."""

    def __init__(self) -> None:
        self.asked: list[tuple[Draft, float] | str] = []
        self.broken = False

    def cast(self, draft: Draft, by: float) -> None:
        self.asked.append((draft, by))

    def probe(self) -> None:
        self.asked.append("probe")

    def is_spent(self, token: CaseToken) -> bool:
        if self.broken:
            raise StorageBroken("disk I/O error")
        return False

    def known_time(self) -> datetime:
        return A_MORNING


@pytest.fixture
def storage() -> ScriptedStorage:
    return ScriptedStorage()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def controller(storage: ScriptedStorage, clock: FakeClock, tmp_path: Path) -> Controller:
    duty = DutyStore(tmp_path / "duty.json")
    return Controller(storage=storage, site_key=KEY, clock=clock, arrangement=USUALLY, duty=duty)


def test_a_disk_that_never_answers_puts_the_kiosk_out_of_order(
    controller: Controller, storage: ScriptedStorage, clock: FakeClock
) -> None:
    controller.touch(StartTouched)
    controller.touch(LevelTouched, 3)
    [(draft, by)] = [asked for asked in storage.asked if not isinstance(asked, str)]
    assert (draft.answers, by) == ({"overall": 3}, clock.monotonic() + STORING_SECONDS)
    clock.advance(STORING_SECONDS)
    controller.pump()
    assert isinstance(controller.state, OutOfOrder)
    clock.advance(PROBE_SECONDS)
    controller.pump()
    assert storage.asked[1:] == ["probe"]


def test_a_disk_that_cannot_be_read_at_a_scan_puts_the_kiosk_out_of_order(
    controller: Controller, storage: ScriptedStorage
) -> None:
    storage.broken = True
    controller.scanned(CODE)
    controller.pump()
    assert isinstance(controller.state, OutOfOrder)


def test_a_refused_scan_is_counted_by_its_reason_alone(controller: Controller, clock: FakeClock) -> None:
    for refused in (CARD, CARD, Refused(RefusedReason.NOT_RECOGNISED)):
        controller.scanned(refused)
    controller.pump()
    assert controller.refused_scans == {"identity-card": 2, "not-recognised": 1}
    state = controller.state
    assert isinstance(state, ScanRefused)
    controller.touch(DismissTouched)
    assert isinstance(controller.state, Idle)


def test_a_queue_ticket_is_answered_in_words(controller: Controller) -> None:
    controller.scanned(QueueTicket("A", 12))
    controller.pump()
    state = controller.state
    assert isinstance(state, ScanRefused)
    assert state.reason is RefusedReason.QUEUE_TICKET
    assert controller.refused_scans == {"queue-ticket": 1}


@pytest.mark.parametrize("scan", [Badge("0012"), Enrolment("hailong.example", 8443, bytes(32), bytes(16))])
@pytest.mark.parametrize("amid", [True, False])
def test_what_citizens_do_not_hold_is_counted_and_disturbs_nobody(
    controller: Controller, scan: Scan, amid: bool
) -> None:
    if amid:
        controller.touch(StartTouched)
    before = controller.state
    controller.scanned(scan)
    controller.pump()
    assert controller.state == before
    assert controller.refused_scans == {"not-a-case": 1}


def test_a_case_of_another_unit_is_rated_like_any(controller: Controller) -> None:
    controller.scanned(replace(CODE, foreign=True))
    controller.pump()
    state = controller.state
    assert isinstance(state, Rating)
    assert state.visit.case == Case(case_token(KEY, CODE), CODE.masked, foreign=True)


def test_a_flood_of_scans_is_cut_off_and_counted(controller: Controller) -> None:
    for _ in range(MOST_WAITING_SCANS + 50):
        controller.scanned(CARD)
    controller.pump()
    assert controller.refused_scans == {"identity-card": MOST_WAITING_SCANS, "too-many": 50}
    controller.scanned(CARD)
    controller.pump()
    assert controller.refused_scans == {"identity-card": MOST_WAITING_SCANS + 1, "too-many": 50}


def test_whoever_owns_the_screen_is_woken_by_everything_that_arrives(controller: Controller) -> None:
    woken: list[str] = []
    controller.wake = lambda: woken.append("again")
    controller.scanned(CARD)
    controller.answered(Tick(0.0))
    controller.scanner_is(True)
    controller.online_is(True)
    controller.arrange(USUALLY)
    controller.identify("quay-1")
    controller.end()
    assert len(woken) == 7


def test_the_surroundings_follow_scanner_and_server(controller: Controller) -> None:
    assert controller.surroundings == Surroundings(scanner_up=False, online=False)
    controller.scanner_is(True)
    controller.online_is(True)
    controller.pump()
    assert controller.surroundings == Surroundings(scanner_up=True, online=True)
    controller.scanner_is(False)
    controller.pump()
    assert controller.surroundings == Surroundings(scanner_up=False, online=True)
    controller.online_is(False, "no route to host")
    controller.pump()
    assert controller.surroundings == Surroundings(scanner_up=False, online=False, trouble="no route to host")
    controller.online_is(True)
    controller.pump()
    assert controller.surroundings == Surroundings(scanner_up=False, online=True)


def test_the_screen_knows_how_long_it_stays(controller: Controller, clock: FakeClock) -> None:
    assert controller.seconds_left() is None
    controller.touch(StartTouched)
    clock.advance(10.0)
    assert controller.seconds_left() == pytest.approx(USUAL.rating - 10.0)
    clock.advance(USUAL.rating)
    assert controller.seconds_left() == 0.0


# --- what waits for the end of a visit ---------------------------------------------------------------

NEWLY = Arrangement(
    "UBND XÃ MỚI", "Một cửa", survey=replace(SURVEY, revision=2), thresholds=Thresholds(rating=60), revision=4
)


def test_at_rest_a_new_arrangement_is_in_force_at_once(controller: Controller) -> None:
    assert controller.arrangement == USUALLY
    controller.arrange(NEWLY)
    controller.pump()
    assert controller.arrangement == NEWLY
    controller.touch(StartTouched)
    assert controller.seconds_left() == 60.0


def test_nothing_changes_under_a_citizen_s_finger(
    controller: Controller, storage: ScriptedStorage, clock: FakeClock
) -> None:
    controller.touch(StartTouched)
    controller.arrange(NEWLY)
    controller.pump()
    assert (controller.arrangement, controller.seconds_left()) == (USUALLY, USUAL.rating)
    controller.touch(LevelTouched, 5)
    [(draft, _)] = [asked for asked in storage.asked if not isinstance(asked, str)]
    assert draft.survey == SURVEY.revision, "the vote answers what was asked"
    controller.pump()
    assert controller.arrangement == USUALLY
    controller.answered(VoteStored(clock.monotonic(), "0" * 32, clock.monotonic() + STORING_SECONDS))
    controller.pump()
    assert (controller.arrangement, controller.seconds_left()) == (USUALLY, USUAL.thanks)
    clock.advance(USUAL.thanks)
    controller.pump()
    assert controller.arrangement == NEWLY


def test_an_error_of_the_kiosk_is_noted_under_what_was_asked_and_only_then_something_else_is(
    controller: Controller, storage: ScriptedStorage, clock: FakeClock
) -> None:
    controller.touch(StartTouched)
    controller.answered(StorageFailed(clock.monotonic()))
    controller.arrange(NEWLY)
    controller.pump()
    assert isinstance(controller.state, OutOfOrder)
    assert controller.arrangement == USUALLY
    clock.advance(1.0)
    controller.answered(StorageHealed(clock.monotonic()))
    controller.pump()
    [(draft, by)] = [asked for asked in storage.asked if not isinstance(asked, str)]
    assert (draft.outcome, draft.survey) == (VisitOutcome.DEVICE_ERROR, SURVEY.revision)
    assert controller.arrangement == USUALLY
    controller.answered(VoteStored(clock.monotonic(), "0" * 32, by))
    controller.pump()
    assert shown(controller) == Idle()
    assert controller.arrangement == NEWLY


@pytest.mark.parametrize("amid", [True, False])
def test_where_one_citizen_follows_the_other_the_next_one_is_asked_anew(controller: Controller, amid: bool) -> None:
    controller.scanned(CODE if amid else CARD)
    controller.pump()
    controller.arrange(NEWLY)
    controller.scanned(CODE)
    controller.pump()
    assert isinstance(controller.state, Rating)
    assert controller.arrangement == (USUALLY if amid else NEWLY)


def shown(controller: Controller) -> State:
    controller.pump()
    return controller.state


def test_the_name_is_shown_once_nobody_is_served(controller: Controller, clock: FakeClock) -> None:
    controller.touch(StartTouched)
    controller.identify("quay-1")
    assert isinstance(shown(controller), Rating)
    clock.advance(USUAL.rating)
    assert shown(controller) == Identifying("quay-1", clock.monotonic() + IDENTIFY_SECONDS)
    controller.touch(DismissTouched)
    assert shown(controller) == Idle(), "once is enough"


def test_out_of_order_the_name_waits(controller: Controller, clock: FakeClock) -> None:
    controller.answered(StorageFailed(clock.monotonic()))
    controller.identify("quay-1")
    controller.pump()
    assert isinstance(controller.state, OutOfOrder)
    controller.answered(StorageHealed(clock.monotonic()))
    controller.pump()
    assert isinstance(controller.state, Identifying)


def test_the_program_ends_never_in_the_middle_of_a_visit(controller: Controller, clock: FakeClock) -> None:
    left: list[float] = []
    controller.leave = lambda: left.append(clock.monotonic())
    controller.touch(StartTouched)
    controller.end()
    for _ in range(2):
        controller.pump()
        assert left == []
        clock.advance(USUAL.rating / 2)
    for _ in range(2):
        controller.pump()
    assert len(left) == 1


def test_no_log_line_holds_a_code_a_token_or_a_choice(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with working_kiosk(path) as kiosk:
        kiosk.controller.scanned(CODE)
        kiosk.screen.wait_for(Rating)
        kiosk.controller.touch(LevelTouched, 1)
        kiosk.screen.wait_for(Thanking)
        kiosk.controller.scanned(CARD)
        kiosk.screen.wait_for(ScanRefused)
    for secret in (CODE.canonical, CODE.running, case_token(KEY, CODE), "level"):
        assert secret not in caplog.text
