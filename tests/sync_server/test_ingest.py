"""Messages to rows on a real database: nothing twice, nothing half, and nothing that comes in stops it."""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, select, text

from protocol.chain import EMPTY, extend
from protocol.codec import Message, decode, encode
from protocol.messages import (
    ClockReport,
    ClockSource,
    Hello,
    KioskStatus,
    Receipt,
    Replaced,
    ReplacedBecause,
    Vote,
    whole_hour,
)
from protocol.topics import TO_KIOSK, Address, Channel, topic
from protocol.visits import VisitOutcome
from sync_server.core.acceptance import STORED_ALREADY, Held
from sync_server.core.gaps import Gap
from sync_server.core.quarter import local_day
from sync_server.core.surveys import SURVEYS
from sync_server.ingest import TRIES, Incoming, Ingest, Outgoing
from sync_server.reading import read
from sync_server.store.changes import change_number
from sync_server.store.clock import trust_clock
from sync_server.store.counts import ingest_totals
from sync_server.store.database import Connection, Database, DatabaseTrouble
from sync_server.store.fleet import add_kiosk
from sync_server.store.ledger import StreamRow, accept_gap, find_streams, gaps_among, lock_streams
from sync_server.store.quarantine import refusal_counts
from sync_server.store.refused_votes import refused_votes, retry_refused
from sync_server.store.schema import cases, quarantine
from sync_server.taking import Taking
from tests.fakes.patience import eventually
from tests.fakes.small_disk import fill, small_disk
from tests.fakes.small_office import NOW, SITE, migrated, seed_office
from tests.fakes.votes import a_vote, batch, some_votes

ONE, TWO = Address(SITE, "quay-1"), Address(SITE, "quay-2")
STREAM, OTHER_STREAM = "5" * 32, "6" * 32


def with_kiosks(database: Database) -> Database:
    seed_office(database)
    with database.writing() as connection:
        for address in (ONE, TWO):
            add_kiosk(connection, address, NOW)
    return database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = with_kiosks(Database(database_url))
    yield opened
    opened.close()


def alike(value: object) -> object:
    """What SQLite gives as text comes from PostgreSQL as what it is."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, dict) else value


def receipt_is(answer: Outgoing) -> bool:
    return answer.topic.endswith("/receipt")


class Server:
    """An ingest and what it answered."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.ingest = Ingest(database, lambda: NOW)

    def take(self, *messages: Incoming) -> list[Receipt]:
        return [decode(answer.payload, Receipt) for answer in self.ingest.take(messages) if receipt_is(answer)]

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.database.reading() as connection:
            return [tuple(alike(value) for value in row) for row in connection.execute(text(query))]

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


def hello(
    stream: str = STREAM,
    address: Address = ONE,
    *,
    highest: int = 0,
    kept_from: int = 1,
    chain_before: str = EMPTY,
    replaces: Replaced | None = None,
    replaced_before: tuple[Replaced, ...] = (),
) -> Incoming:
    told = Hello(
        stream=stream,
        highest=highest,
        kept_from=kept_from,
        chain_before=chain_before,
        boot=1,
        nonce="0123456789abcdef",
        version="0.1",
        replaces=replaces,
        replaced_before=replaced_before,
    )
    return said(told, Channel.HELLO, address)


def status(
    boot: int,
    tick: int,
    highest: int = 0,
    stream: str = STREAM,
    waiting: int = 0,
    connection: int = 1,
    gone: bool = False,
) -> Incoming:
    told = KioskStatus(
        stream=stream,
        boot=boot,
        tick=tick,
        connection=connection,
        highest=highest,
        waiting=waiting,
        version="0.1",
        scanner="up",
        storage="ok",
        clock=ClockReport(ClockSource.SERVER, 0.1, 0.0),
        refused_scans={"identity-card": tick},
        gone=gone,
    )
    return said(told, Channel.STATUS)


def up_to(receipts: list[Receipt]) -> list[int]:
    return [receipt.stored_up_to for receipt in receipts]


# --- votes -----------------------------------------------------------------------------------------


def test_a_vote_is_stored_with_what_it_is_about_and_receipted(server: Server) -> None:
    vote = a_vote(1, level=4, counter=2, hour=datetime(2026, 9, 30, 17, tzinfo=UTC))
    assert up_to(server.take(votes(vote))) == [1]
    assert server.rows("SELECT vote_id, number, site, kiosk, day, survey, counter, officer, field FROM votes") == [
        (vote.vote_id, 1, SITE, "quay-1", "2026-10-01", 1, 2, "thang", "dat-dai")
    ]
    assert server.rows("SELECT vote_id, criterion, level FROM answers") == [(vote.vote_id, "overall", 4)]


def test_everything_that_a_visit_said_is_stored(server: Server) -> None:
    vote = msgspec.structs.replace(
        a_vote(1),
        outcome=VisitOutcome.ABANDONED,
        reasons=("waiting", "unclear", "waiting"),
        comment="Ghe\u0302\u0301",
        labels=("play", "hasty"),
        officer="bich",
        best_first=True,
    )
    server.take(votes(vote))
    assert server.rows("SELECT outcome, best_first, officer, field FROM votes") == [
        ("abandoned", 1, "bich", "ho-tich"),
    ]
    assert server.rows("SELECT vote_id, reason FROM vote_reasons ORDER BY reason") == [
        (vote.vote_id, "unclear"),
        (vote.vote_id, "waiting"),
    ]
    assert server.rows("SELECT vote_id, label FROM vote_labels ORDER BY label") == [
        (vote.vote_id, "hasty"),
        (vote.vote_id, "play"),
    ]
    assert server.rows("SELECT vote_id, text FROM comments") == [(vote.vote_id, "Ghế")]


def test_a_vote_about_a_registered_case_counts_for_whom_the_register_names(server: Server) -> None:
    known, unknown = "ab" * 16, "cd" * 16
    with server.database.writing() as connection:
        connection.execute(
            insert(cases).values(
                **{"site": SITE, "case_token": known, "procedure": "1.001193", "officer": "bich"},
                received=date(2026, 11, 2),
            )
        )
    server.take(votes(a_vote(1, counter=2, case_token=known), a_vote(2, counter=2, case_token=unknown)))
    assert server.rows("SELECT officer, field, procedure FROM votes ORDER BY number") == [
        ("bich", "ho-tich", "1.001193"),
        ("thang", "dat-dai", None),
    ]


def test_repeated_late_overlapping_and_gapped_batches_store_every_vote_once(server: Server) -> None:
    all_votes = some_votes(1, 10)
    first, overlapping, beyond = votes(*all_votes[:4]), votes(*all_votes[2:7]), votes(*all_votes[8:])
    assert up_to(server.take(beyond)) == [0]
    assert up_to(server.take(first)) == [4]
    assert up_to(server.take(first)) == [4]
    assert up_to(server.take(overlapping, beyond, first)) == [7]
    assert up_to(server.take(votes(all_votes[7]), beyond)) == [10]
    assert server.numbers() == list(range(1, 11))
    assert server.set_apart() == []


def test_two_streams_do_not_touch_each_other(server: Server) -> None:
    receipts = server.take(votes(a_vote(1)), votes(a_vote(1), stream=OTHER_STREAM, address=TWO))
    assert [(receipt.stream, receipt.stored_up_to) for receipt in receipts] == [(STREAM, 1), (OTHER_STREAM, 1)]
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
    assert up_to(server.take(message, message)) == [1]
    assert up_to(server.take(message)) == [1]
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
    assert server.take(hello()) == [
        Receipt(stream=STREAM, stored_up_to=0, chain=EMPTY, time=NOW, answers="0123456789abcdef")
    ]
    cast = some_votes(1, 3)
    server.take(votes(*cast))
    [receipt] = server.take(hello())
    assert (receipt.stored_up_to, receipt.chain) == (3, extend(EMPTY, (vote.vote_id for vote in cast)))


def test_an_older_status_changes_nothing(server: Server) -> None:
    shown = "SELECT boot, tick, highest, refused_scans FROM kiosk_status"
    for boot, tick, highest in ((2, 5, 50), (2, 5, 51), (2, 4, 40), (1, 9, 90)):
        server.take(status(boot, tick, highest, waiting=highest))
        assert server.rows(shown) == [(2, 5, 50, '{"identity-card": 5}')]
    server.take(status(2, 6, 60, waiting=60))
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
        *((raw(b"{}", channel), "a channel that only the server speaks on") for channel in TO_KIOSK),
        (hello(highest=3, kept_from=5), "keeps no number that it has given"),
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
    assert up_to(server.take(votes(a_vote(1)), message, votes(a_vote(2)))) == [2]
    assert server.set_apart() == [(None, None, reason)]
    assert server.counts() == {reason: 1}
    assert server.rows("SELECT topic, size, payload FROM quarantine") == [
        (message.topic, len(message.payload), message.payload[:4096])
    ]


def test_what_may_hold_a_vote_is_dated_no_finer_than_it(server: Server) -> None:
    server.take(raw(b"{"), raw(b"{", Channel.HELLO))
    with server.database.reading() as connection:
        dated = [row.received_at for row in connection.execute(select(quarantine).order_by(quarantine.c.id))]
    assert dated == [whole_hour(NOW), NOW]


def test_a_stream_of_another_kiosk_is_not_touched(server: Server) -> None:
    server.take(votes(a_vote(1)))
    assert server.take(votes(a_vote(2), address=TWO), hello(address=TWO)) == []
    assert server.numbers() == [1]
    assert server.counts() == {"the stream belongs to another kiosk": 2}


def test_a_kiosk_begins_only_so_many_streams(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.taking.MOST_STREAMS", 3)
    for stream in range(5):
        server.take(hello(f"{stream:032x}"))
    assert server.rows("SELECT count(*) FROM streams") == [(3,)]
    assert server.counts() == {"this kiosk has begun too many streams": 2}
    assert up_to(server.take(hello("0" * 32))) == [0]
    assert len(server.take(hello(OTHER_STREAM, TWO))) == 1


@pytest.mark.parametrize("trouble", [RuntimeError("what the citizen chose"), ValueError("x"), RecursionError()])
def test_a_poisonous_message_does_not_keep_the_votes_of_others_out(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, trouble: Exception
) -> None:
    def fails(*_: object) -> None:
        raise trouble

    monkeypatch.setattr("sync_server.taking.save_status", fails)
    assert up_to(server.take(votes(a_vote(1)), status(1, 1), votes(a_vote(2)))) == [1, 2]
    assert server.numbers() == [1, 2]
    assert server.counts() == {f"internal error: {type(trouble).__name__}": 1}
    assert "citizen" not in caplog.text


def test_what_the_database_itself_refuses_is_set_apart_with_nothing_of_it_stored(server: Server) -> None:
    with server.database.writing() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER no_5 BEFORE INSERT ON votes WHEN new.number = 5 BEGIN SELECT RAISE(ABORT, 'no'); END"
                if connection.dialect.name == "sqlite"
                else "ALTER TABLE votes ADD CONSTRAINT no_5 CHECK (number <> 5)"
            )
        )
    poison = votes(*some_votes(3, 6))
    assert up_to(server.take(votes(*some_votes(1, 2)), poison, hello(OTHER_STREAM, TWO))) == [2, 0]
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
    server = Server(with_kiosks(migrated(tmp_path)))
    holder = sqlite3.connect(tmp_path / "server.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseTrouble, match="locked"):
        server.take(votes(*some_votes(1, 3)))
    holder.execute("ROLLBACK")
    holder.close()
    assert server.numbers() == []
    assert up_to(server.take(hello(), votes(a_vote(1)))) == [1]
    server.database.close()


def test_on_a_full_disk_nothing_is_acknowledged_and_later_everything_stored_once(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 2048) as disk:
        server = Server(with_kiosks(migrated(disk)))
        filler = fill(disk)
        acknowledged = 0
        with pytest.raises(DatabaseTrouble, match="full"):
            while acknowledged < 20_000:
                [receipt] = server.take(votes(*some_votes(acknowledged + 1, acknowledged + 200)))
                acknowledged = receipt.stored_up_to
        assert len(server.numbers()) == acknowledged
        filler.unlink()
        assert up_to(server.take(hello())) == [acknowledged]
        server.take(votes(*some_votes(acknowledged + 1, acknowledged + 200)))
        assert server.numbers() == list(range(1, acknowledged + 201))
        server.database.close()


def test_two_writers_of_one_stream_do_not_both_store(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    all_votes = some_votes(1, 3)
    server.take(votes(all_votes[0]))
    asked = []

    def as_it_was(connection: Connection, wanted: set[str]) -> dict[str, StreamRow]:
        asked.append(wanted)
        return {STREAM: StreamRow(ONE, Held())} if len(asked) < 3 else find_streams(connection, wanted)

    monkeypatch.setattr("sync_server.taking.lock_streams", as_it_was)
    [answer] = server.ingest.take([votes(*all_votes)], pace=7.5, dropped=2)
    receipt = decode(answer.payload, Receipt)
    assert (receipt.stored_up_to, receipt.pace, len(asked)) == (3, 7.5, 3)
    assert server.numbers() == [1, 2, 3]
    with server.database.reading() as connection:
        assert ingest_totals(connection)["messages without room"] == 2


def test_a_stream_that_is_always_somewhere_else_is_tried_a_few_times_only(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_votes = some_votes(1, 3)
    server.take(votes(*all_votes))
    asked = []

    def never_right(_: Connection, wanted: set[str]) -> dict[str, StreamRow]:
        asked.append(wanted)
        return {STREAM: StreamRow(ONE, Held())}

    monkeypatch.setattr("sync_server.taking.lock_streams", never_right)
    with pytest.raises(DatabaseTrouble, match="another process"):
        server.take(votes(*all_votes))
    assert server.numbers() == [1, 2, 3]
    assert len(asked) == TRIES


def test_trouble_while_messages_are_taken_one_by_one_acknowledges_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: list[Exception] = [ValueError(), ValueError(), DatabaseTrouble("disk I/O error")]

    def fails(*_: object) -> None:
        raise troubles.pop(0)

    monkeypatch.setattr("sync_server.taking.save_status", fails)
    with pytest.raises(DatabaseTrouble, match="disk I/O error"):
        server.take(status(1, 1), votes(a_vote(1)))
    assert server.set_apart() == []
    assert server.numbers() == []


# --- the ledger ------------------------------------------------------------------------------------


def ledger(server: Server, columns: str) -> list[tuple[object, ...]]:
    return server.rows(f"SELECT {columns} FROM streams ORDER BY first_seen, stream")


def test_a_server_that_lost_more_than_the_kiosk_keeps_records_the_gap_and_goes_on(server: Server) -> None:
    server.take(votes(*some_votes(1, 2)))
    kept = some_votes(6, 7)
    [receipt] = server.take(hello(highest=7, kept_from=6, chain_before="cc" * 16))
    assert (receipt.stored_up_to, receipt.chain) == (5, "cc" * 16)
    [receipt] = server.take(votes(*kept))
    assert (receipt.stored_up_to, receipt.chain) == (7, extend("cc" * 16, (vote.vote_id for vote in kept)))
    assert server.rows("SELECT first, last FROM stream_gaps") == [(3, 5)]
    assert server.numbers() == [1, 2, 6, 7]
    server.take(hello(highest=7, kept_from=6, chain_before="cc" * 16))
    assert server.rows("SELECT first, last FROM stream_gaps") == [(3, 5)]


def test_a_gap_of_a_single_number_is_recorded_and_no_gap_is_none(server: Server) -> None:
    server.take(votes(*some_votes(1, 2)))
    assert up_to(server.take(hello(highest=7, kept_from=3, chain_before="cc" * 16))) == [2]
    assert gaps(server) == []
    assert up_to(server.take(hello(highest=7, kept_from=4, chain_before="cc" * 16))) == [3]
    assert gaps(server) == [(3, 3)]


def test_a_reader_learns_of_a_gap_that_was_filled(server: Server) -> None:
    with_a_gap(server, 9)
    before = change_number(server.database)
    server.take(votes(a_vote(3)))
    assert change_number(server.database) > before


def test_a_copied_card_is_told_apart_beside_votes_of_a_gap(server: Server) -> None:
    with_a_gap(server, 9)
    server.take(votes(*some_votes(10, 11)), votes(a_vote(3)), votes(a_vote(10, level=1)))
    assert ledger(server, "conflicts") == [(1,)]
    assert server.numbers() == [3, 10, 11]


def test_votes_of_a_gap_that_come_after_all_are_stored_once_and_the_gap_shrinks(server: Server) -> None:
    sent = some_votes(1, 10)
    server.take(votes(*sent[:2]), hello(highest=10, kept_from=8, chain_before="cc" * 16), votes(*sent[7:]))
    server.take(hello(highest=20, kept_from=21, chain_before="dd" * 16))
    assert server.rows("SELECT first, last FROM stream_gaps") == [(3, 7), (11, 20)]
    server.take(hello(OTHER_STREAM), votes(a_vote(1, vote_id=sent[4].vote_id), stream=OTHER_STREAM))  # carried over
    with server.database.writing() as connection:
        assert accept_gap(connection, STREAM, 3, "Lê Ví Dụ", "cháy")
    bad = a_vote(4, survey=99)
    [receipt] = server.take(votes(sent[1], sent[2], bad, sent[4]))
    assert receipt.stored_up_to == 20
    assert [refusal.number for refusal in receipt.refused] == [4]
    assert server.rows("SELECT first, last, accepted_by FROM stream_gaps ORDER BY first") == [
        (6, 7, "Lê Ví Dụ"),
        (11, 20, None),
    ]
    server.take(votes(*sent), votes(*sent))
    assert server.rows("SELECT first, last FROM stream_gaps") == [(11, 20)]
    stored = server.rows("SELECT vote_id FROM votes")
    assert sorted(stored) == sorted((vote.vote_id,) for vote in sent if vote.number != 4)
    assert ledger(server, "conflicts") == [(0,), (0,)]


def with_a_gap(server: Server, last: int) -> None:
    server.take(hello(highest=last, kept_from=last + 1, chain_before="cc" * 16))


def gaps(server: Server) -> list[tuple[object, ...]]:
    return server.rows("SELECT first, last FROM stream_gaps ORDER BY first")


def test_two_writers_who_fill_parts_of_one_gap_leave_on_record_what_neither_filled(
    kind: str, server: Server, database_url: str
) -> None:
    with_a_gap(server, 9)
    other = Server(Database(database_url))
    late = threading.Thread(target=other.take, args=[votes(a_vote(7))])
    with server.database.writing() as connection:
        Taking(connection, NOW, 0, careful=False).take([read(votes(a_vote(3)))], 0)
        late.start()
        if kind == "postgresql":
            assert eventually(lambda: writers_waiting(server.database) == 1)
    late.join()
    other.database.close()
    assert server.numbers() == [3, 7]
    assert gaps(server) == [(1, 2), (4, 6), (8, 9)]


def writers_waiting(database: Database) -> int:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with database.reading() as connection:
        return int(connection.scalar(text(waiting)) or 0)


def test_writers_who_meet_the_same_streams_in_other_orders_do_not_wait_for_each_other(
    kind: str, server: Server, database_url: str
) -> None:
    for stream in (STREAM, OTHER_STREAM):
        server.take(hello(stream, highest=9, kept_from=10, chain_before="cc" * 16))
    done: list[int] = []

    def take(number: int, *order: str) -> None:
        other = Server(Database(database_url))
        done.append(len(other.take(*(votes(a_vote(number), stream=stream) for stream in order))))
        other.database.close()

    writers = [
        threading.Thread(target=take, args=(3, STREAM, OTHER_STREAM)),
        threading.Thread(target=take, args=(7, OTHER_STREAM, STREAM)),
    ]
    with server.database.writing() as connection:
        lock_streams(connection, [STREAM])
        for waiting, writer in enumerate(writers, 1):
            writer.start()
            if kind == "postgresql":
                assert eventually(lambda waiting=waiting: writers_waiting(server.database) == waiting)  # type: ignore[misc]
    for writer in writers:
        writer.join()
    assert done == [2, 2]
    assert server.numbers() == server.numbers(OTHER_STREAM) == [3, 7]


def test_a_gap_another_writer_has_changed_is_looked_at_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_gap(server, 9)
    asked = []

    def as_it_was(*arguments: Any) -> list[Gap]:
        asked.append(arguments)
        return [Gap(1, 20)] if len(asked) == 1 else gaps_among(*arguments)

    monkeypatch.setattr("sync_server.taking.gaps_among", as_it_was)
    server.take(votes(a_vote(3)))
    assert server.numbers() == [3]
    assert gaps(server) == [(1, 2), (4, 9)]


def test_refused_votes_of_gaps_count_against_what_a_stream_may_have(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_server.taking.MOST_REFUSED", 3)
    with_a_gap(server, 9)
    bad = [a_vote(number, survey=9) for number in range(1, 10)]
    server.take(votes(*bad[:2]), votes(*bad[2:4]), votes(bad[4]), votes(bad[5]))
    assert server.counts() == {"no such survey": 3, "too many votes of this stream are refused": 2}
    assert server.take(votes(*bad[5:8])) == []
    assert gaps(server) == [(3, 4), (6, 9)]
    assert up_to(server.take(votes(*some_votes(3, 4)))) == [9]
    assert gaps(server) == [(6, 9)]


def test_a_stream_has_no_more_gaps_than_a_few_and_goes_on(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync_server.taking.MOST_GAPS", 3)
    with_a_gap(server, 20)
    for number in (5, 10):
        assert up_to(server.take(votes(a_vote(number)))) == [20]
    assert server.take(votes(a_vote(15))) == []
    assert server.take(hello(highest=40, kept_from=31, chain_before="dd" * 16)) == []
    assert server.counts() == {"this stream has too many gaps": 2}
    assert gaps(server) == [(1, 4), (6, 9), (11, 20)]
    # What makes none more is taken: at an end of one, the whole of another, and what continues the stream.
    assert up_to(server.take(votes(a_vote(11)), votes(*some_votes(6, 9)), votes(a_vote(21)))) == [21]
    assert gaps(server) == [(1, 4), (12, 20)]
    assert up_to(server.take(votes(a_vote(15)))) == [21]
    assert server.numbers() == [5, 6, 7, 8, 9, 10, 11, 15, 21]


def test_a_gap_of_any_width_costs_no_more_than_another(server: Server) -> None:
    far = 2**40
    [receipt] = server.take(hello(highest=far, kept_from=far + 1, chain_before="cc" * 16))
    assert receipt.stored_up_to == far
    assert up_to(server.take(votes(*some_votes(3, 5)), votes(*some_votes(far - 1, far + 1)))) == [far + 1]
    assert server.numbers() == [3, 4, 5, far - 1, far, far + 1]
    assert gaps(server) == [(1, 2), (6, far - 2)]


def test_votes_that_are_stored_already_are_kept_within_bounds_and_take_their_numbers(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_server.taking.MOST_REFUSED", 3)
    mine = some_votes(1, 8)
    server.take(votes(*mine))
    again = [a_vote(vote.number, vote_id=vote.vote_id) for vote in mine]
    assert up_to(server.take(votes(again[0], stream=OTHER_STREAM))) == [1]
    [receipt] = server.take(votes(*again[1:], a_vote(9), stream=OTHER_STREAM))
    assert receipt.stored_up_to == 9
    assert [refusal.number for refusal in receipt.refused] == [2, 3, 4, 5, 6, 7, 8]
    assert server.set_apart() == [(OTHER_STREAM, number, STORED_ALREADY) for number in (1, 2, 3)]
    assert server.numbers(OTHER_STREAM) == [9]
    assert server.rows("SELECT name, count FROM ingest_counts WHERE name LIKE 'votes stored%' ORDER BY name") == [
        ("votes stored", 9),
        ("votes stored already", 8),
    ]


def test_the_ledger_knows_the_highest_number_that_was_announced(server: Server) -> None:
    server.take(hello(highest=3))
    assert ledger(server, "stored_up_to, highest_announced") == [(0, 3)]
    server.take(votes(*some_votes(1, 4)))
    assert ledger(server, "stored_up_to, highest_announced") == [(4, 4)]
    server.take(status(1, 1, highest=9, waiting=5))
    server.take(hello(highest=2))
    assert ledger(server, "stored_up_to, highest_announced") == [(4, 9)]


def test_a_copied_card_s_votes_are_set_apart_and_never_merged(server: Server) -> None:
    mine, copied = some_votes(1, 3), (a_vote(2, level=1), a_vote(3, level=1), a_vote(4, level=1))
    server.take(votes(*mine))
    [receipt] = server.take(votes(*copied[:2]))
    assert receipt.chain == extend(EMPTY, (vote.vote_id for vote in mine))
    assert server.set_apart() == [(None, None, "another vote stands under this number")] * 2
    with server.database.reading() as connection:
        kept = list(connection.scalars(select(quarantine.c.payload).order_by(quarantine.c.id)))
    assert [json.loads(payload)["vote_id"] for payload in kept] == [vote.vote_id for vote in copied[:2]]
    assert ledger(server, "conflicts") == [(2,)]
    [receipt] = server.take(votes(*copied))  # goes on beyond what is held: its kiosk did not look at the receipt
    assert receipt.chain != extend(EMPTY, (vote.vote_id for vote in (*mine, copied[2])[:3]))
    assert ledger(server, "conflicts") == [(4,)]


def test_two_copies_in_one_transaction_are_told_apart_too(server: Server) -> None:
    server.take(votes(*some_votes(1, 2)), votes(*some_votes(1, 2)))
    assert server.numbers() == [1, 2]
    assert ledger(server, "conflicts") == [(2,)]


def test_votes_carried_over_into_a_new_stream_are_stored_once(server: Server) -> None:
    first, second, third = some_votes(1, 3)
    server.take(votes(first, second))
    carried = [a_vote(1, vote_id=second.vote_id), a_vote(2, vote_id=third.vote_id)]
    because = Replaced(STREAM, ReplacedBecause.DAMAGED, carried=2)
    server.take(hello(OTHER_STREAM, highest=2, replaces=because))
    [receipt] = server.take(votes(*carried, stream=OTHER_STREAM))
    assert receipt.stored_up_to == 2
    assert receipt.chain == extend(EMPTY, (vote.vote_id for vote in carried))
    assert server.rows("SELECT vote_id FROM votes ORDER BY vote_id") == [
        (vote.vote_id,) for vote in (first, second, third)
    ]
    assert server.rows(
        "SELECT stream, replaces, replaced_because, carried, closed_by, closed_because FROM streams ORDER BY stream"
    ) == [
        (STREAM, None, None, None, "the kiosk", "damaged"),
        (OTHER_STREAM, STREAM, "damaged", 2, None, None),
    ]
    assert ledger(server, "closed_at IS NOT NULL") == [(True,), (False,)]


def test_votes_carried_over_beside_a_poisonous_message_are_stored_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError

    first, second = some_votes(1, 2)
    server.take(votes(first))
    monkeypatch.setattr("sync_server.taking.save_status", fails)
    carried = [a_vote(1, vote_id=first.vote_id), a_vote(2, vote_id=second.vote_id)]
    assert up_to(server.take(status(1, 1), votes(*carried, stream=OTHER_STREAM))) == [2]
    assert sorted(server.rows("SELECT vote_id FROM votes")) == sorted((vote.vote_id,) for vote in (first, second))
    assert server.counts() == {"internal error: ValueError": 1, STORED_ALREADY: 1}
    with server.database.reading() as connection:
        assert "messages without room" not in ingest_totals(connection)


def test_streams_given_up_before_the_server_heard_of_the_next_are_all_closed(server: Server) -> None:
    server.take(votes(a_vote(1)), hello(OTHER_STREAM, highest=3))
    third = "c3" * 16
    given_up = (Replaced(STREAM, ReplacedBecause.DAMAGED, 4), Replaced("ee" * 16, ReplacedBecause.COPIED, 5))
    last = Replaced(OTHER_STREAM, ReplacedBecause.COPIED, 6)
    server.take(hello(third, highest=6, replaces=last, replaced_before=given_up))
    assert server.rows("SELECT stream, replaces, carried, closed_because FROM streams ORDER BY first_seen, stream") == [
        (STREAM, None, None, "damaged"),
        (OTHER_STREAM, "ee" * 16, 5, "copied"),
        (third, OTHER_STREAM, 6, None),
    ]


def test_a_kiosk_cannot_close_the_stream_of_another(server: Server) -> None:
    server.take(votes(a_vote(1)))
    server.take(hello(OTHER_STREAM, TWO, replaces=Replaced(STREAM, ReplacedBecause.COPIED, carried=0)))
    assert ledger(server, "closed_at") == [(None,), (None,)]


# --- receipts that nobody asked for ----------------------------------------------------------------


def test_a_kiosk_that_believes_another_number_is_told(server: Server) -> None:
    server.take(votes(*some_votes(1, 3)))
    assert up_to(server.take(status(1, 1, highest=5, waiting=2))) == []
    assert up_to(server.take(status(1, 2, highest=5, waiting=0))) == [3]
    assert up_to(server.take(status(1, 3, highest=5, waiting=5))) == [3]


def test_a_server_that_has_lost_everything_asks_for_it(server: Server) -> None:
    [receipt] = server.take(status(1, 1, highest=5, waiting=0))
    assert (receipt.stream, receipt.stored_up_to, receipt.chain) == (STREAM, 0, EMPTY)


def test_a_stream_without_a_vote_is_begun_by_no_status_and_one_with_a_vote_is(server: Server) -> None:
    assert server.take(status(1, 1, highest=0)) == []
    assert ledger(server, "stream") == []
    assert up_to(server.take(status(1, 2, highest=1))) == [0]
    assert ledger(server, "stream, highest_announced") == [(STREAM, 1)]


def test_a_status_in_a_foreign_stream_is_set_apart(server: Server) -> None:
    server.take(votes(a_vote(1), address=TWO))
    server.take(status(1, 1))
    assert server.counts() == {"the stream belongs to another kiosk": 1}
    assert server.rows("SELECT count(*) FROM kiosk_status") == [(0,)]


def test_the_pace_is_told_in_every_receipt(server: Server) -> None:
    [answer] = server.ingest.take([votes(a_vote(1))], pace=7.5)
    assert decode(answer.payload, Receipt).pace == 7.5


# --- last wills ------------------------------------------------------------------------------------


def test_a_last_will_is_a_hint_about_its_own_connection_only(server: Server) -> None:
    gone = "SELECT boot, tick, gone_at IS NOT NULL FROM kiosk_status"
    server.take(status(1, 5, connection=2))
    server.take(status(1, 1, connection=1, gone=True))
    server.take(status(2, 1, connection=2, gone=True))
    assert server.rows(gone) == [(1, 5, 0)]
    server.take(status(1, 1, connection=2, gone=True))
    assert server.rows(gone) == [(1, 5, 1)]
    server.take(status(1, 6, connection=3))
    assert server.rows(gone) == [(1, 6, 0)]


# --- intervals -------------------------------------------------------------------------------------


def test_a_vote_whose_hour_is_not_known_keeps_its_interval_which_never_lies_ahead(server: Server) -> None:
    hour = datetime(2026, 9, 29, 3, tzinfo=UTC)
    server.take(
        votes(
            a_vote(1, hour=hour, latest_hour=datetime(2026, 10, 2, 3, tzinfo=UTC)),
            a_vote(2, hour=hour, latest_hour=datetime(9999, 12, 31, 23, tzinfo=UTC)),
        )
    )
    assert server.rows("SELECT day, until_day FROM votes ORDER BY number") == [
        ("2026-09-29", "2026-10-02"),
        ("2026-09-29", local_day(NOW).isoformat()),
    ]


# --- who may send, and what kiosks are told -----------------------------------------------------------


def test_nothing_more_is_taken_from_a_revoked_kiosk(server: Server) -> None:
    server.take(votes(a_vote(1)))
    with server.database.writing() as connection:
        connection.execute(text("UPDATE kiosks SET revoked_at = added_at WHERE kiosk = 'quay-1'"))
    assert server.take(votes(a_vote(2)), hello(), status(1, 1)) == []
    assert server.numbers() == [1]
    assert server.counts() == {"this kiosk may send no more": 3}
    assert up_to(server.take(votes(a_vote(1), stream=OTHER_STREAM, address=TWO))) == [1]


def test_a_receipt_names_the_newest_refusals_and_no_more_than_it_may(server: Server) -> None:
    bad = [a_vote(number, survey=9) for number in range(1, 202)]
    [receipt] = server.take(votes(*bad[:101]), votes(*bad[101:]))
    assert [refusal.number for refusal in receipt.refused] == list(range(2, 202))


def test_what_several_messages_of_one_transaction_do_is_added_up(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with_a_gap(server, 9)
    refused = [a_vote(number, survey=9) for number in (12, 14)]
    server.take(votes(a_vote(10), a_vote(11), refused[0]), votes(a_vote(13), refused[1]))
    late = (votes(a_vote(2), a_vote(3), a_vote(4, survey=9)), votes(a_vote(6), a_vote(7, survey=9)))
    server.take(*late)
    server.take(votes(a_vote(40)), votes(a_vote(50)), votes(a_vote(60)), raw(b"{"), raw(b"{"), raw(b"{"))
    with server.database.reading() as connection:
        totals = ingest_totals(connection)
    assert totals == {
        "messages": 11,
        "votes stored": 6,
        "votes refused": 4,
        "votes repeated": 5,
        "votes of a gap": 3,
        "batches beyond a gap": 3,
        "messages set apart": 3,
    }
    assert "3 messages are set apart: Input data was truncated" in caplog.messages


def test_what_was_done_is_counted(server: Server) -> None:
    cast = some_votes(1, 3)
    server.take(votes(*cast), votes(*cast), raw(b"{"))
    server.take(votes(a_vote(9)), votes(a_vote(4, survey=9)))
    with server.database.reading() as connection:
        totals = ingest_totals(connection)
    assert totals == {
        "messages": 5,
        "votes stored": 3,
        "votes repeated": 3,
        "votes refused": 1,
        "messages set apart": 1,
        "batches beyond a gap": 1,
    }
    assert server.set_apart() == [(None, None, "Input data was truncated"), (STREAM, 4, "no such survey")]


# --- the server's own clock -------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [datetime(1970, 1, 1, tzinfo=UTC), NOW - timedelta(days=700)])
def test_a_server_whose_clock_is_wrong_takes_nothing_and_refuses_nothing(server: Server, wrong: datetime) -> None:
    server.take(votes(a_vote(1)))
    for ingest in (server.ingest, Ingest(server.database, lambda: NOW)):
        ingest._now = lambda: wrong
        with pytest.raises(DatabaseTrouble, match="the server's clock stands at"):
            ingest.take([votes(a_vote(2))])
        assert server.numbers() == [1]
        assert server.set_apart() == []
    server.ingest._now = lambda: NOW + timedelta(seconds=1)
    assert up_to(server.take(votes(a_vote(2)))) == [2]


def test_a_clock_that_was_ahead_is_trusted_again_when_a_person_says_so(server: Server) -> None:
    ahead = NOW + timedelta(days=3650)
    server.ingest._now = lambda: ahead
    server.take(votes(a_vote(1)))
    server.ingest._now = lambda: NOW
    for ingest in (server.ingest, Ingest(server.database, lambda: NOW)):
        with pytest.raises(DatabaseTrouble, match="clock trust"):
            ingest.take([votes(a_vote(2))])
    with server.database.writing() as connection:
        assert trust_clock(connection, NOW) == 1
    assert up_to(server.take(votes(a_vote(2)))) == [2]


def test_a_clock_that_goes_back_a_little_every_time_is_found_out(server: Server) -> None:
    back = timedelta(minutes=6)
    server.take(votes(a_vote(1)))
    server.ingest._now = lambda: NOW - back
    assert up_to(server.take(votes(a_vote(2)))) == [2]
    server.ingest._now = lambda: NOW - 2 * back
    with pytest.raises(DatabaseTrouble, match="clock trust"):
        server.take(votes(a_vote(3)))


# --- refused votes ----------------------------------------------------------------------------------


def test_more_refused_votes_than_a_stream_may_have_are_not_taken(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_server.taking.MOST_REFUSED", 3)
    assert up_to(server.take(votes(*(a_vote(number, survey=9) for number in range(1, 4))))) == [3]
    assert server.take(votes(a_vote(4, survey=9))) == []
    assert up_to(server.take(votes(a_vote(4), a_vote(5)))) == [5]
    assert server.counts() == {"no such survey": 3, "too many votes of this stream are refused": 1}


def test_what_was_refused_is_counted_once_it_can_be(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    later = a_vote(2, survey=2, counter=2)
    server.take(votes(a_vote(1), later, a_vote(3, survey=99)))
    with server.database.writing() as connection:
        assert retry_refused(connection, NOW) == (0, 2)
    monkeypatch.setitem(SURVEYS, 2, SURVEYS[1])
    with server.database.writing() as connection:
        assert [(entry.number, entry.reason) for entry in refused_votes(connection)] == [
            (2, "no such survey"),
            (3, "no such survey"),
        ]
        assert retry_refused(connection, NOW) == (1, 1)
        assert retry_refused(connection, NOW) == (0, 1)
    assert server.numbers() == [1, 2]
    assert server.rows("SELECT officer FROM votes WHERE number = 2") == [("thang",)]
    assert server.set_apart() == [(STREAM, 3, "no such survey")]


def test_a_vote_refused_under_two_streams_is_counted_once_and_keeps_nobody_out(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried, alone, stored = a_vote(1, survey=2), a_vote(2, survey=2), a_vote(1)
    again = [a_vote(number, survey=2, vote_id=vote.vote_id) for number, vote in ((1, carried), (2, stored))]
    server.take(votes(carried, alone), votes(*again, stream=OTHER_STREAM), votes(stored, stream="7" * 32, address=TWO))
    monkeypatch.setitem(SURVEYS, 2, SURVEYS[1])
    before = change_number(server.database)
    with server.database.writing() as connection:
        assert retry_refused(connection, NOW) == (2, 0)
        assert retry_refused(connection, NOW) == (0, 0)
    assert change_number(server.database) > before
    assert sorted(server.rows("SELECT vote_id FROM votes")) == sorted(
        (vote.vote_id,) for vote in (carried, alone, stored)
    )
    assert server.set_apart() == [(OTHER_STREAM, number, STORED_ALREADY) for number in (1, 2)]


def test_an_unreadable_or_doubled_vote_stays_refused(server: Server) -> None:
    known = a_vote(1)
    server.take(votes(known))
    unreadable = json.dumps({"stream": STREAM, "votes": [{"number": 2, "vote_id": "7" * 32}]}).encode()
    server.take(raw(unreadable), votes(a_vote(3, vote_id=known.vote_id)))
    with server.database.writing() as connection:
        assert retry_refused(connection, NOW) == (0, 1)
    assert server.numbers() == [1]
