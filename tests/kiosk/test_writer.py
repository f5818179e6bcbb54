"""The thread that writes: every order is answered, in turn, and a slow disk keeps nobody waiting."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from time import monotonic

import pytest

from kiosk.controller import StorageBroken
from kiosk.core.events import CaseSpent, Event, StorageFailed, StorageHealed, VoteStored
from kiosk.core.survey import SURVEY
from kiosk.core.visit import Case
from kiosk.outbox import Journal, Outbox
from kiosk.writer import Writer
from tests.fakes.clock import FakeClock
from tests.kiosk.screen import DEADLINE

ONE = Case("1" * 32, "…1119-0001")


class Desk:
    """A writer, and everything it said."""

    def __init__(self, path: Path, counter: int | None = None) -> None:
        self.answers: SimpleQueue[Event] = SimpleQueue()
        self.opened: list[tuple[Journal, str]] = []
        self.stored: list[str] = []
        self.troubles: list[Exception] = []
        self.clock = FakeClock()
        self.writer = Writer(
            path=path,
            counter=counter,
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
def a_desk(path: Path, counter: int | None = None, troubles: list[Exception] | None = None) -> Iterator[Desk]:
    desk = Desk(path, counter)
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
    with a_desk(path, counter=3) as desk:
        desk.answer()
        desk.writer.cast(SURVEY, ONE, 2, by=1010.0)
        answer = desk.answer()
        assert isinstance(answer, VoteStored)
        assert answer.by == 1010.0
        journal = desk.opened[0][0]
        journal.settle(1, 9, desk.clock.reading())
        [vote] = journal.votes(1, 9)
        assert (vote.vote_id, vote.number, vote.survey) == (answer.vote_id, 1, SURVEY.revision)
        assert (vote.answers, vote.counter, vote.case_token) == ({SURVEY.criterion: 2}, 3, ONE.token)
        assert desk.stored == ["writer"]
        assert desk.writer.is_spent(ONE.token)


def test_orders_are_answered_one_after_the_other(path: Path) -> None:
    with a_desk(path) as desk:
        desk.answer()
        desk.writer.cast(SURVEY, ONE, 5, by=1.0)
        desk.writer.cast(SURVEY, ONE, 1, by=2.0)
        desk.writer.probe()
        desk.writer.cast(SURVEY, None, 3, by=3.0)
        answers = [desk.answer() for _ in range(4)]
        assert [type(answer) for answer in answers] == [VoteStored, CaseSpent, StorageHealed, VoteStored]
        assert [answer.by for answer in answers if isinstance(answer, VoteStored | CaseSpent)] == [1.0, 2.0, 3.0]
        assert len(desk.stored) == 2


def test_before_the_outbox_is_open_nobody_can_say_whether_a_case_is_rated(path: Path) -> None:
    desk = Desk(path)
    with pytest.raises(StorageBroken, match="not open yet"):
        desk.writer.is_spent(ONE.token)
    desk.writer.stop()


def test_an_outbox_that_cannot_be_opened_is_tried_again_at_every_order(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    with a_desk(folder / "outbox.sqlite") as desk:
        assert isinstance(desk.answer(), StorageFailed)
        with pytest.raises(StorageBroken):
            desk.writer.is_spent(ONE.token)
        desk.writer.cast(SURVEY, None, 5, by=1.0)
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
        desk.writer.cast(SURVEY, None, 5, by=1.0)
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
            desk.writer.cast(SURVEY, None, 4, by=float(by))
    outbox = Outbox(path)
    assert outbox.standing().highest == 5
    outbox.close()


def test_a_disk_that_stalls_keeps_nobody_waiting(path: Path) -> None:
    with a_desk(path) as desk:
        desk.answer()
        stalled = sqlite3.connect(path, isolation_level=None)
        stalled.execute("BEGIN IMMEDIATE")
        began = monotonic()
        desk.writer.cast(SURVEY, ONE, 5, by=1.0)
        assert not desk.writer.is_spent(ONE.token)
        assert monotonic() - began < 1.0
        assert desk.answers.empty()
        stalled.execute("COMMIT")
        stalled.close()
        assert isinstance(desk.answer(), VoteStored)
