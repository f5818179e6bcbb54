"""Messages to rows on a real database: nothing twice, nothing half, and nothing that comes in stops it."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from protocol.codec import Message, decode, encode
from protocol.messages import Hello, KioskStatus, Receipt, Vote
from protocol.topics import Address, Channel, topic
from sync_server.ingest import Incoming, Ingest
from sync_server.store.changes import change_number
from sync_server.store.database import Database, DatabaseTrouble
from sync_server.store.fleet import add_kiosk
from sync_server.store.quarantine import refusal_counts
from sync_server.store.votes import StreamRow
from tests.fakes.small_disk import fill, small_disk
from tests.fakes.small_office import NOW, SITE, migrated, seed_office
from tests.fakes.votes import a_vote, batch, some_votes

ONE, TWO = Address(SITE, "quay-1"), Address(SITE, "quay-2")
STREAM, OTHER_STREAM = "5" * 32, "6" * 32


def an_office(folder: Path) -> Database:
    database = migrated(folder)
    seed_office(database)
    with database.writing() as connection:
        for address in (ONE, TWO):
            add_kiosk(connection, address, NOW)
    return database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = an_office(tmp_path)
    yield opened
    opened.close()


class Server:
    """An ingest and what it answered."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ingest = Ingest(database, lambda: NOW)

    def take(self, *messages: Incoming) -> list[Receipt]:
        answers = self.ingest.take(messages)
        for answer in answers:
            assert answer.topic.endswith("/receipt")
        return [decode(answer.payload, Receipt) for answer in answers]

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def numbers(self, stream: str = STREAM) -> list[object]:
        return [row[0] for row in self.rows(f"SELECT number FROM votes WHERE stream = '{stream}' ORDER BY number")]

    def set_apart(self) -> list[tuple[object, ...]]:
        return self.rows("SELECT stream, number, reason FROM quarantine ORDER BY id")

    def counts(self) -> dict[str, int]:
        with self.database.reading() as connection:
            return refusal_counts(connection)


@pytest.fixture
def server(database: Database) -> Server:
    return Server(database)


def votes(*votes: Vote, stream: str = STREAM, address: Address = ONE) -> Incoming:
    return Incoming(topic(address, Channel.VOTES), batch(stream, *votes))


def raw(payload: bytes, channel: Channel = Channel.VOTES, address: Address = ONE) -> Incoming:
    return Incoming(topic(address, channel), payload)


def said(message: Message, channel: Channel, address: Address = ONE) -> Incoming:
    return raw(encode(message), channel, address)


def hello(stream: str = STREAM, address: Address = ONE) -> Incoming:
    return said(Hello(stream=stream, highest=0, boot=1, version="0.1"), Channel.HELLO, address)


def status(boot: int, tick: int, highest: int = 0, stream: str = STREAM) -> Incoming:
    told = KioskStatus(
        stream=stream,
        boot=boot,
        tick=tick,
        highest=highest,
        waiting=0,
        version="0.1",
        scanner="up",
        storage="ok",
        refused_scans={"identity-card": tick},
    )
    return said(told, Channel.STATUS)


def up_to(*numbers: int, stream: str = STREAM) -> list[Receipt]:
    return [Receipt(stream=stream, stored_up_to=number, time=NOW) for number in numbers]


# --- votes -----------------------------------------------------------------------------------------


def test_a_vote_is_stored_with_what_it_is_about_and_receipted(server: Server) -> None:
    vote = a_vote(1, level=4, counter=2, hour=datetime(2026, 9, 30, 17, tzinfo=UTC))
    assert server.take(votes(vote)) == up_to(1)
    assert server.rows("SELECT vote_id, number, site, kiosk, day, survey, counter, officer, field FROM votes") == [
        (vote.vote_id, 1, SITE, "quay-1", "2026-10-01", 1, 2, "thang", "dat-dai")
    ]
    assert server.rows("SELECT vote_id, criterion, level FROM answers") == [(vote.vote_id, "overall", 4)]


def test_repeated_late_overlapping_and_gapped_batches_store_every_vote_once(server: Server) -> None:
    all_votes = some_votes(1, 10)
    first, overlapping, beyond = votes(*all_votes[:4]), votes(*all_votes[2:7]), votes(*all_votes[8:])
    assert server.take(beyond) == up_to(0)
    assert server.take(first) == up_to(4)
    assert server.take(first) == up_to(4)
    assert server.take(overlapping, beyond, first) == up_to(7, 7, 7)
    assert server.take(votes(all_votes[7]), beyond) == up_to(8, 10)
    assert server.numbers() == list(range(1, 11))
    assert server.set_apart() == []


def test_two_streams_do_not_touch_each_other(server: Server) -> None:
    assert server.take(votes(a_vote(1)), votes(a_vote(1), stream=OTHER_STREAM, address=TWO)) == [
        *up_to(1),
        *up_to(1, stream=OTHER_STREAM),
    ]
    assert server.numbers(STREAM) == server.numbers(OTHER_STREAM) == [1]


def test_a_receipt_goes_to_the_kiosk_that_sent(server: Server) -> None:
    [answer] = server.ingest.take([votes(a_vote(1), address=TWO)])
    assert answer.topic == topic(TWO, Channel.RECEIPT)


def test_a_refused_vote_is_kept_under_its_number_and_the_stream_goes_on(server: Server) -> None:
    bad = a_vote(2, survey=99)
    [receipt] = server.take(votes(a_vote(1), bad, a_vote(3)))
    assert receipt.stored_up_to == 3
    assert [(entry.number, entry.reason) for entry in receipt.refused] == [(2, "no such survey")]
    assert server.numbers() == [1, 3]
    assert server.set_apart() == [(STREAM, 2, "no such survey")]
    assert server.counts() == {"no such survey": 1}


def test_a_refused_vote_at_the_end_of_a_long_batch_is_kept_whole(server: Server) -> None:
    bad = a_vote(200, survey=99, case_token="ab" * 16)
    server.take(votes(*some_votes(1, 199), bad))
    [(payload,)] = server.rows("SELECT payload FROM quarantine")
    assert isinstance(payload, bytes)
    assert json.loads(payload)["vote_id"] == bad.vote_id


def test_a_refused_vote_that_comes_again_is_not_counted_again(server: Server) -> None:
    message = votes(a_vote(1, survey=99))
    assert [receipt.stored_up_to for receipt in server.take(message, message)] == [1, 1]
    assert server.counts() == {"no such survey": 1}


def test_an_unreadable_vote_is_kept_under_its_number_and_its_neighbours_are_stored(server: Server) -> None:
    good, other = json.loads(batch(STREAM, *some_votes(1, 2)))["votes"]
    bad = {"number": 2, "answers": "all of them"}
    other["number"] = 3
    [receipt] = server.take(raw(json.dumps({"stream": STREAM, "votes": [good, bad, other]}).encode()))
    assert receipt.stored_up_to == 3
    assert [entry.number for entry in receipt.refused] == [2]
    assert server.numbers() == [1, 3]
    [(stream, number, _)] = server.set_apart()
    assert (stream, number) == (STREAM, 2)


def test_an_id_that_is_stored_already_is_refused_wherever_it_comes_from(server: Server) -> None:
    known = a_vote(1)
    server.take(votes(known))
    again, twice = a_vote(2, vote_id=known.vote_id), a_vote(3, vote_id="7" * 32)
    thrice = a_vote(4, vote_id="7" * 32)
    [receipt] = server.take(votes(again, twice, thrice, a_vote(5)))
    assert receipt.stored_up_to == 5
    assert [(entry.number, entry.reason) for entry in receipt.refused] == [
        (2, "its id is stored already"),
        (4, "its id is stored already"),
    ]
    [foreign] = server.take(votes(a_vote(1, vote_id=known.vote_id), stream=OTHER_STREAM, address=TWO))
    assert [entry.number for entry in foreign.refused] == [1]
    assert server.numbers() == [1, 3, 5]


def test_refusals_of_both_kinds_are_receipted_in_order(server: Server) -> None:
    vote_id = "7" * 32
    [receipt] = server.take(votes(a_vote(1, vote_id=vote_id), a_vote(2, vote_id=vote_id), a_vote(3, survey=9)))
    assert [entry.number for entry in receipt.refused] == [2, 3]


# --- hello and status ------------------------------------------------------------------------------


def test_a_hello_is_answered_by_where_the_stream_stands(server: Server) -> None:
    assert server.take(hello()) == up_to(0)
    server.take(votes(*some_votes(1, 3)))
    assert server.take(hello()) == up_to(3)


def test_an_older_status_changes_nothing(server: Server) -> None:
    shown = "SELECT boot, tick, highest, refused_scans FROM kiosk_status"
    for boot, tick, highest in ((2, 5, 50), (2, 5, 51), (2, 4, 40), (1, 9, 90)):
        assert server.take(status(boot, tick, highest)) == []
        assert server.rows(shown) == [(2, 5, 50, '{"identity-card": 5}')]
    server.take(status(2, 6, 60))
    assert server.rows(shown) == [(2, 6, 60, '{"identity-card": 6}')]
    server.take(status(3, 1, 61))
    assert server.rows(shown) == [(3, 1, 61, '{"identity-card": 1}')]


def test_the_status_of_a_new_disk_replaces_the_old_ones(server: Server) -> None:
    server.take(status(9, 9))
    server.take(status(1, 1, stream=OTHER_STREAM))
    assert server.rows("SELECT stream, boot, tick FROM kiosk_status") == [(OTHER_STREAM, 1, 1)]


def test_a_reader_learns_that_figures_may_have_changed(server: Server) -> None:
    before = change_number(server.database)
    server.take(hello(), votes(*some_votes(2, 3)))
    assert change_number(server.database) == before
    server.take(votes(a_vote(1)))
    after = change_number(server.database)
    assert after > before
    server.take(status(1, 1))
    assert change_number(server.database) > after


# --- what cannot be used -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (raw(b"{"), "Input data was truncated"),
        (raw(b"\xff\xfe\xfd"), "JSON is malformed: invalid character"),
        (raw(b"[" * 60_000), "Expected `object`, got `array`"),
        (raw(b" " * (128 * 1024 + 1)), "larger than 131072 bytes"),
        (raw(b"{}"), "Object missing required field `stream`"),
        (raw(b"{}", Channel.HELLO), "Object missing required field `stream`"),
        (raw(b"[]", Channel.STATUS), "Expected `object`, got `array`"),
        (raw(b"{}", Channel.RECEIPT), "a channel that only the server speaks on"),
        (hello(address=Address(SITE, "nobody")), "no such kiosk"),
        (hello(address=Address("nowhere", "quay-1")), "no such kiosk"),
        (Incoming("hailong/v2/sia/quay-1/votes", b"{}"), "unknown version of the protocol"),
        (Incoming("hailong/v1/sia/quay-1/commands", b"{}"), "unknown channel"),
        (Incoming("hailong/v1/sia/Quầy 1/votes", b"{}"), "site or kiosk is not a valid name"),
        (Incoming("elsewhere", b"{}"), "not a topic of this system"),
    ],
)
def test_what_cannot_be_used_is_set_apart_and_counted_and_its_neighbours_are_stored(
    server: Server, message: Incoming, reason: str
) -> None:
    assert server.take(votes(a_vote(1)), message, votes(a_vote(2))) == up_to(1, 2)
    assert server.set_apart() == [(None, None, reason)]
    assert server.counts() == {reason: 1}
    assert server.rows("SELECT topic, size, payload FROM quarantine") == [
        (message.topic, len(message.payload), message.payload[:4096])
    ]


def test_a_stream_of_another_kiosk_is_not_touched(server: Server) -> None:
    server.take(votes(a_vote(1)))
    assert server.take(votes(a_vote(2), address=TWO), hello(address=TWO)) == []
    assert server.numbers() == [1]
    assert server.counts() == {"the stream belongs to another kiosk": 2}


def test_a_kiosk_begins_only_so_many_streams(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.ingest.MOST_STREAMS", 3)
    for stream in range(5):
        server.take(hello(f"{stream:032x}"))
    assert server.rows("SELECT count(*) FROM streams") == [(3,)]
    assert server.counts() == {"this kiosk has begun too many streams": 2}
    assert server.take(hello("0" * 32)) == up_to(0, stream="0" * 32)
    assert len(server.take(hello(OTHER_STREAM, TWO))) == 1


@pytest.mark.parametrize("trouble", [RuntimeError("what the citizen chose"), ValueError("x"), RecursionError()])
def test_a_poisonous_message_does_not_keep_the_votes_of_others_out(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    def fails(*_: object) -> None:
        raise trouble

    monkeypatch.setattr("sync_server.ingest.save_status", fails)
    assert server.take(votes(a_vote(1)), status(1, 1), votes(a_vote(2))) == up_to(1, 2)
    assert server.numbers() == [1, 2]
    assert server.counts() == {f"internal error: {type(trouble).__name__}": 1}
    assert "citizen" not in caplog.text


def test_what_the_database_itself_refuses_is_set_apart_with_nothing_of_it_stored(server: Server) -> None:
    with server.database.writing() as connection:
        connection.execute(
            text("CREATE TRIGGER no_5 BEFORE INSERT ON votes WHEN new.number = 5 BEGIN SELECT RAISE(ABORT, 'no'); END")
        )
    poison = votes(*some_votes(3, 6))
    assert server.take(votes(*some_votes(1, 2)), poison, hello(OTHER_STREAM, TWO)) == [
        *up_to(2),
        *up_to(0, stream=OTHER_STREAM),
    ]
    assert server.numbers() == [1, 2]
    assert server.rows("SELECT stored_up_to FROM streams WHERE kiosk = 'quay-1'") == [(2,)]
    assert server.counts() == {"the database refuses it: IntegrityError": 1}


def test_the_quarantine_is_bounded_but_never_drops_a_vote(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.store.quarantine.MOST_UNNUMBERED", 10)
    server.take(votes(*(a_vote(number, survey=99) for number in range(1, 151))))
    for _ in range(5):
        server.take(*[raw(b"{")] * 60)
    [(numbered, unnumbered)] = server.rows(
        "SELECT count(*) FILTER (WHERE number IS NOT NULL), count(*) FILTER (WHERE number IS NULL) FROM quarantine"
    )
    assert numbered == 150
    assert isinstance(unnumbered, int)
    assert unnumbered <= 10 + 100
    assert server.counts() == {"no such survey": 150, "Input data was truncated": 300}


def test_no_mixture_keeps_the_quarantine_from_being_cleaned(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.store.quarantine.MOST_UNNUMBERED", 10)
    for number in range(1, 6):
        server.take(*[raw(b"{")] * 99, votes(a_vote(number, survey=99)))  # every hundredth row is a vote
    [(unnumbered,)] = server.rows("SELECT count(*) FROM quarantine WHERE number IS NULL")
    assert isinstance(unnumbered, int)
    assert unnumbered <= 10 + 100


def test_no_log_line_holds_what_came_in(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "ab" * 16
    server.take(raw(b'{"stream":"' + secret.encode()), votes(a_vote(1, case_token=secret)))
    assert secret not in caplog.text


# --- trouble with the database -----------------------------------------------------------------------


def test_while_the_database_is_locked_nothing_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.store.database.BUSY_MILLISECONDS", 10)
    server = Server(an_office(tmp_path))
    holder = sqlite3.connect(tmp_path / "server.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseTrouble, match="locked"):
        server.take(votes(*some_votes(1, 3)))
    holder.execute("ROLLBACK")
    holder.close()
    assert server.numbers() == []
    assert server.take(hello(), votes(a_vote(1))) == up_to(0, 1)
    server.database.close()


def test_on_a_full_disk_nothing_is_acknowledged_and_later_everything_stored_once(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 2048) as disk:
        server = Server(an_office(disk))
        filler = fill(disk)
        acknowledged = 0
        with pytest.raises(DatabaseTrouble, match="full"):
            while acknowledged < 20_000:
                [receipt] = server.take(votes(*some_votes(acknowledged + 1, acknowledged + 200)))
                acknowledged = receipt.stored_up_to
        assert len(server.numbers()) == acknowledged
        filler.unlink()
        assert server.take(hello()) == up_to(acknowledged)
        server.take(votes(*some_votes(acknowledged + 1, acknowledged + 200)))
        assert server.numbers() == list(range(1, acknowledged + 201))
        server.database.close()


def test_two_writers_of_one_stream_do_not_both_store(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    all_votes = some_votes(1, 3)
    server.take(votes(all_votes[0]))
    monkeypatch.setattr("sync_server.ingest.find_stream", lambda *_: StreamRow(ONE, 0))
    with pytest.raises(DatabaseTrouble, match="another process"):
        server.take(votes(*some_votes(1, 3)))
    monkeypatch.undo()
    assert server.numbers() == [1]
