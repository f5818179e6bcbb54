"""The way to the server, for real: outbox, uplink, TCP, broker, ingest, database."""

import logging
import random
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from time import monotonic

import pytest
from sqlalchemy import text

from kiosk.controller import StorageBroken
from kiosk.outbox import Outbox, Standing
from kiosk.settings import Server
from kiosk.uplink import SILENCE_SECONDS, STATUS_SECONDS, Uplink
from protocol.codec import decode, encode
from protocol.messages import Hello, KioskStatus, Receipt, VoteBatch
from protocol.topics import Address, Channel, parse, topic
from sync_server.broker.embedded import EmbeddedBroker
from sync_server.service import Service
from sync_server.settings import Mqtt, Settings
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from tests.fakes.clock import FakeClock
from tests.fakes.drafts import a_draft, an_instant
from tests.fakes.ports import free_port
from tests.fakes.small_office import NOW, SITE, migrated, seed_office

KIOSK = Address(SITE, "quay-1")
DEADLINE = 20.0  # seconds; reached only when something is broken


class Hasty(random.Random):
    """Chance that hardly waits before it connects again."""

    def uniform(self, a: float, b: float) -> float:
        return a or 0.02


class Line:
    """A kiosk's outbox and uplink, on a clock that stands still."""

    def __init__(self, path: Path, port: int, password: str) -> None:
        self.outbox = Outbox(path)
        self.clock = FakeClock()
        self.online: SimpleQueue[bool] = SimpleQueue()
        self.ticks = 0
        self.uplink = Uplink(
            outbox=self.outbox,
            address=KIOSK,
            server=Server(password=password, port=port),
            hello=lambda standing: Hello(self.outbox.stream, standing.highest, boot=1, version="0.1"),
            status=self._status,
            online=self.online.put,
            clock=self.clock,
            chance=Hasty(),
        )
        self.uplink.start()

    def cast(self, votes: int = 1) -> None:
        for _ in range(votes):
            self.outbox.cast(a_draft(), an_instant())
        self.uplink.wake()

    def all_confirmed(self) -> bool:
        return self.outbox.standing().waiting == 0

    def close(self) -> None:
        self.uplink.stop()
        self.outbox.close()

    def _status(self, standing: Standing) -> KioskStatus:
        self.ticks += 1
        return KioskStatus(self.outbox.stream, 1, self.ticks, standing.highest, standing.waiting, "0.1", "up", "ok")


def eventually(holds: Callable[[], bool]) -> bool:
    until = monotonic() + DEADLINE
    pause = threading.Event()
    while not holds():
        if monotonic() > until:
            return False
        pause.wait(0.02)
    return True


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []


# --- with the real server ----------------------------------------------------------------------------


class RealServer:
    """Broker, intake, ingest and database; it can be stopped and started, also with another database."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.path = folder / "server.sqlite"
        database = migrated(folder)
        seed_office(database)
        with database.writing() as connection:
            password = add_kiosk(connection, KIOSK, NOW)
        assert password is not None
        self.password = password
        database.close()

    def start(self) -> None:
        self._database = Database(f"sqlite:///{self.path}")
        self._parts = Service(self._database, Settings(mqtt=Mqtt(port=self.port)))
        self._parts.start()

    def stop(self) -> None:
        self._parts.stop()
        self._database.close()

    def votes(self) -> list[tuple[object, ...]]:
        with self._database.reading() as connection:
            return [tuple(row) for row in connection.execute(text("SELECT number, vote_id FROM votes ORDER BY number"))]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    started = RealServer(tmp_path)
    started.start()
    yield started
    started.stop()


def kept(line: Line) -> list[tuple[int, str]]:
    return [(vote.number, vote.vote_id) for vote in line.outbox.votes(1, 100_000)]


def test_votes_arrive_and_are_confirmed(server: RealServer, tmp_path: Path) -> None:
    with closing(Line(tmp_path / "outbox.sqlite", server.port, server.password)) as line:
        assert line.online.get(timeout=DEADLINE)
        line.cast(3)
        assert eventually(line.all_confirmed)
        line.cast()
        assert eventually(line.all_confirmed)
        assert server.votes() == kept(line)


def test_a_long_queue_is_drained_in_order(server: RealServer, tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with closing(Outbox(path)) as outbox:
        for _ in range(900):
            outbox.cast(a_draft(), an_instant())
    with closing(Line(path, server.port, server.password)) as line:
        assert eventually(line.all_confirmed)
        assert len(server.votes()) == 900
        assert server.votes() == kept(line)


def test_a_server_that_comes_later_gets_everything(server: RealServer, tmp_path: Path) -> None:
    server.stop()
    with closing(Line(tmp_path / "outbox.sqlite", server.port, server.password)) as line:
        line.cast(5)
        assert not line.online.get(timeout=DEADLINE)
        server.start()
        assert eventually(line.all_confirmed)
        assert server.votes() == kept(line)


def test_a_server_restored_from_an_older_copy_gets_the_lost_votes_again(server: RealServer, tmp_path: Path) -> None:
    with closing(Line(tmp_path / "outbox.sqlite", server.port, server.password)) as line:
        line.cast(3)
        assert eventually(line.all_confirmed)
        server.stop()
        shutil.copy(server.path, tmp_path / "copy.sqlite")
        server.start()
        line.cast(4)
        assert eventually(line.all_confirmed)
        server.stop()
        shutil.copy(tmp_path / "copy.sqlite", server.path)
        server.start()
        assert eventually(lambda: server.votes() == kept(line))
        assert eventually(line.all_confirmed)
        assert len(kept(line)) == 7


def test_wrong_credentials_are_told_once_and_break_nothing(
    server: RealServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Line(tmp_path / "outbox.sqlite", server.port, "not the password")) as line:
        line.cast()
        for _ in range(3):
            assert not line.online.get(timeout=DEADLINE)
        assert line.outbox.standing().waiting == 1
    told = [record.getMessage() for record in caplog.records if record.name == "kiosk.uplink"]
    assert told == ["no connection: the broker refuses this kiosk: Not authorized"]
    assert "not the password" not in caplog.text


def test_two_kiosks_with_one_identity_lose_nothing_of_either(server: RealServer, tmp_path: Path) -> None:
    lines = [Line(tmp_path / name, server.port, server.password) for name in ("one.sqlite", "other.sqlite")]
    for line in lines:
        line.cast(2)
    assert eventually(lambda: all(line.all_confirmed() for line in lines))
    for line in lines:
        line.close()
    assert len(server.votes()) == 4


# --- with a server that says what the test wants -----------------------------------------------------


class ScriptedServer:
    """A real broker; what it answers is the test's choice."""

    def __init__(self) -> None:
        self.port = free_port()
        self.heard: SimpleQueue[tuple[Channel, bytes]] = SimpleQueue()
        self.broker = EmbeddedBroker("127.0.0.1", self.port, lambda *_: True, self._hear)
        self.broker.start()

    def _hear(self, name: str, payload: bytes) -> None:
        place = parse(name)
        assert not isinstance(place, str)
        self.heard.put((Channel(name.rpartition("/")[2]), payload))

    def next(self, channel: Channel) -> bytes:
        while True:
            heard, payload = self.heard.get(timeout=DEADLINE)
            if heard == channel:
                return payload

    def next_numbers(self) -> list[int]:
        return [vote.number for vote in decode(self.next(Channel.VOTES), VoteBatch).votes]

    def answer(self, line: Line, stored_up_to: int, stream: str | None = None) -> None:
        receipt = Receipt(stream or line.outbox.stream, stored_up_to, datetime.now(UTC))
        self.broker.publish(topic(KIOSK, Channel.RECEIPT), encode(receipt))

    def say(self, payload: bytes) -> None:
        self.broker.publish(topic(KIOSK, Channel.RECEIPT), payload)


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.broker.stop()


@pytest.fixture
def line(scripted: ScriptedServer, tmp_path: Path) -> Iterator[Line]:
    started = Line(tmp_path / "outbox.sqlite", scripted.port, "any")
    yield started
    started.close()


def test_the_hello_comes_first_and_votes_after_its_answer(scripted: ScriptedServer, line: Line) -> None:
    line.cast(2)
    channel, payload = scripted.heard.get(timeout=DEADLINE)
    assert channel == Channel.HELLO
    assert decode(payload, Hello).stream == line.outbox.stream
    assert line.online.empty()
    scripted.answer(line, 0)
    assert scripted.next_numbers() == [1, 2]
    assert line.online.get(timeout=DEADLINE)


def test_a_status_follows_the_welcome_and_then_every_minute(scripted: ScriptedServer, line: Line) -> None:
    scripted.next(Channel.HELLO)
    scripted.answer(line, 0)
    first = decode(scripted.next(Channel.STATUS), KioskStatus)
    line.clock.advance(STATUS_SECONDS)
    line.uplink.wake()
    second = decode(scripted.next(Channel.STATUS), KioskStatus)
    assert (first.tick, second.tick) == (1, 2)


def test_receipts_that_make_no_sense_are_ignored(
    scripted: ScriptedServer, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    line.cast(2)
    scripted.next(Channel.HELLO)
    scripted.say(b"{")
    scripted.say(b"\xff" * 1000)
    scripted.answer(line, 1, stream="0" * 32)
    scripted.answer(line, 99)
    scripted.answer(line, 1)
    assert scripted.next_numbers() == [2]
    assert line.outbox.standing() == Standing(highest=2, stored_up_to=1)
    assert line.online.get(timeout=DEADLINE)
    assert "a receipt cannot be read" in caplog.text
    assert "never cast" in caplog.text


def test_a_server_that_does_not_answer_is_asked_again_and_then_connected_to_anew(
    scripted: ScriptedServer, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    scripted.next(Channel.HELLO)
    line.clock.advance(15.0)
    line.uplink.wake()
    scripted.next(Channel.HELLO)
    line.clock.advance(SILENCE_SECONDS)
    line.uplink.wake()
    scripted.next(Channel.HELLO)
    assert not line.online.get(timeout=DEADLINE)
    scripted.next(Channel.HELLO)
    scripted.answer(line, 0)
    assert line.online.get(timeout=DEADLINE)
    assert "the server does not answer" in caplog.text


def test_a_quiet_day_is_no_reason_to_connect_anew(scripted: ScriptedServer, line: Line) -> None:
    scripted.next(Channel.HELLO)
    scripted.answer(line, 0)
    assert line.online.get(timeout=DEADLINE)
    for _ in range(3):
        line.clock.advance(10 * SILENCE_SECONDS)
        line.uplink.wake()
        scripted.next(Channel.STATUS)
    line.cast()
    assert scripted.next_numbers() == [1]
    assert line.online.empty()


def test_what_the_disk_could_not_note_is_noted_later(scripted: ScriptedServer, line: Line, tmp_path: Path) -> None:
    line.cast(2)
    scripted.next(Channel.HELLO)
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite")) as file:
        file.execute("CREATE TRIGGER broken BEFORE UPDATE ON stream BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
        scripted.answer(line, 2)
        assert not line.online.get(timeout=DEADLINE)
        assert line.outbox.standing().stored_up_to == 0
        file.execute("DROP TRIGGER broken")
    scripted.next(Channel.HELLO)
    scripted.answer(line, 2)
    assert eventually(line.all_confirmed)


def test_votes_that_are_kept_no_longer_cannot_be_sent_and_it_says_so(
    scripted: ScriptedServer, line: Line, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    line.cast(3)
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite")) as file, file:
        file.execute("DELETE FROM votes WHERE number < 3")
    scripted.next(Channel.HELLO)
    scripted.answer(line, 0)
    while line.online.get(timeout=DEADLINE):
        pass
    scripted.next(Channel.HELLO)
    scripted.answer(line, 2)
    assert scripted.next_numbers() == [3]
    assert "the server asks for votes that are no longer kept" in caplog.text


@pytest.mark.parametrize("trouble", [RuntimeError("what was chosen"), StorageBroken("disk I/O error")])
def test_no_trouble_ends_the_attempts(
    scripted: ScriptedServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    troubles = [trouble] * 2

    def hello(standing: Standing) -> Hello:
        if troubles:
            raise troubles.pop()
        return Hello(outbox.stream, standing.highest, boot=1, version="0.1")

    with closing(Outbox(tmp_path / "outbox.sqlite")) as outbox:
        uplink = Uplink(
            outbox=outbox,
            address=KIOSK,
            server=Server(password="any", port=scripted.port),
            hello=hello,
            status=lambda standing: KioskStatus(outbox.stream, 1, 1, 0, 0, "0.1", "up", "ok"),
            online=lambda _: None,
            clock=FakeClock(),
            chance=Hasty(),
        )
        uplink.start()
        scripted.next(Channel.HELLO)
        uplink.stop()
    assert troubles == []
    assert "chosen" not in caplog.text


def test_no_log_line_holds_a_vote(scripted: ScriptedServer, line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = "ab" * 16
    line.outbox.cast(a_draft(1, token), an_instant())
    scripted.next(Channel.HELLO)
    scripted.answer(line, 0)
    scripted.next(Channel.VOTES)
    scripted.answer(line, 1)
    assert eventually(line.all_confirmed)
    assert token not in caplog.text
    assert "overall" not in caplog.text
