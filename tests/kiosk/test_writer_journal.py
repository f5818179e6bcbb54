"""The outbox in the uplink's hands: its writes go through the writer's thread, after the votes, and never hang."""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from kiosk.controller import StorageBroken
from kiosk.core.events import Event, StorageFailed, StorageHealed, VoteStored
from kiosk.core.time_truth import server_anchor
from kiosk.outbox import Journal, Outbox, Proof, StorageDamaged
from kiosk.outbox.pages import PAGE_BYTES
from kiosk.writer import _END, TEND_SECONDS, Writer, _Job, _Stop
from protocol.chain import EMPTY, extend
from protocol.messages import ClockSource, ReplacedBecause
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.drafts import a_draft
from tests.fakes.outboxes import an_outbox, cast, raw
from tests.kiosk.screen import DEADLINE

SOME = 5  # votes that one step of an order treats


class Desk:
    """A writer, its journal, and everything it answered."""

    def __init__(self, path: Path, opened: Callable[[Journal], None] = lambda _: None) -> None:
        self.clock = FakeClock()
        self.clock.synchronise()
        self.answers: SimpleQueue[Event] = SimpleQueue()
        self.writer = Writer(path=path, clock=self.clock, opened=opened, stored=lambda: None)
        self.journal = self.writer.journal

    def answer(self) -> Event:
        return self.answers.get(timeout=DEADLINE)

    def vote(self) -> str:
        self.writer.cast(a_draft(), by=1.0)
        answer = self.answer()
        assert isinstance(answer, VoteStored)
        return answer.vote_id


@contextmanager
def a_desk(path: Path, opened: Callable[[Journal], None] = lambda _: None) -> Iterator[Desk]:
    desk = Desk(path, opened)
    desk.writer.start(desk.answers.put)
    desk.answer()
    try:
        yield desk
    finally:
        desk.writer.stop()
        desk.writer.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@contextmanager
def stalled(path: Path) -> Iterator[None]:
    """A disk on which no write gets through."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("COMMIT")
        connection.close()


def in_the_background(work: Callable[[], object]) -> tuple[threading.Thread, SimpleQueue[object]]:
    outcome: SimpleQueue[object] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put(work())
        except StorageBroken as error:
            outcome.put(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def test_everything_the_uplink_needs_goes_through(path: Path) -> None:
    with a_desk(path) as desk:
        journal, clock = desk.journal, desk.clock
        assert journal.count_boot() == 1
        ids = [desk.vote(), desk.vote(), desk.vote()]
        reading = clock.reading()
        journal.note_anchor(server_anchor(reading.boot_id, reading.boottime_ns, reading.boottime_ns, clock.true))
        assert journal.clock(reading).source is ClockSource.SERVER
        known = journal.known_time(reading)
        assert known == desk.writer.known_time()
        assert abs(known - clock.true) <= timedelta(microseconds=1)  # what is proven is rounded outwards
        journal.settle(1, 3, reading)
        assert [vote.vote_id for vote in journal.votes(1, 3)] == ids
        assert journal.proof(2, extend(EMPTY, ids[:2])) is Proof.MATCHES
        journal.confirm(2, clock.true)
        standing = journal.standing()
        assert (standing.highest, standing.stored_up_to, standing.waiting) == (3, 2, 1)
        stream = journal.stream
        assert not journal.replaced
        replaced = journal.renew(ReplacedBecause.COPIED)
        assert (replaced.stream, replaced.carried) == (stream, 3)
        assert journal.stream != stream
        journal.replaced_is_known()
        assert journal.standing().highest == 3
        journal.confirm(3, clock.true)
        journal.forget(clock.true + timedelta(days=40))
        assert journal.standing().kept_from == 4
        assert journal.salvaged is None


def test_whoever_is_handed_the_journal_may_use_it_at_once(path: Path) -> None:
    boots: list[int] = []

    def opened(journal: Journal) -> None:
        boots.append(journal.count_boot())
        journal.confirm(0, A_MORNING)

    with a_desk(path, opened):
        assert boots == [1]


def test_votes_go_before_orders_even_between_the_steps_of_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.outbox.retention.SOME", SOME)
    with an_outbox(path) as outbox:
        for _ in range(3 * SOME):
            cast(outbox)
        outbox.settle(1, 3 * SOME, FakeClock().reading())
    with a_desk(path) as desk:
        left: list[object] = []

        def confirmed_in_steps(outbox: Outbox) -> Iterator[None]:
            for _ in outbox.confirming(3 * SOME, A_MORNING):
                desk.writer.cast(a_draft(), by=1.0)
                yield
                left.append(raw(path, "SELECT count(*) FROM votes WHERE wall IS NOT NULL")[0][0])

        desk.writer.do(confirmed_in_steps)
        assert left == [2 * SOME + 1, SOME + 2], "each vote was stored before the next step"
        for _ in left:
            assert isinstance(desk.answer(), VoteStored)


def test_an_order_that_does_not_get_through_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.writer.JOB_SECONDS", 0.0)
    with a_desk(path) as desk:
        with stalled(path):
            desk.writer.probe()
            with pytest.raises(StorageBroken, match="not come to it in time"):
                desk.journal.count_boot()
        assert isinstance(desk.answer(), StorageHealed)
        desk.writer.probe()
        desk.answer()
        assert raw(path, "SELECT boots FROM stream") == [(0,)], "what was given up is not done later"


def test_orders_that_fail_say_why_and_votes_go_on(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with a_desk(path) as desk:
        desk.vote()
        raw(path, "CREATE TRIGGER broken BEFORE UPDATE ON stream BEGIN SELECT RAISE(ABORT, 'the disk is tired'); END")
        with pytest.raises(StorageBroken, match="the disk is tired"):
            desk.journal.confirm(1, A_MORNING)
        with pytest.raises(StorageBroken, match="internal error: ZeroDivisionError"):
            desk.writer.do(lambda _: 1 // 0)
        desk.vote()
        assert desk.writer.trouble == ""
    assert "an order of the uplink failed: ZeroDivisionError" in caplog.text


def test_a_writer_that_was_stopped_takes_no_orders_and_keeps_nobody_waiting(path: Path) -> None:
    with a_desk(path) as desk:
        with stalled(path):
            desk.writer.probe()
            thread, outcome = in_the_background(desk.journal.count_boot)
            stopping = threading.Thread(target=desk.writer.stop)
            stopping.start()
        thread.join(DEADLINE)
        stopping.join(DEADLINE)
        assert isinstance(outcome.get(timeout=DEADLINE), int | StorageBroken)
        with pytest.raises(StorageBroken, match="being stopped"):
            desk.journal.count_boot()


def test_orders_left_over_at_the_end_are_told(path: Path) -> None:
    with a_desk(path) as desk:
        late: list[object] = []

        def then_another(_: Outbox) -> None:
            desk.writer._put(_END, _Stop())
            desk.writer._put(_END, job)

        job = _Job(lambda _: late.append("done"))
        desk.writer.do(then_another)
        desk.writer.stop()
        assert job.done.wait(DEADLINE)
        assert late == []
        assert str(job.error) == "the kiosk is being stopped"


def test_without_an_outbox_reads_say_what_is_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    with a_desk(folder / "outbox.sqlite") as desk:
        with pytest.raises(StorageBroken, match=desk.writer.trouble):
            desk.journal.standing()
        with pytest.raises(StorageBroken):
            desk.journal.count_boot()
        assert desk.writer.known_time() == A_MORNING
        folder.unlink()
        assert desk.journal.count_boot() == 1, "an order opens the outbox, too"


def damage(path: Path) -> None:
    """Overwrite all but the first page, and leave no sound copy in the log."""
    raw(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(PAGE_BYTES)
        file.write(b"\xff" * (path.stat().st_size - PAGE_BYTES))


def test_a_file_damaged_while_it_is_open_is_salvaged_by_itself(path: Path) -> None:
    with a_desk(path) as desk:
        desk.vote()
        stream = desk.journal.stream
        damage(path)
        desk.writer.reach()._database.execute("PRAGMA cache_size=0")
        desk.writer.cast(a_draft(), by=1.0)
        assert isinstance(desk.answer(), StorageFailed)
        desk.writer.probe()
        assert isinstance(desk.answer(), StorageHealed)
        desk.vote()
        assert desk.journal.stream != stream
        [replaced] = desk.journal.replaced
        assert replaced.because is ReplacedBecause.DAMAGED
        assert desk.journal.salvaged is not None


def test_damage_that_a_reader_finds_is_salvaged_before_the_next_write(path: Path) -> None:
    with a_desk(path) as desk:
        desk.vote()
        desk.journal.settle(1, 1, desk.clock.reading())
        raw(path, "UPDATE votes SET draft = replace(draft, '5', '1')")
        with pytest.raises(StorageDamaged):
            desk.journal.votes(1, 1)
        desk.writer.probe()
        assert isinstance(desk.answer(), StorageHealed)
        assert desk.journal.salvaged is not None
        assert desk.journal.standing().highest == 0, "a vote that was changed is not counted"


def test_a_renewal_that_breaks_off_is_finished_at_the_next_order(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_desk(path) as desk:
        vote_id = desk.vote()
        stream = desk.journal.stream

        def broken(_: object) -> None:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr("kiosk.outbox.renewal._names", broken)
        with pytest.raises(StorageBroken, match="Input/output"):
            desk.journal.renew(ReplacedBecause.COPIED)
        monkeypatch.undo()
        with pytest.raises(StorageBroken):
            desk.journal.standing()
        desk.vote()
        [replaced] = desk.journal.replaced
        assert replaced.stream == stream
        desk.journal.settle(1, 2, desk.clock.reading())
        assert desk.journal.votes(1, 1)[0].vote_id == vote_id


def test_it_tends_the_outbox_by_itself_when_time_has_passed(path: Path) -> None:
    with a_desk(path) as desk:
        desk.vote()
        desk.journal.settle(1, 1, desk.clock.reading())
        desk.journal.confirm(1, desk.clock.true)
        for _ in range(3):
            desk.clock.advance(max(TEND_SECONDS, 20 * 24 * 3600))
            reading = desk.clock.reading()
            heard = server_anchor(reading.boot_id, reading.boottime_ns, reading.boottime_ns, desk.clock.true)
            desk.journal.note_anchor(heard)
            desk.writer.probe()
            desk.answer()
        desk.writer.do(lambda _: None)
        assert desk.journal.standing().kept_from == 2
        assert raw(path, "SELECT max(seen_ns) FROM boots") == [(desk.clock.boottime_ns(),)]


def test_it_tends_the_outbox_when_nothing_happens(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.writer.TEND_SECONDS", 0.05)
    tended = threading.Event()
    monkeypatch.setattr(Outbox, "see", lambda *_: tended.set())
    with a_desk(path) as desk:
        desk.clock.advance(1000)
        assert tended.wait(DEADLINE)


def test_what_goes_wrong_while_it_tends_harms_nothing(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with a_desk(path) as desk:
        raw(path, "CREATE TRIGGER broken BEFORE UPDATE ON boots BEGIN SELECT RAISE(ABORT, 'the disk is tired'); END")
        desk.clock.advance(1000)
        desk.writer.tend()
        desk.writer.do(lambda _: None)
        raw(path, "DROP TRIGGER broken")
        desk.vote()
