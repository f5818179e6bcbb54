"""Setups and commands through the ingest: told until they are followed or answered, and to nobody else."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from protocol.codec import decode
from protocol.messages import Action, Command, CommandAnswer, Hello, KioskStatus, Outcome, Setup
from protocol.topics import Address, Channel, UnknownTopic, parse
from sync_server.ingest import Ingest, Outgoing
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from sync_server.store.orders import InForce, Issued, issue, issued, put_in_force, setups_in_force
from tests.fakes.kiosk_says import a_hello, a_setup, a_status, sent
from tests.fakes.small_office import NOW, SITE, seed_office

ONE, TWO = Address(SITE, "quay-1"), Address(SITE, "quay-2")
ELSEWHERE = Address("phu", "quay-1")
STREAMS = {ONE: "1" * 32, TWO: "2" * 32, ELSEWHERE: "3" * 32}
LATER = NOW + timedelta(hours=1)

Said = Callable[..., Hello | KioskStatus]


class Office:
    """An office that speaks to kiosks, and a clock that stands until it is moved."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.ingest = Ingest(database, lambda: self.now)
        seed_office(database)
        seed_office(database, "phu")
        with database.writing() as connection:
            for address in STREAMS:
                add_kiosk(connection, address, NOW)

    def put(self, name: str, site: str = SITE) -> InForce:
        with self.database.writing() as connection:
            made = put_in_force(connection, site, a_setup(name), "Lê Ví Dụ", self.now)
        assert made is not None
        return made

    def issue(self, address: Address, action: Action = Action.RESTART, expires: datetime = LATER) -> Command:
        with self.database.writing() as connection:
            return issue(connection, address, action, "Lê Ví Dụ", self.now, expires)

    def record(self, address: Address) -> list[Issued]:
        with self.database.reading() as connection:
            return issued(connection, address)

    def in_force(self, site: str = SITE) -> InForce:
        with self.database.reading() as connection:
            return setups_in_force(connection, [site])[site]

    def hears(self, message: Hello | KioskStatus, address: Address = ONE) -> list[object]:
        return told(self.ingest.take([sent(message, address)]))


def told(answers: list[Outgoing]) -> list[object]:
    """The orders among the answers: the revision of a setup or a whole command, each with its kiosk."""
    orders: list[object] = []
    for answer in answers:
        place = parse(answer.topic)
        assert not isinstance(place, UnknownTopic)
        match place.channel:
            case Channel.SETUP:
                assert answer.qos == 1
                orders.append((place.address, decode(answer.payload, Setup).revision))
            case Channel.COMMAND:
                assert answer.qos == 1
                orders.append((place.address, decode(answer.payload, Command)))
    return orders


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def hello(address: Address = ONE, setup: int = 0) -> Hello:
    return a_hello(stream=STREAMS[address], setup=setup)


def status(
    tick: int,
    address: Address = ONE,
    setup: int = 0,
    setup_refused: str = "",
    commands: tuple[CommandAnswer, ...] = (),
) -> KioskStatus:
    return a_status(stream=STREAMS[address], tick=tick, setup=setup, setup_refused=setup_refused, commands=commands)


# --- setups ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("says", [lambda setup: hello(setup=setup), lambda setup: status(1, setup=setup)])
def test_a_kiosk_with_an_older_setup_is_told_the_one_in_force(office: Office, says: Said) -> None:
    assert office.hears(says(0)) == []
    office.put("A")
    office.put("B")
    office.put("C", "phu")
    [answer] = [answer for answer in office.ingest.take([sent(hello(), ONE)]) if answer.topic.endswith("/setup")]
    assert decode(answer.payload, Setup) == a_setup("B", revision=2)


@pytest.mark.parametrize(("setup", "expected"), [(0, [(ONE, 2)]), (1, [(ONE, 2)]), (2, [])])
def test_only_what_is_older_is_replaced(office: Office, setup: int, expected: list[object]) -> None:
    office.put("A")
    office.put("B")
    assert office.hears(hello(setup=setup)) == expected
    assert office.hears(status(1, setup=setup)) == expected


def test_after_a_restore_every_kiosk_gets_the_setup_of_the_backup_under_a_newer_revision(office: Office) -> None:
    office.put("A")
    answers = office.ingest.take([sent(hello(setup=1), ONE), sent(hello(TWO, setup=4), TWO)])
    assert told(answers) == [(ONE, 5), (TWO, 5)]
    assert decode(office.in_force().content, Setup) == a_setup("A", revision=5)
    assert told(office.ingest.announce()) == []  # nobody has reported yet
    assert office.hears(hello(setup=5)) == []
    assert office.put("B").revision == 6


def test_a_status_tells_of_a_newer_setup_too(office: Office) -> None:
    office.put("A")
    assert office.hears(status(1, setup=3)) == [(ONE, 4)]


def test_a_revision_that_cannot_be_is_answered_by_nothing_and_spoils_nothing(office: Office) -> None:
    office.put("A")
    for number in range(3):
        assert office.hears(hello(setup=2**53 - 1 - number)) == []
        assert office.hears(status(number + 1, setup=2**53 - 1 - number)) == []
    assert office.put("B").revision == 2
    assert office.hears(hello(TWO, setup=1), TWO) == [(TWO, 2)]


def test_a_server_that_lost_every_setup_leaves_the_kiosks_theirs(office: Office) -> None:
    assert office.hears(hello(setup=7)) == []
    assert office.hears(status(1, setup=7)) == []
    assert office.put("A").revision == 8


def test_who_has_refused_a_setup_hears_it_with_its_hello_and_not_with_every_status(office: Office) -> None:
    office.put("A")
    for tick in (1, 2):
        assert office.hears(status(tick, setup_refused="revision 1: there is no counter 9")) == []
    assert office.hears(hello()) == [(ONE, 1)]
    assert told(office.ingest.announce()) == [(ONE, 1)]


def test_an_older_status_or_a_last_will_is_told_nothing(office: Office) -> None:
    office.hears(status(5))
    office.put("A")
    office.issue(ONE)
    assert office.hears(status(4)) == []
    assert office.hears(a_status(stream=STREAMS[ONE], gone=True)) == []


# --- commands --------------------------------------------------------------------------------------


def test_a_command_is_repeated_until_it_is_answered(office: Office) -> None:
    command = office.issue(ONE)
    assert told(office.ingest.announce()) == [(ONE, command)]
    assert office.hears(hello()) == [(ONE, command)]
    assert office.hears(status(1)) == [(ONE, command)]
    answer = CommandAnswer(command.command, Outcome.DONE)
    for tick in (2, 3):
        assert office.hears(status(tick, commands=(answer,))) == []
    assert office.hears(hello()) == []
    [entry] = office.record(ONE)
    assert (entry.outcome, entry.detail, entry.answered_at) == ("done", "", NOW)


def test_the_answer_of_another_kiosk_changes_nothing(office: Office) -> None:
    command = office.issue(ONE)
    for address in (TWO, ELSEWHERE):
        office.hears(status(1, address, commands=(CommandAnswer(command.command, Outcome.DONE),)), address)
    [entry] = office.record(ONE)
    assert entry.outcome is None
    assert office.hears(hello()) == [(ONE, command)]


def test_an_answer_in_an_older_status_changes_nothing(office: Office) -> None:
    command = office.issue(ONE)
    office.hears(status(5))
    office.hears(status(4, commands=(CommandAnswer(command.command, Outcome.DONE),)))
    assert office.record(ONE)[0].outcome is None


def test_what_is_too_late_is_not_sent_but_its_answer_is_kept(office: Office) -> None:
    command = office.issue(ONE)
    office.now = LATER
    assert office.ingest.announce() == []
    assert office.hears(hello()) == []
    assert office.hears(status(1, commands=(CommandAnswer(command.command, Outcome.EXPIRED),))) == []
    assert office.record(ONE)[0].outcome == "expired"


def test_each_kiosk_hears_its_own_commands(office: Office) -> None:
    first = office.issue(ONE)
    office.now += timedelta(seconds=1)
    second = office.issue(TWO, Action.IDENTIFY)
    assert office.hears(hello()) == [(ONE, first)]
    assert office.hears(hello(TWO), TWO) == [(TWO, second)]
    assert told(office.ingest.announce()) == [(ONE, first), (TWO, second)]


# --- announcing ------------------------------------------------------------------------------------


def test_news_is_announced_once_to_those_it_is_for(office: Office) -> None:
    assert office.ingest.announce() == []
    office.hears(status(1))
    office.hears(status(1, TWO), TWO)
    office.hears(status(1, ELSEWHERE), ELSEWHERE)
    assert office.ingest.announce() == []
    office.put("A")
    assert told(office.ingest.announce()) == [(ONE, 1), (TWO, 1)]
    assert office.ingest.announce() == []
    office.hears(status(2, setup=1))
    office.put("B")
    assert told(office.ingest.announce()) == [(ONE, 2), (TWO, 2)]


def test_an_ingest_that_begins_announces_what_stands(office: Office) -> None:
    office.hears(status(1))
    office.put("A")
    command = office.issue(TWO)
    office.ingest.announce()
    assert told(Ingest(office.database, lambda: NOW).announce()) == [(ONE, 1), (TWO, command)]


def test_a_revoked_kiosk_is_told_nothing(office: Office) -> None:
    office.hears(status(1))
    office.put("A")
    office.issue(ONE)
    with office.database.writing() as connection:
        connection.execute(text("UPDATE kiosks SET revoked_at = added_at WHERE kiosk = 'quay-1'"))
    assert office.ingest.announce() == []
    assert office.hears(hello()) == []
