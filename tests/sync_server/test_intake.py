"""The queue before the ingest: it never blocks the broker, and no trouble ends it."""

import threading
from collections.abc import Iterator, Sequence
from queue import SimpleQueue

import pytest

from sync_server.core.lanes import MOST_A_SENDER
from sync_server.ingest import Incoming, Ingest, Outgoing
from sync_server.intake import MOST_TOGETHER, Intake
from sync_server.store.database import DatabaseTrouble

DEADLINE = 10.0  # seconds; reached only when something is broken


class ScriptedIngest(Ingest):
    """Answers every message with itself, once the test lets it; or raises what it is told."""

    def __init__(self) -> None:
        self.taken: SimpleQueue[int] = SimpleQueue()
        self.go = threading.Event()
        self.go.set()
        self.troubles: list[Exception] = []
        self.paces: list[float] = []
        self.dropped = 0
        self.news: list[Outgoing] = []
        self.no_news: Exception | None = None

    def announce(self) -> list[Outgoing]:
        if self.no_news is not None:
            raise self.no_news
        news, self.news = self.news, []
        return news

    def take(self, messages: Sequence[Incoming], pace: float = 0.0, dropped: int = 0) -> list[Outgoing]:
        self.paces.append(pace)
        self.dropped += dropped
        self.taken.put(len(messages))
        assert self.go.wait(DEADLINE)
        if self.troubles:
            raise self.troubles.pop(0)
        return [Outgoing(message.topic, message.payload) for message in messages]


class Desk:
    def __init__(self) -> None:
        self.ingest = ScriptedIngest()
        self.published: SimpleQueue[bytes] = SimpleQueue()
        self.intake = Intake(self.ingest, lambda answer: self.published.put(answer.payload))
        self.intake.start()

    def offer(self, number: int) -> None:
        self.intake.offer(Incoming(f"hailong/v1/sia/kiosk-{number}/votes", b"%d" % number))

    def answers(self, count: int) -> list[int]:
        return [int(self.published.get(timeout=DEADLINE)) for _ in range(count)]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.intake.PAUSE_SECONDS", 0.01)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.ingest.go.set()
    made.intake.stop()


def test_messages_are_taken_in_order_and_answered(desk: Desk) -> None:
    for number in range(200):
        desk.offer(number)
    assert desk.answers(200) == list(range(200))


def test_what_has_queued_up_is_taken_together_within_bounds(desk: Desk) -> None:
    desk.ingest.go.clear()
    desk.offer(0)
    assert desk.ingest.taken.get(timeout=DEADLINE) == 1
    for number in range(1, 2 * MOST_TOGETHER + 11):
        desk.offer(number)
    desk.ingest.go.set()
    desk.answers(2 * MOST_TOGETHER + 11)
    assert [desk.ingest.taken.get() for _ in range(3)] == [MOST_TOGETHER, MOST_TOGETHER, 10]


def test_a_flood_is_dropped_and_counted_and_the_others_are_heard(desk: Desk) -> None:
    desk.ingest.go.clear()
    desk.offer(0)
    desk.ingest.taken.get(timeout=DEADLINE)
    for number in range(MOST_A_SENDER + 7):
        desk.intake.offer(Incoming("hailong/v1/sia/flood/votes", b"%d" % (1000 + number)))
    desk.offer(1)
    desk.ingest.go.set()
    assert 1 in desk.answers(MOST_A_SENDER + 2)
    assert desk.ingest.dropped == 7


def test_kiosks_are_slowed_down_as_the_room_fills(desk: Desk) -> None:
    desk.ingest.go.clear()
    desk.offer(0)
    desk.ingest.taken.get(timeout=DEADLINE)
    for number in range(1, 400):
        desk.intake.offer(Incoming(f"hailong/v1/sia/kiosk-{number}/votes", b" " * 100_000 + b"1"))
    desk.ingest.go.set()
    desk.answers(400)
    assert desk.ingest.paces[0] == 0
    slowed = desk.ingest.paces[1:]
    assert slowed[0] > 0
    assert slowed == sorted(slowed, reverse=True)


def test_news_goes_out_although_nobody_says_anything(desk: Desk) -> None:
    desk.ingest.news = [Outgoing("hailong/v1/sia/quay-1/setup", b"7", qos=1)]
    assert desk.answers(1) == [7]


@pytest.mark.parametrize("trouble", [DatabaseTrouble("database is locked"), RuntimeError("what was chosen")])
def test_no_trouble_is_acknowledged_and_none_ends_the_intake(
    desk: Desk, trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    desk.ingest.troubles = [trouble] * 3
    for number in range(4):
        desk.offer(number)
        desk.ingest.taken.get(timeout=DEADLINE)
    assert desk.answers(1) == [3]
    assert desk.published.empty()
    assert "not stored" in caplog.text
    assert "chosen" not in caplog.text


@pytest.mark.parametrize("queued", [0, 5, 3000])
def test_it_ends_however_much_is_queued(queued: int) -> None:
    desk = Desk()
    desk.ingest.go.clear()
    for number in range(queued):
        desk.offer(number)
    stopper = threading.Thread(target=desk.intake.stop)
    stopper.start()
    desk.ingest.go.set()
    stopper.join(DEADLINE)
    assert not stopper.is_alive()


def test_messages_may_be_offered_from_many_threads(desk: Desk) -> None:
    def offer_some(start: int) -> None:
        for number in range(start, start + 50):
            desk.offer(number)

    threads = [threading.Thread(target=offer_some, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(desk.answers(150))) == 150


def test_what_is_stored_is_answered_although_there_is_no_news_to_be_had(desk: Desk) -> None:
    desk.ingest.no_news = DatabaseTrouble("database is locked")
    for number in range(3):
        desk.offer(number)
        assert desk.answers(1) == [number]
