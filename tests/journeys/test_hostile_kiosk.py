"""A kiosk with a valid password that means harm: it harms nobody but itself, whichever broker it is on."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import func, select, text

from protocol.topics import Address, Channel, topic
from sync_server.mosquitto import server_password, write_files
from sync_server.service import Service
from sync_server.settings import Mqtt, Settings
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from sync_server.store.quarantine import CLEAN_EVERY, LONGEST_PAYLOAD, MOST_UNNUMBERED
from sync_server.store.schema import quarantine, streams
from sync_server.taking import MOST_STREAMS
from tests.fakes.mosquitto import PROGRAM, Mosquitto
from tests.fakes.patience import eventually
from tests.fakes.ports import free_port
from tests.fakes.raw_kiosk import RawKiosk
from tests.fakes.raw_mqtt import publish
from tests.fakes.small_office import NOW, SITE, migrated, seed_office
from tests.fakes.votes import a_vote, batch, some_votes

pytestmark = pytest.mark.journey

DEADLINE = 60.0  # seconds; reached only when something is broken
GOOD, HOSTILE = Address(SITE, "quay-1"), Address(SITE, "quay-2")
STREAM, HOSTILE_STREAM = "1" * 32, "2" * 32
SECRET = "Nguyễn Văn An 079123456789"  # what must stand in no log line


class Town:
    """A whole server on one of the brokers, a good kiosk and a hostile one."""

    def __init__(self, folder: Path, broker: str, stack: ExitStack) -> None:
        database = migrated(folder)
        stack.callback(database.close)
        seed_office(database)
        self.database = database
        with database.writing() as connection:
            self.passwords = {address: add_kiosk(connection, address, NOW) or "" for address in (GOOD, HOSTILE)}
        self.port = free_port()
        mqtt = Mqtt(port=self.port, messages_a_second=100_000)
        if broker == "mosquitto":
            mqtt = Mqtt(embedded=False, port=self.port, password_file=str(folder / "ingest.password"))
            write_files(database, folder, mqtt.users, server_password(Path(mqtt.password_file)))
            mosquitto = Mosquitto(folder, self.port, tls=False)
            mosquitto.start()
            stack.callback(mosquitto.kill)
        service = Service(Database(str(database.engine.url)), Settings(mqtt=mqtt))
        stack.callback(service.stop)
        service.start()

    def kiosk(self, address: Address) -> RawKiosk:
        return RawKiosk(self.port, address, self.passwords[address])

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def stored(self, stream: str = STREAM) -> list[object]:
        return [row[0] for row in self.rows(f"SELECT number FROM votes WHERE stream = '{stream}' ORDER BY number")]

    def reasons(self) -> dict[str, int]:
        return {str(reason): int(str(count)) for reason, count in self.rows("SELECT reason, count FROM refusals")}

    def store_one(self) -> None:
        """The good kiosk casts its next vote and gets its receipt."""
        number = len(self.stored()) + 1
        with self.kiosk(GOOD) as good:
            good.client.socket.settimeout(2.0)
            vote, until = a_vote(number), monotonic() + DEADLINE
            while monotonic() < until:
                good.cast(STREAM, [vote])  # again and again, as a kiosk does: a flooded broker drops messages
                with suppress(TimeoutError):
                    good.until_stored(STREAM, number)
                    return
        raise AssertionError("the good kiosk gets no receipt")


@pytest.fixture(params=["embedded", "mosquitto"])
def town(request: pytest.FixtureRequest, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Town]:
    if request.param == "mosquitto" and PROGRAM is None:
        pytest.skip("mosquitto is not installed")
    caplog.set_level(logging.INFO)
    before = set(threading.enumerate())
    with ExitStack() as stack:
        made = Town(tmp_path, request.param, stack)
        made.store_one()
        yield made
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []
    assert SECRET not in caplog.text
    assert "079123456789" not in caplog.text
    assert "internal error" not in caplog.text


def test_votes_in_the_name_of_others_are_never_taken(town: Town) -> None:
    for address in (GOOD, Address(SITE, "quay-9"), Address("elsewhere", "quay-1")):
        for channel in Channel:
            with town.kiosk(HOSTILE) as hostile:
                hostile.client.send(publish(topic(address, channel), batch("3" * 32, a_vote(1))))
                with suppress(Exception):
                    hostile.client.ping_past_answers()
    with town.kiosk(HOSTILE) as hostile:
        hostile.cast(HOSTILE_STREAM, some_votes(1, 1))
        hostile.until_stored(HOSTILE_STREAM, 1)
    town.store_one()
    assert town.stored("3" * 32) == []
    assert town.rows("SELECT DISTINCT kiosk FROM votes ORDER BY kiosk") == [("quay-1",), ("quay-2",)]
    assert town.reasons() == {}


def test_the_stream_of_another_is_not_written_to_and_its_kiosk_notices_nothing(town: Town) -> None:
    with town.kiosk(HOSTILE) as hostile:
        hostile.cast(STREAM, some_votes(2, 50))
        hostile.cast(STREAM, some_votes(1, 1))
        assert eventually(lambda: sum(town.reasons().values()) == 2)
    assert list(town.reasons()) == ["the stream belongs to another kiosk"]
    town.store_one()
    assert town.stored() == [1, 2]


MESSAGES = [
    *(b"", b"{", b"null", b"[]", b"\xff\xfe", b"\x00" * 1000, b'"' + b"a" * 100_000, b"[" * 100_000, b"9" * 100_000),
    *(b"{" * 50_000, b'{"stream":' * 10_000, b'{"stream":"\xed\xa0\x80"}', SECRET.encode()),
    *(json.dumps({"stream": HOSTILE_STREAM, "votes": [{"number": number}]}).encode() for number in (0, -1, 2**63, "1")),
    json.dumps({"stream": SECRET, "votes": []}).encode(),
    json.dumps({"stream": HOSTILE_STREAM, "votes": [{"number": 1}] * 201}).encode(),
    json.dumps({"stream": HOSTILE_STREAM, "votes": [{"number": 1}, {"number": 3}]}).encode(),
]


def test_what_is_no_message_is_set_apart_and_counted_and_the_next_is_taken(town: Town) -> None:
    with town.kiosk(HOSTILE) as hostile:
        for channel in (Channel.VOTES, Channel.HELLO, Channel.STATUS):
            for message in MESSAGES:
                hostile.say(channel, message)
        hostile.cast(HOSTILE_STREAM, some_votes(1, 1))
        hostile.until_stored(HOSTILE_STREAM, 1)
    assert eventually(lambda: sum(town.reasons().values()) >= 3 * len(MESSAGES) - 10)
    assert all("079" not in reason for reason in town.reasons())
    town.store_one()


def test_votes_that_cannot_be_are_kept_under_their_numbers_and_the_stream_goes_on(town: Town) -> None:
    broken = {"number": 1, "vote_id": "x", "hour": "2026-11-20T03:00:00Z", "survey": 1, "answers": {"overall": 9}}
    with town.kiosk(HOSTILE) as hostile:
        hostile.say(Channel.VOTES, json.dumps({"stream": HOSTILE_STREAM, "votes": [broken]}).encode())
        hostile.until_stored(HOSTILE_STREAM, 1)
        hostile.cast(HOSTILE_STREAM, [a_vote(2)])
        hostile.until_stored(HOSTILE_STREAM, 2)
    assert town.stored(HOSTILE_STREAM) == [2]
    assert town.rows("SELECT number FROM quarantine WHERE number IS NOT NULL") == [(1,)]


def test_a_kiosk_that_begins_one_stream_after_another_is_stopped(town: Town) -> None:
    with town.kiosk(HOSTILE) as hostile:
        for number in range(MOST_STREAMS):
            hostile.cast(f"{number:032x}", some_votes(1, 1))
            hostile.until_stored(f"{number:032x}", 1)
        hostile.cast("f" * 32, some_votes(1, 1))
        assert eventually(lambda: "this kiosk has begun too many streams" in town.reasons())
    town.store_one()
    with town.database.reading() as connection:
        begun = connection.scalar(select(func.count()).select_from(streams).where(streams.c.kiosk == HOSTILE.kiosk))
    assert begun == MOST_STREAMS


def test_ten_thousand_messages_of_garbage_are_bounded_and_the_good_kiosk_gets_its_receipts_meanwhile(
    town: Town,
) -> None:
    flooding, stop = threading.Event(), threading.Event()

    def flood() -> None:
        with town.kiosk(HOSTILE) as hostile:
            reader = threading.Thread(target=swallow, args=(hostile,))
            reader.start()
            for number in range(10_000):
                if stop.is_set():
                    break
                hostile.say(Channel.VOTES, MESSAGES[number % 4] + b" " * (number % 3000))
                if number == 200:
                    flooding.set()
            hostile.client.socket.shutdown(1)
            reader.join()

    def swallow(hostile: RawKiosk) -> None:
        with suppress(OSError):
            while hostile.client.socket.recv(65536):
                pass

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        assert flooding.wait(DEADLINE)
        for _ in range(5):
            town.store_one()
        thread.join(DEADLINE)
        assert not thread.is_alive()
    finally:
        stop.set()
        thread.join()
    town.store_one()
    assert town.stored() == list(range(1, 8))
    with town.database.reading() as connection:
        kept = connection.scalar(select(func.count()).select_from(quarantine)) or 0
        largest = connection.scalar(select(func.max(func.length(quarantine.c.payload)))) or 0
    assert 0 < kept <= MOST_UNNUMBERED + CLEAN_EVERY
    assert largest <= LONGEST_PAYLOAD
