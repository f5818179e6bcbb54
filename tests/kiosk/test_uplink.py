"""The way to the server, for real: outbox, uplink, TCP, broker, and the server or one that says what a test wants."""

import logging
import shutil
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.controller import StorageBroken
from kiosk.conversation import MOST_HELD_BACK, SILENCE_SECONDS
from kiosk.core.sending import HELLO_AGAIN, STATUS_AGAIN, STATUS_GAP
from kiosk.core.tally import Counted, Obstacle
from kiosk.outbox import Outbox
from kiosk.uplink import ANSWER_SECONDS
from protocol.codec import decode
from protocol.messages import (
    Action,
    ClockSource,
    Command,
    CommandAnswer,
    KioskStatus,
    Outcome,
    ReplacedBecause,
)
from protocol.topics import Channel
from tests.fakes.authority import Authority
from tests.fakes.clock import A_MORNING
from tests.fakes.drafts import a_draft
from tests.fakes.patience import DEADLINE, eventually
from tests.fakes.proxy import Proxy
from tests.fakes.raw_mqtt import CONNACK, DISCONNECT, REFUSED, SUBACK, packet
from tests.fakes.small_office import NOW
from tests.fakes.tls_front import TlsFront
from tests.kiosk.core.test_setups import GOOD
from tests.kiosk.lines import Held, Line, RealServer, ScriptedServer


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    started = RealServer(tmp_path)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.stop()


@pytest.fixture
def line(scripted: ScriptedServer, path: Path) -> Iterator[Line]:
    started = Line(path, scripted.port)
    yield started
    started.close()


# --- with the real server ----------------------------------------------------------------------------


def test_votes_arrive_and_are_confirmed(server: RealServer, path: Path) -> None:
    with closing(Line(path, server.port, server.password)) as line:
        assert line.comes_online()
        line.cast(3)
        assert eventually(line.all_confirmed)
        line.cast()
        assert eventually(line.all_confirmed)
        assert server.votes() == line.kept()


def test_a_long_queue_is_drained_in_order(server: RealServer, path: Path) -> None:
    with closing(Line(path, server.port, "not yet the password")) as line:
        line.cast(900)
    with closing(Line(path, server.port, server.password)) as line:
        assert eventually(line.all_confirmed)
        assert len(server.votes()) == 900
        assert server.votes() == line.kept()


def test_a_server_that_comes_later_gets_everything(server: RealServer, path: Path) -> None:
    server.stop()
    with closing(Line(path, server.port, server.password)) as line:
        line.cast(5)
        assert "Connection refused" in line.goes_offline()
        server.start()
        assert eventually(line.all_confirmed)
        assert server.votes() == line.kept()


def test_a_server_restored_from_an_older_copy_gets_the_lost_votes_again(
    server: RealServer, path: Path, tmp_path: Path
) -> None:
    with closing(Line(path, server.port, server.password)) as line:
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
        assert eventually(lambda: server.votes() == line.kept())
        assert eventually(line.all_confirmed)
        assert len(line.kept()) == 7


def test_a_card_that_was_set_back_goes_on_in_a_new_stream_and_loses_nothing(
    server: RealServer, path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Line(path, server.port, server.password)) as line:
        first = line.cast(3)
        assert eventually(line.all_confirmed)
        before = line.outbox.stream
    copy = tmp_path / "older card"
    copy.mkdir()
    for file in tmp_path.glob("outbox.sqlite*"):
        shutil.copy(file, copy)
    with closing(Line(path, server.port, server.password)) as line:
        second = line.cast(2)
        assert eventually(line.all_confirmed)
    with closing(Line(copy / "outbox.sqlite", server.port, server.password)) as line:
        third = line.cast(4)
        assert eventually(line.all_confirmed)
        assert eventually(lambda: not line.outbox.replaced)
        assert line.outbox.stream != before
        assert line.counted(Counted.STREAMS_RENEWED) == 1
    assert {row[0] for row in server.rows("SELECT vote_id FROM votes")} == {*first, *second, *third}
    assert server.rows("SELECT replaces, replaced_because FROM streams WHERE replaces IS NOT NULL") == [
        (before, "copied")
    ]
    assert "this card is a copy, or was set back" in caplog.text


def test_two_machines_with_copies_of_one_card_lose_nothing_of_either(
    server: RealServer, path: Path, tmp_path: Path
) -> None:
    with closing(Line(path, server.port, server.password)) as line:
        cast = line.cast(2)
        assert eventually(line.all_confirmed)
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in tmp_path.glob("outbox.sqlite*"):
        shutil.copy(file, copy)
    lines = [Line(file, server.port, server.password) for file in (path, copy / "outbox.sqlite")]
    for line in lines:
        cast += line.cast(3)

    def all_is_there() -> bool:
        for line in lines:
            line.advance(1.0)  # one throws the other out, and what was under way is sent again in time
        return all(line.all_confirmed() for line in lines)

    assert eventually(all_is_there)
    for line in lines:
        line.close()
    assert sorted(str(row[0]) for row in server.rows("SELECT vote_id FROM votes")) == sorted(cast)
    assert sum(line.counted(Counted.STREAMS_RENEWED) for line in lines) == 1


def test_wrong_credentials_are_told_once_and_break_nothing(
    server: RealServer, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Line(path, server.port, "not the password")) as line:
        line.cast()
        for _ in range(3):
            assert line.goes_offline() == "the broker refuses this kiosk: Not authorized"
        assert line.outbox.standing().waiting == 1
        assert line.counted(Obstacle.BROKER) >= 3
    told = [record.getMessage() for record in caplog.records if record.name == "kiosk.uplink"]
    assert told == ["no connection: the broker refuses this kiosk: Not authorized"]
    assert "not the password" not in caplog.text


def test_over_tls_everything_goes_as_without(server: RealServer, path: Path, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server.stop()
    server.certificate = authority.vouch()
    server.start()
    with closing(Line(path, server.port, server.password, authority=authority.path)) as line:
        line.cast(900)
        assert eventually(line.all_confirmed)
        assert server.votes() == line.kept()


def test_a_wrong_clock_that_tls_refuses_is_told_as_that(server: RealServer, path: Path, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with (
        TlsFront(authority.vouch(begins=timedelta(days=1)), server.port) as front,
        closing(Line(path, front.port, server.password, authority=authority.path)) as line,
    ):
        trouble = line.goes_offline()
        assert "this machine's clock reads 2026-11-23 02:17 UTC" in trouble
        assert "the clock is wrong, not the network" in trouble
        assert eventually(lambda: line.counted(Obstacle.CLOCK) > 0)


# --- the first words of a connection -------------------------------------------------------------------


def test_status_comes_first_then_the_hello_and_votes_after_its_answer(scripted: ScriptedServer, line: Line) -> None:
    line.cast(2)
    assert [scripted.heard.get(timeout=DEADLINE)[0] for _ in range(2)] == [Channel.STATUS, Channel.HELLO]
    assert scripted.heard.empty()
    assert line.online.empty()
    line.advance(15)
    hello = scripted.welcome()
    assert (hello.stream, hello.highest, hello.kept_from, hello.boot) == (line.outbox.stream, 2, 1, 1)
    assert scripted.numbers() == [1, 2]
    assert line.comes_online()


def test_trap_12_it_listens_before_it_speaks(scripted: ScriptedServer, line: Line) -> None:
    """A receipt that is sent the moment the hello arrives is heard: nothing has to be said twice."""
    for _ in range(5):
        scripted.welcome()
        assert line.comes_online()
        scripted.hang_up()
    assert line.counted(Counted.CONNECTIONS) == 5


def test_the_answer_to_the_hello_tells_the_time_and_votes_are_dated_by_it(scripted: ScriptedServer, path: Path) -> None:
    with closing(Outbox(path)):
        pass
    with closing(Line(path, scripted.port)) as line:
        line.clock.set_wall(A_MORNING.replace(year=1970))
        line.cast()
        hello = scripted.hello()
        assert line.outbox.clock(line.clock.reading()).source is ClockSource.NONE
        scripted.confirm(hello.stream, Held(), time=NOW)
        line.advance(1)
        scripted.confirm(hello.stream, Held(), nonce=hello.nonce, time=NOW)
        [vote] = scripted.batch().votes
        assert vote.hour == NOW.replace(minute=0, second=0)
        assert vote.latest_hour is None
        clock = line.outbox.clock(line.clock.reading())
        assert clock.source is ClockSource.SERVER
        assert clock.error <= 1.0


def test_in_a_long_connection_the_hello_is_repeated_with_a_new_nonce(scripted: ScriptedServer, line: Line) -> None:
    first = scripted.welcome()
    assert line.comes_online()
    line.advance(HELLO_AGAIN)
    second = scripted.welcome()
    assert second.nonce != first.nonce
    assert line.online.empty(), "the same connection"


def test_an_answer_to_an_older_hello_of_the_connection_counts_but_only_once(
    scripted: ScriptedServer, line: Line
) -> None:
    first = scripted.hello()
    line.advance(15)
    second = scripted.hello()
    scripted.confirm(first.stream, Held(), nonce="0" * 16)
    scripted.confirm(first.stream, Held(), nonce=first.nonce)
    assert line.comes_online()
    scripted.confirm(second.stream, Held(), nonce=first.nonce)
    scripted.confirm(second.stream, Held(), nonce=second.nonce)
    assert eventually(lambda: line.counted(Counted.RECEIPTS) == 4)
    assert line.counted(Counted.CONNECTIONS) == 1


def test_the_will_carries_what_was_true_when_the_connection_began(
    scripted: ScriptedServer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wills: list[tuple[str, bytes, int, bool]] = []
    monkeypatch.setattr(
        "paho.mqtt.client.Client.will_set",
        lambda _self, topic, payload, qos, retain: wills.append((topic, payload, qos, retain)),
    )
    with closing(Line(path, scripted.port)) as line:
        scripted.welcome()
        assert line.comes_online()
        first = wills[0]
        assert (first[0], first[2], first[3]) == ("hailong/v1/sia/quay-1/status", 1, False)
        will = decode(first[1], KioskStatus)
        assert (will.gone, will.boot, will.tick, will.connection) == (True, 1, 0, 1)


# --- receipts --------------------------------------------------------------------------------------------


def test_receipts_that_make_no_sense_are_ignored_and_counted(
    scripted: ScriptedServer, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    one, _ = line.cast(2)
    hello = scripted.hello()
    scripted.say(Channel.RECEIPT, b"{")
    scripted.say(Channel.RECEIPT, b"\xff" * 1000)
    scripted.confirm(hello.stream, Held(one), nonce=hello.nonce)
    assert scripted.numbers() == [2]
    assert line.outbox.standing().stored_up_to == 1
    assert line.counted(Counted.MESSAGES_REFUSED) == 2
    assert "a receipt cannot be read" in caplog.text


def test_trap_1_the_highest_number_with_a_hole_before_it_is_never_believed(
    scripted: ScriptedServer, line: Line
) -> None:
    """A server that acknowledges the highest number it has, though some below are missing, cannot make the chain."""
    ids = line.cast(4)
    stream = scripted.welcome().stream
    scripted.batch()
    scripted.confirm(stream, held_at(4, Held(ids[0], ids[3])))
    renewed = scripted.welcome()
    assert renewed.stream != stream
    assert [vote.vote_id for vote in scripted.batch().votes] == ids, "none is taken for stored"


def test_trap_5_an_emptied_table_does_not_begin_at_1_again(scripted: ScriptedServer, line: Line) -> None:
    one, two = line.cast(2)
    scripted.welcome(Held(one, two))
    assert eventually(line.all_confirmed)
    line.outbox.forget(A_MORNING + timedelta(days=9999))
    assert line.kept() == []
    [three] = line.cast()
    assert [(vote.number, vote.vote_id) for vote in scripted.batch().votes] == [(3, three)]


def test_trap_6_a_receipt_for_another_stream_is_ignored(scripted: ScriptedServer, line: Line) -> None:
    ids = line.cast(2)
    hello = scripted.hello()
    scripted.confirm("0" * 32, Held(*ids), nonce=hello.nonce)
    scripted.confirm(hello.stream, Held(), nonce=hello.nonce)
    assert scripted.numbers() == [1, 2]
    assert line.outbox.standing().stored_up_to == 0
    assert line.counted(Counted.RECEIPTS_OF_OTHERS) == 1
    assert line.counted(Counted.STREAMS_RENEWED) == 0


def test_trap_7_a_status_names_boot_and_tick_so_that_a_late_one_changes_nothing(
    scripted: ScriptedServer, path: Path
) -> None:
    seen = []
    for _ in range(2):
        with closing(Line(path, scripted.port)) as line:
            for minute in range(2):
                line.advance(minute * STATUS_AGAIN)
                status = scripted.status()
                seen.append((status.boot, status.tick))
    assert seen == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_trap_8_votes_that_the_server_refuses_do_not_hold_up_the_rest(
    server: RealServer, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Line(path, server.port, server.password)) as line:
        assert line.comes_online()
        line.outbox.cast(replace_survey(a_draft(), 99), line.clock.reading())
        line.cast(2)
        assert eventually(line.all_confirmed)
        assert [row[0] for row in server.votes()] == [2, 3]
        assert line.counted(Counted.VOTES_REFUSED) == 1
    assert "the server keeps 1 votes apart" in caplog.text


def test_trap_9_a_lower_number_is_accepted_and_sent_again_from(scripted: ScriptedServer, line: Line) -> None:
    ids = line.cast(5)
    stream = scripted.welcome(Held(*ids)).stream
    assert eventually(line.all_confirmed)
    scripted.confirm(stream, Held(*ids[:2]))
    assert scripted.numbers() == [3, 4, 5]
    assert line.outbox.standing().stored_up_to == 2
    assert line.outbox.stream == stream


def test_trap_10_what_the_disk_could_not_note_is_noted_later(scripted: ScriptedServer, line: Line, path: Path) -> None:
    ids = line.cast(2)
    hello = scripted.hello()
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TRIGGER broken BEFORE UPDATE ON stream BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
        scripted.confirm(hello.stream, Held(*ids), nonce=hello.nonce)
        assert line.goes_offline() == "the disk is full"
        assert line.outbox.standing().stored_up_to == 0
        file.execute("DROP TRIGGER broken")
    scripted.welcome(Held(*ids))
    assert eventually(line.all_confirmed)
    assert line.counted(Obstacle.STORAGE) >= 1


def test_late_repeated_and_overtaken_receipts_never_begin_a_new_stream(scripted: ScriptedServer, line: Line) -> None:
    ids = line.cast(6)
    stream = scripted.welcome().stream
    scripted.batch()
    for stored in (6, 2, 4, 2, 0, 6, 6):
        scripted.confirm(stream, Held(*ids[:stored]))
    assert eventually(line.all_confirmed)
    assert eventually(lambda: line.counted(Counted.RECEIPTS) == 8)
    assert (line.outbox.stream, line.counted(Counted.STREAMS_RENEWED)) == (stream, 0)


def test_a_number_beyond_the_newest_proves_votes_that_were_never_cast_here(
    scripted: ScriptedServer, line: Line
) -> None:
    one, two = line.cast(2)
    stream = scripted.welcome().stream
    scripted.confirm(stream, Held(one, two, "cc" * 16))
    renewed = scripted.hello()
    assert renewed.replaces is not None
    assert (renewed.replaces.stream, renewed.replaces.because, renewed.replaces.carried) == (
        stream,
        ReplacedBecause.COPIED,
        2,
    )
    assert (renewed.stream != stream, renewed.highest) == (True, 2)


def test_a_new_stream_carries_every_vote_and_is_announced_until_the_server_answers(
    scripted: ScriptedServer, line: Line
) -> None:
    one, two, three = line.cast(3)
    stream = scripted.welcome(Held(one)).stream
    scripted.confirm(stream, Held(one, "bb" * 16))
    renewed = scripted.hello()
    scripted.confirm(stream, Held(one, two, three))  # late, and of the old stream
    scripted.confirm(renewed.stream, Held())  # answers nothing: the announcement may have been lost
    assert eventually(lambda: line.counted(Counted.RECEIPTS) == 2)
    assert announces(line)
    scripted.confirm(renewed.stream, Held(), nonce=renewed.nonce)
    batch = scripted.batch()
    assert batch.stream == renewed.stream
    assert [(vote.number, vote.vote_id) for vote in batch.votes] == [(1, one), (2, two), (3, three)]
    assert not announces(line)
    line.advance(HELLO_AGAIN)
    assert scripted.hello().replaces is None


def announces(line: Line) -> bool:
    """Whether the kiosk still has to tell the server which stream the present one replaces."""
    return bool(line.outbox.replaced)


def test_a_file_that_was_salvaged_meanwhile_goes_on_under_its_new_stream_at_once(
    scripted: ScriptedServer, line: Line
) -> None:
    one, two = line.cast(2)
    stream = scripted.welcome(Held(one)).stream
    assert scripted.numbers() == [2]
    line.outbox.renew(ReplacedBecause.DAMAGED)
    line.uplink.wake()
    scripted.confirm(stream, Held(one, two))  # late
    renewed = scripted.welcome()
    assert renewed.replaces is not None
    assert (renewed.replaces.stream, renewed.replaces.because) == (stream, ReplacedBecause.DAMAGED)
    assert [(vote.number, vote.vote_id) for vote in scripted.batch().votes] == [(1, one), (2, two)]
    assert line.counted(Counted.STREAMS_RENEWED) == 0


def test_a_server_gone_mad_does_not_make_new_streams_without_end(
    scripted: ScriptedServer, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    line.cast(2)
    for attempt in range(4):
        hello = scripted.hello()
        scripted.confirm(hello.stream, held_at(1, Held("ee" * 16)), nonce=hello.nonce)
        if attempt:
            assert "even under the numbers of a new stream" in line.goes_offline()
    assert line.counted(Counted.STREAMS_RENEWED) == 1
    assert line.counted(Counted.RECEIPTS_NOT_BELIEVED) == 4
    assert eventually(lambda: line.counted(Obstacle.STREAM) == 3)
    assert line.outbox.standing().waiting == 2


def test_a_server_behind_what_is_kept_is_told_and_then_goes_on_from_there(
    server: RealServer, path: Path, tmp_path: Path
) -> None:
    with closing(Line(path, server.port, server.password)) as line:
        assert line.comes_online()
        server.stop()
        shutil.copy(server.path, tmp_path / "empty.sqlite")
        server.start()
        line.cast(3)
        assert eventually(line.all_confirmed)
        line.outbox.forget(A_MORNING + timedelta(days=9999))
        assert line.outbox.standing().kept_from == 4
        line.cast(2)
        assert eventually(line.all_confirmed)
        server.stop()
        shutil.copy(tmp_path / "empty.sqlite", server.path)
        server.start()
        line.cast(2)
        assert eventually(line.all_confirmed)
        assert [row[0] for row in server.votes()] == [4, 5, 6, 7]
        assert server.rows("SELECT first, last FROM stream_gaps") == [(1, 3)]
        assert line.counted(Counted.STREAMS_RENEWED) == 0


def test_a_receipt_older_than_what_is_kept_is_answered_by_a_hello(scripted: ScriptedServer, line: Line) -> None:
    ids = line.cast(3)
    stream = scripted.welcome(Held(*ids)).stream
    assert eventually(line.all_confirmed)
    line.outbox.forget(A_MORNING + timedelta(days=9999))
    line.cast()
    assert scripted.numbers() == [4]
    line.clock.advance(30)
    scripted.confirm(stream, Held(ids[0]))
    hello = scripted.welcome(Held(*ids))
    assert (hello.stream, hello.kept_from, hello.chain_before) == (stream, 4, Held(*ids).chain)
    assert scripted.numbers() == [4]
    assert line.counted(Counted.RECEIPTS_NOT_JUDGED) == 1


# --- when nothing moves, or something breaks ---------------------------------------------------------------


def test_a_server_that_does_not_answer_is_asked_again_and_then_connected_to_anew(
    scripted: ScriptedServer, line: Line
) -> None:
    scripted.hello()
    line.advance(15.0)
    scripted.hello()
    line.advance(SILENCE_SECONDS)
    assert line.goes_offline() == "the server does not answer"
    scripted.welcome()
    assert line.comes_online()
    assert line.counted(Obstacle.SILENCE) == 1


def test_a_quiet_day_is_no_reason_to_connect_anew(scripted: ScriptedServer, line: Line) -> None:
    scripted.welcome()
    assert line.comes_online()
    for _ in range(3):
        line.advance(10 * SILENCE_SECONDS)
        scripted.status()
    line.cast()
    assert scripted.numbers() == [1]
    assert line.online.empty()


def test_complaint_6_what_waits_is_sent_though_the_network_never_said_it_is_back(
    scripted: ScriptedServer, path: Path
) -> None:
    """Nobody calls `wake`, and no event tells of anything: that votes wait is reason enough."""
    proxy = Proxy(scripted.port)
    proxy.start()
    try:
        with closing(Line(path, proxy.port)) as line:
            scripted.welcome()
            assert line.comes_online()
            proxy.cut()
            line.goes_offline()
            line.outbox.cast(a_draft(), line.clock.reading())
            proxy.heal()
            scripted.welcome()
            assert scripted.numbers() == [1]
            line.outbox.cast(a_draft(), line.clock.reading())
            assert scripted.numbers() == [2]
    finally:
        proxy.stop()


def test_trap_13_a_connection_that_is_open_at_one_end_only_is_noticed_though_nobody_votes(
    scripted: ScriptedServer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.connection.KEEPALIVE_SECONDS", 1)
    proxy = Proxy(scripted.port)
    proxy.start()
    try:
        with closing(Line(path, proxy.port)) as line:
            scripted.welcome()
            assert line.comes_online()
            proxy.hang()
            assert line.goes_offline() == "the connection was lost"
            proxy.heal()
    finally:
        proxy.stop()


def test_trap_13_a_half_open_connection_with_votes_on_their_way_is_given_up(
    scripted: ScriptedServer, path: Path
) -> None:
    proxy = Proxy(scripted.port)
    proxy.start()
    try:
        with closing(Line(path, proxy.port)) as line:
            scripted.welcome()
            assert line.comes_online()
            proxy.hang()
            line.cast()
            assert eventually(lambda: line.counted(Counted.VOTES_SENT) == 1)
            line.advance(SILENCE_SECONDS + 1)
            assert line.goes_offline() == "the server does not answer"
            proxy.heal()
    finally:
        proxy.stop()


def test_trap_14_the_order_is_by_number_whatever_the_clock_said(scripted: ScriptedServer, line: Line) -> None:
    ids = line.cast()
    line.clock.set_wall(A_MORNING - timedelta(days=3650))
    ids += line.cast()
    line.clock.set_wall(A_MORNING + timedelta(days=3650))
    ids += line.cast()
    scripted.welcome()
    assert [(vote.number, vote.vote_id) for vote in scripted.batch().votes] == list(enumerate(ids, start=1))


def test_a_broker_that_never_answers_is_given_up(path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        closing(Line(path, silent.getsockname()[1])) as line,
    ):
        connection, _ = silent.accept()
        with connection:
            assert connection.recv(4096)

            def it_is_given_up() -> bool:
                line.advance(ANSWER_SECONDS + 1)
                return not line.online.empty()

            assert eventually(it_is_given_up)
            assert line.goes_offline() == "the broker does not answer"


def test_a_broker_that_refuses_the_subscription_is_named(path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as broker,
        closing(Line(path, broker.getsockname()[1])) as line,
    ):
        connection, _ = broker.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(packet(CONNACK, b"\0\0"))
            subscribe = connection.recv(4096)
            connection.sendall(packet(SUBACK, subscribe[2:4] + bytes([REFUSED] * 3)))
            assert line.goes_offline() == "the broker refuses the subscription"
        line.uplink._stopping.set()


def test_it_can_be_stopped_while_a_broker_keeps_it_waiting(path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        line = Line(path, silent.getsockname()[1])
        connection, _ = silent.accept()
        with connection:
            assert connection.recv(4096)
            line.close()
            assert connection.recv(4096) in (b"", DISCONNECT), "nothing was said"


@pytest.mark.parametrize("trouble", [RuntimeError("what was chosen"), StorageBroken("disk I/O error")])
def test_no_trouble_ends_the_attempts(
    scripted: ScriptedServer,
    line: Line,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Exception,
) -> None:
    scripted.welcome()
    assert line.comes_online()
    troubles = [trouble] * 2
    standing = line.outbox.standing

    def fail_twice() -> Any:
        if troubles:
            raise troubles.pop()
        return standing()

    monkeypatch.setattr(line.outbox, "standing", fail_twice)
    line.cast()
    scripted.welcome()
    assert scripted.numbers() == [1]
    assert troubles == []
    assert "chosen" not in caplog.text


def test_an_exception_in_a_callback_of_the_library_does_not_kill_the_thread(
    scripted: ScriptedServer, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted.welcome()
    assert line.comes_online()
    with monkeypatch.context() as patch:
        patch.setattr("kiosk.connection.parse", lambda _: 1 / 0)
        scripted.confirm(line.outbox.stream, Held())
        assert line.goes_offline() == "internal error: ZeroDivisionError"
    line.cast()
    scripted.welcome()
    assert scripted.numbers() == [1]


def test_nothing_of_a_connection_is_carried_into_the_next(scripted: ScriptedServer, path: Path) -> None:
    """Message ids, packets in flight and answers that are owed belong to one connection."""
    proxy = Proxy(scripted.port)
    proxy.start()
    try:
        with closing(Line(path, proxy.port)) as line:
            hello = scripted.welcome()
            line.cast()
            scripted.batch()
            proxy.cut()
            line.goes_offline()
            proxy.heal()
            again = scripted.hello()
            scripted.confirm(again.stream, Held(), nonce=hello.nonce)
            assert again.nonce != hello.nonce
            scripted.confirm(again.stream, Held(), nonce=again.nonce)
            assert scripted.numbers() == [1]
            assert line.counted(Counted.CONNECTIONS) == 2
            assert eventually(lambda: line.counted(Counted.VOTES_SENT_AGAIN) == 1)
    finally:
        proxy.stop()


# --- pace and status -----------------------------------------------------------------------------------------


def test_a_backlog_waits_as_long_as_the_server_asks(scripted: ScriptedServer, path: Path) -> None:
    with closing(Line(path, scripted.port)) as line:
        ids = line.cast(401)
        scripted.welcome(pace=100.0)
        assert line.comes_online()
        line.advance(49)  # this line's chance always draws the lower end: half a pace is 50
        scripted.confirm(line.outbox.stream, Held(), pace=100.0)
        assert eventually(lambda: line.counted(Counted.RECEIPTS) == 2)
        assert line.counted(Counted.VOTES_SENT) == 0
        line.advance(1)
        assert scripted.numbers() == list(range(1, 201))
        scripted.confirm(line.outbox.stream, Held(*ids[:200]), pace=100.0)
        assert eventually(lambda: line.outbox.standing().stored_up_to == 200)
        line.advance(49)
        scripted.confirm(line.outbox.stream, Held(*ids[:200]), pace=100.0)
        assert eventually(lambda: line.counted(Counted.RECEIPTS) == 4)
        assert line.counted(Counted.VOTES_SENT) == 200
        line.advance(1)
        assert scripted.numbers() == list(range(201, 401))
        scripted.confirm(line.outbox.stream, Held(*ids[:400]), pace=100.0)
        assert scripted.numbers() == [401], "what fits into one message is not held back"


def test_what_changes_is_reported_at_once_and_everything_every_minute(scripted: ScriptedServer, line: Line) -> None:
    first = scripted.status()
    assert (first.scanner, first.tick, first.connection, first.gone) == ("up", 1, 1, False)
    scripted.welcome()
    assert line.comes_online()
    line.scanner = "unplugged"
    line.clock.advance(STATUS_GAP)
    line.uplink.report()
    assert scripted.status().scanner == "unplugged"
    line.advance(STATUS_AGAIN)
    assert scripted.status().tick == 3


def test_the_status_tells_what_happened_on_the_way(scripted: ScriptedServer, line: Line) -> None:
    ids = line.cast(3)
    waiting = scripted.status()
    scripted.welcome()
    scripted.batch()
    line.clock.advance(5)
    scripted.confirm(line.outbox.stream, Held(*ids))
    assert eventually(line.all_confirmed)
    line.advance(STATUS_AGAIN)
    status = scripted.status()
    assert (status.highest, status.waiting, status.oldest_waiting) == (3, 0, None)
    assert status.counts == {"connections": 1, "votes sent": 3, "receipts": 2}
    assert status.delays == {"10": 3}
    assert status.clock.source is ClockSource.SERVER
    assert waiting.highest in range(4)


# --- setups and commands ---------------------------------------------------------------------------------------


def test_complaint_3_a_setup_with_a_backlog_waiting_touches_no_vote(scripted: ScriptedServer, line: Line) -> None:
    scripted.welcome()
    assert line.comes_online()
    ids = line.cast(700)
    line.clock.advance(STATUS_GAP)
    scripted.say(Channel.SETUP, GOOD)
    assert line.followed.get(timeout=DEADLINE) == GOOD
    assert scripted.status().setup == GOOD.revision
    scripted.say(Channel.SETUP, replace(GOOD, revision=9))
    assert line.followed.get(timeout=DEADLINE).revision == 9
    scripted.confirm(line.outbox.stream, Held(*ids))
    assert eventually(line.all_confirmed)
    line.outbox.settle(1, 700, line.clock.reading())
    assert [vote_id for _, vote_id in line.kept()] == ids


def test_a_setup_that_is_refused_is_reported_and_the_hello_names_the_one_in_force(
    scripted: ScriptedServer, line: Line
) -> None:
    assert scripted.welcome().setup == 0
    assert line.comes_online()
    line.clock.advance(STATUS_GAP)
    for setup in (GOOD, GOOD, replace(GOOD, revision=3), b"{"):
        scripted.say(Channel.SETUP, setup)
    assert eventually(lambda: line.counted(Counted.SETUPS_REFUSED) == 2)
    line.advance(STATUS_AGAIN)
    assert eventually(lambda: scripted.status().setup_refused == "cannot be read: Input data was truncated")
    line.advance(HELLO_AGAIN)
    assert scripted.hello().setup == GOOD.revision
    assert (line.counted(Counted.SETUPS_TAKEN), line.counted(Counted.SETUPS_REPEATED)) == (1, 1)


def a_command(number: int, action: Action, minutes: int = 60, **more: int) -> Command:
    return Command(f"{number:032x}", NOW + timedelta(minutes=minutes), action, **more)  # type: ignore[arg-type]


def test_commands_are_done_once_and_answered(scripted: ScriptedServer, line: Line) -> None:
    ids = line.cast(3)
    scripted.welcome(Held(*ids))
    assert line.comes_online()
    line.clock.advance(STATUS_GAP)
    scripted.say(Channel.COMMAND, a_command(1, Action.IDENTIFY))
    line.asked_for_its_name.get(timeout=DEADLINE)
    scripted.say(Channel.COMMAND, a_command(2, Action.RESEND, resend_from=2))
    assert scripted.numbers() == [2, 3]
    scripted.say(Channel.COMMAND, a_command(1, Action.IDENTIFY))
    scripted.say(Channel.COMMAND, a_command(3, Action.IDENTIFY, minutes=-1))
    scripted.say(Channel.COMMAND, a_command(4, Action.RESEND, resend_from=9))
    scripted.say(Channel.COMMAND, b"{}")
    assert eventually(lambda: line.counted(Counted.MESSAGES_REFUSED) == 1)
    line.advance(STATUS_GAP)
    answers = scripted.status().commands
    while len(answers) < 4:
        answers = scripted.status().commands
    assert [(int(answer.command, 16), answer.outcome, answer.detail) for answer in answers] == [
        (1, Outcome.DONE, ""),
        (2, Outcome.DONE, ""),
        (3, Outcome.EXPIRED, ""),
        (4, Outcome.REFUSED, "the newest vote is 3"),
    ]
    assert line.asked_for_its_name.empty()
    assert line.counted(Counted.COMMANDS_REPEATED) == 1


def test_a_restart_is_answered_before_it_happens_and_never_happens_twice(scripted: ScriptedServer, path: Path) -> None:
    restart = a_command(1, Action.RESTART)
    with closing(Line(path, scripted.port)) as line:
        scripted.welcome()
        assert line.comes_online()
        scripted.say(Channel.COMMAND, restart)
        assert eventually(lambda: line.counted(Counted.COMMANDS) == 1)
        assert line.ended.empty(), "not before the answer is on its way"
        line.advance(STATUS_GAP)
        line.ended.get(timeout=DEADLINE)
    with closing(Line(path, scripted.port)) as line:
        assert scripted.status() is not None
        scripted.say(Channel.COMMAND, restart)
        scripted.welcome()
        scripted.say(Channel.COMMAND, restart)
        assert eventually(lambda: line.counted(Counted.COMMANDS_REPEATED) >= 1)
        line.advance(STATUS_AGAIN)
        status = scripted.status()
        while status.boot != 2:
            status = scripted.status()
        assert status.commands == (CommandAnswer(restart.command, Outcome.DONE),)
        assert line.ended.empty()


def test_a_restart_that_cannot_be_noted_is_refused_or_it_would_never_end(
    scripted: ScriptedServer, line: Line, tmp_path: Path
) -> None:
    (tmp_path / "commands.json.new").mkdir()  # in the way of the file
    scripted.welcome()
    assert line.comes_online()
    line.clock.advance(STATUS_GAP)
    scripted.say(Channel.COMMAND, a_command(1, Action.RESTART))
    scripted.say(Channel.COMMAND, a_command(2, Action.IDENTIFY))
    line.asked_for_its_name.get(timeout=DEADLINE)
    line.advance(STATUS_GAP)
    status = scripted.status()
    while len(status.commands) < 2:
        status = scripted.status()
    assert [(answer.outcome, answer.detail) for answer in status.commands] == [
        (Outcome.REFUSED, "it could not be noted: Is a directory"),
        (Outcome.DONE, ""),
    ]
    assert line.ended.empty()


def test_commands_wait_until_the_time_is_known_and_not_too_many_of_them(scripted: ScriptedServer, path: Path) -> None:
    with closing(Line(path, scripted.port)) as line:
        line.clock.set_wall(A_MORNING.replace(year=1970))
        hello = scripted.hello()
        scripted.say(Channel.COMMAND, a_command(1, Action.IDENTIFY, minutes=-1))  # by 1970, there is time enough
        for number in range(2, MOST_HELD_BACK + 3):
            scripted.say(Channel.COMMAND, a_command(number, Action.IDENTIFY))
        assert eventually(lambda: line.counted(Counted.MESSAGES_REFUSED) == 2)
        assert line.counted(Counted.COMMANDS) == 0
        scripted.confirm(hello.stream, Held(), nonce=hello.nonce)
        assert eventually(lambda: line.counted(Counted.COMMANDS) == MOST_HELD_BACK)
        assert line.orders.commands.newest[0].outcome is Outcome.EXPIRED


def test_a_setup_and_a_command_of_the_real_server_are_followed_and_answered(server: RealServer, path: Path) -> None:
    from protocol.messages import Look
    from sync_server.store.orders import issue, issued, put_in_force
    from tests.kiosk.lines import KIOSK, now

    with server.database.writing() as connection:
        put_in_force(connection, KIOSK.site, replace(GOOD, look=Look("UBND", "Một cửa")), "an administrator", now())
        issue(connection, KIOSK, Action.IDENTIFY, "an administrator", now(), now() + timedelta(hours=1))
    with closing(Line(path, server.port, server.password)) as line:
        assert line.followed.get(timeout=DEADLINE).look.office == "UBND"
        line.asked_for_its_name.get(timeout=DEADLINE)
        line.advance(STATUS_AGAIN)

        def outcome() -> str | None:
            with server.database.reading() as connection:
                return issued(connection, KIOSK)[0].outcome

        assert eventually(lambda: outcome() == "done")


# --- privacy --------------------------------------------------------------------------------------------------


def test_no_log_line_holds_a_vote(scripted: ScriptedServer, line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = "ab" * 16
    line.outbox.cast(a_draft(1, token), line.clock.reading())
    stream = scripted.welcome().stream
    [vote] = scripted.batch().votes
    scripted.confirm(stream, Held(vote.vote_id))
    assert eventually(line.all_confirmed)
    assert token not in caplog.text
    assert "overall" not in caplog.text


# --- helpers -----------------------------------------------------------------------------------------------------


def held_at(number: int, held: Held) -> Held:
    """What a server would say that takes the wrong number for its own."""
    held.number = number
    return held


def replace_survey(draft: Any, survey: int) -> Any:
    return msgspec.structs.replace(draft, survey=survey)
