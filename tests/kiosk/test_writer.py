"""The thread that writes: every order is answered, in turn, and a slow disk keeps nobody waiting."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from time import monotonic

import msgspec
import pytest

from kiosk.controller import StorageBroken
from kiosk.core.draft import Draft
from kiosk.core.events import CaseSpent, Event, StorageFailed, StorageHealed, VoteStored
from kiosk.outbox import Journal, Outbox
from kiosk.writer import MOST_KEPT, Writer
from protocol.visits import VisitOutcome
from tests.fakes.clock import FakeClock
from tests.fakes.drafts import a_draft
from tests.kiosk.screen import DEADLINE

ONE = "1" * 32


TRAVELS = (*("survey", "answers", "counter", "case_token"), *("reasons", "comment", "labels", "officer", "best_first"))


class Desk:
    """A writer, and everything it said."""

    def __init__(self, path: Path) -> None:
        self.answers: SimpleQueue[Event] = SimpleQueue()
        self.opened: list[tuple[Journal, str]] = []
        self.stored: list[str] = []
        self.troubles: list[Exception] = []
        self.clock = FakeClock()
        self.writer = Writer(
            path=path,
            clock=self.clock,
            opened=self._opened,
            stored=lambda: self.stored.append(threading.current_thread().name),
        )

    def start(self) -> None:
        self.writer.start(self.answers.put)

    def answer(self) -> Event:
        return self.answers.get(timeout=DEADLINE)

    def _opened(self, outbox: Journal) -> None:
        if self.troubles:
            raise self.troubles.pop()
        self.opened.append((outbox, threading.current_thread().name))


@contextmanager
def a_desk(path: Path, troubles: list[Exception] | None = None) -> Iterator[Desk]:
    desk = Desk(path)
    desk.troubles = troubles or []
    desk.start()
    try:
        yield desk
    finally:
        desk.writer.stop()
        desk.writer.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


def test_when_start_returns_the_outbox_has_been_tried(path: Path) -> None:
    with a_desk(path) as desk:
        assert isinstance(desk.answers.get_nowait(), StorageHealed)
        assert [thread for _, thread in desk.opened] == ["writer"]
        assert desk.writer.trouble == ""


def test_a_vote_is_stored_with_everything_that_is_known_of_it(path: Path) -> None:
    draft = Draft(
        survey=3,
        answers={"overall": 2, "time": 4},
        counter=3,
        case_token=ONE,
        reasons=("slow", "polite"),
        comment="Cảm ơn các anh chị",
        labels=("hasty", "play"),
        officer="an",
        best_first=True,
    )
    with a_desk(path) as desk:
        desk.answer()
        desk.writer.cast(draft, by=1010.0)
        answer = desk.answer()
        assert isinstance(answer, VoteStored)
        assert answer.by == 1010.0
        journal = desk.opened[0][0]
        journal.settle(1, 9, desk.clock.reading())
        [vote] = journal.votes(1, 9)
        assert (vote.vote_id, vote.number) == (answer.vote_id, 1)
        assert [getattr(vote, told) for told in TRAVELS] == [getattr(draft, told) for told in TRAVELS]
        assert desk.stored == ["writer"]
        assert desk.writer.is_spent(ONE)


def test_orders_are_answered_one_after_the_other(path: Path) -> None:
    with a_desk(path) as desk:
        desk.answer()
        desk.writer.cast(a_draft(5, ONE), by=1.0)
        desk.writer.cast(a_draft(1, ONE), by=2.0)
        desk.writer.probe()
        desk.writer.cast(a_draft(3), by=3.0)
        answers = [desk.answer() for _ in range(4)]
        assert [type(answer) for answer in answers] == [VoteStored, CaseSpent, StorageHealed, VoteStored]
        assert [answer.by for answer in answers if isinstance(answer, VoteStored | CaseSpent)] == [1.0, 2.0, 3.0]
        assert len(desk.stored) == 2


def test_a_case_that_is_rated_once_a_day_is_spent_for_its_day_and_known_ever_after(path: Path) -> None:
    with a_desk(path) as desk:
        desk.answer()
        for by, day in enumerate(("a" * 32, "a" * 32, "b" * 32)):
            desk.writer.cast(msgspec.structs.replace(a_draft(5, ONE), spends=day), by=float(by))
        assert [type(desk.answer()) for _ in range(3)] == [VoteStored, CaseSpent, VoteStored]
        assert desk.writer.is_spent("b" * 32)
        assert desk.writer.is_spent(ONE)


@pytest.mark.parametrize("outcome", [outcome for outcome in VisitOutcome if outcome is not VisitOutcome.ANSWERED])
def test_a_visit_that_was_no_vote_is_stored_and_its_case_can_be_rated(path: Path, outcome: VisitOutcome) -> None:
    with a_desk(path) as desk:
        desk.answer()
        desk.writer.cast(msgspec.structs.replace(a_draft(5, ONE), outcome=outcome), by=1.0)
        assert isinstance(desk.answer(), VoteStored)
        assert not desk.writer.is_spent(ONE)
        desk.writer.cast(a_draft(5, ONE), by=2.0)
        assert isinstance(desk.answer(), VoteStored)


def test_a_failure_says_which_vote_was_refused(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    with a_desk(folder / "outbox.sqlite") as desk:
        desk.writer.cast(a_draft(), by=7.0)
        failures = [desk.answer() for _ in range(2)]
        assert [failed.by for failed in failures if isinstance(failed, StorageFailed)] == [None, 7.0]


def test_before_the_outbox_is_open_nobody_can_say_whether_a_case_is_rated(path: Path) -> None:
    desk = Desk(path)
    with pytest.raises(StorageBroken, match="not open yet"):
        desk.writer.is_spent(ONE)
    desk.writer.stop()


def test_an_outbox_that_cannot_be_opened_is_tried_again_at_every_order(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    with a_desk(folder / "outbox.sqlite") as desk:
        assert isinstance(desk.answer(), StorageFailed)
        with pytest.raises(StorageBroken):
            desk.writer.is_spent(ONE)
        desk.writer.cast(a_draft(5), by=1.0)
        assert isinstance(desk.answer(), StorageFailed)
        assert desk.writer.trouble
        folder.unlink()
        desk.writer.probe()
        assert isinstance(desk.answer(), StorageHealed)
        assert desk.writer.trouble == ""
        assert len(desk.opened) == 1


@pytest.mark.parametrize("trouble", [StorageBroken("not yet"), RuntimeError("what was chosen")])
def test_whoever_is_handed_the_outbox_may_fail_too(
    path: Path, trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with a_desk(path, troubles=[trouble]) as desk:
        assert isinstance(desk.answer(), StorageFailed)
        desk.writer.cast(a_draft(5), by=1.0)
        assert isinstance(desk.answer(), VoteStored)
        assert len(desk.opened) == 1
    assert "chosen" not in caplog.text


def test_a_trouble_is_told_once_and_so_is_its_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    with a_desk(folder / "outbox.sqlite") as desk:
        for _ in range(3):
            desk.writer.probe()
        for _ in range(4):
            desk.answer()
        folder.unlink()
        desk.writer.probe()
        desk.writer.probe()
        desk.answer()
        desk.answer()
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]


def test_what_is_queued_is_still_written_when_it_stops(path: Path) -> None:
    with a_desk(path) as desk:
        for by in range(5):
            desk.writer.cast(a_draft(4), by=float(by))
    outbox = Outbox(path)
    assert outbox.standing().highest == 5
    outbox.close()


NOBODY_WAITS = (VisitOutcome.ABANDONED, VisitOutcome.TIMED_OUT, VisitOutcome.DECLINED)


def cut_short(outcome: VisitOutcome) -> Draft:
    return msgspec.structs.replace(a_draft(5, ONE), outcome=outcome)


@pytest.mark.parametrize("outcome", NOBODY_WAITS)
def test_a_visit_that_was_cut_short_and_refused_is_stored_under_its_hour_once_the_disk_works(
    tmp_path: Path, outcome: VisitOutcome
) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    with a_desk(folder / "outbox.sqlite") as desk:
        desk.answer()
        desk.clock.synchronise()
        ended = desk.clock.now()
        desk.writer.cast(cut_short(outcome), by=1.0)
        assert isinstance(desk.answer(), StorageFailed)
        desk.clock.advance(3 * 3600.0)
        desk.writer.probe()
        assert isinstance(desk.answer(), StorageFailed)
        folder.unlink()
        desk.writer.cast(a_draft(4), by=2.0)
        assert isinstance(desk.answer(), VoteStored), "whoever stands there is served first"
        journal = desk.opened[0][0]
        journal.settle(1, 9, desk.clock.reading())
        voted, kept = journal.votes(1, 9)
        assert (voted.outcome, kept.outcome) == (VisitOutcome.ANSWERED, outcome)
        assert kept.hour == ended.replace(minute=0, second=0, microsecond=0)
        assert desk.answers.empty(), "it was answered before"
        assert desk.stored == ["writer"] * 2


@pytest.mark.parametrize("outcome", [VisitOutcome.ANSWERED, VisitOutcome.DEVICE_ERROR])
def test_what_somebody_waits_for_is_not_tried_again_behind_their_back(tmp_path: Path, outcome: VisitOutcome) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    with a_desk(folder / "outbox.sqlite") as desk:
        desk.writer.cast(cut_short(outcome), by=1.0)
        for _ in range(2):
            desk.answer()
        folder.unlink()
        desk.writer.probe()
        desk.answer()
        assert desk.writer.do(lambda outbox: outbox.standing().highest) == 0


def test_on_a_disk_that_fails_again_and_again_it_stays_kept_and_is_tried_at_the_end(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    path = folder / "outbox.sqlite"
    folder.write_text("a file where the folder should be")
    with a_desk(path) as desk:
        desk.writer.cast(cut_short(VisitOutcome.DECLINED), by=1.0)
        for _ in range(3):
            desk.writer.probe()
        for _ in range(5):
            assert isinstance(desk.answer(), StorageFailed)
        folder.unlink()
    outbox = Outbox(path)
    assert outbox.standing().highest == 1
    outbox.close()


def test_what_is_kept_for_a_disk_that_works_again_is_bounded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    with a_desk(folder / "outbox.sqlite") as desk:
        for by in range(MOST_KEPT + 3):
            desk.writer.cast(cut_short(VisitOutcome.DECLINED), by=float(by))
        for _ in range(MOST_KEPT + 4):
            desk.answer()
        folder.unlink()
        desk.writer.probe()
        desk.answer()
        assert desk.writer.do(lambda outbox: outbox.standing().highest) == MOST_KEPT
    assert [record for record in caplog.messages if "the oldest is gone" in record] != []


def test_a_disk_that_stalls_keeps_nobody_waiting(path: Path) -> None:
    with a_desk(path) as desk:
        desk.answer()
        stalled = sqlite3.connect(path, isolation_level=None)
        stalled.execute("BEGIN IMMEDIATE")
        began = monotonic()
        desk.writer.cast(a_draft(5, ONE), by=1.0)
        assert not desk.writer.is_spent(ONE)
        assert monotonic() - began < 1.0
        assert desk.answers.empty()
        stalled.execute("COMMIT")
        stalled.close()
        assert isinstance(desk.answer(), VoteStored)
