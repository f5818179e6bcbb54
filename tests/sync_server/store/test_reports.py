"""The newest report of a kiosk is kept whole; older ones and last wills replace nothing."""

from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Row, delete, select

from protocol.messages import KioskStatus
from protocol.topics import Address
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from sync_server.store.reports import read_report, save_status
from sync_server.store.schema import kiosk_status
from tests.fakes.kiosk_says import a_status
from tests.fakes.small_office import NOW, SITE, seed_office
from tests.protocol.strategies import statuses

ONE = Address(SITE, "quay-1")
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def office(database: Database) -> Database:
    seed_office(database)
    with database.writing() as connection:
        add_kiosk(connection, ONE, NOW)
    return database


def save(office: Database, status: KioskStatus, at: datetime = NOW) -> bool:
    with office.writing() as connection:
        return save_status(connection, ONE, status, at)


def kept(office: Database) -> Row[tuple[object, ...]]:
    with office.reading() as connection:
        return connection.execute(select(kiosk_status)).one()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statuses)
def test_every_report_that_can_be_stored_comes_back_whole(office: Database, status: KioskStatus) -> None:
    told = msgspec.json.encode(status)
    if b"\\u0000" in told:
        return  # PostgreSQL keeps no NUL: such a message is set apart
    with office.writing() as connection:
        connection.execute(delete(kiosk_status))
    if save(office, status):
        assert msgspec.convert(kept(office).report, KioskStatus) == status
    else:
        assert status.gone


def test_a_report_is_newer_by_boot_and_then_by_tick(office: Database) -> None:
    assert save(office, a_status(boot=2, tick=5))
    for boot, tick in ((2, 5), (2, 4), (1, 9)):
        assert not save(office, a_status(boot=boot, tick=tick, waiting=9), LATER)
    assert (kept(office).waiting, kept(office).received_at) == (0, NOW)
    assert save(office, a_status(boot=2, tick=6))
    assert save(office, a_status(boot=3, tick=1), LATER)
    assert (kept(office).boot, kept(office).tick, kept(office).received_at) == (3, 1, LATER)


def test_the_report_of_another_stream_is_always_news(office: Database) -> None:
    save(office, a_status(boot=9, tick=9))
    assert save(office, a_status(stream="6" * 32))
    assert kept(office).stream == "6" * 32


def test_a_last_will_is_noted_beside_the_report_of_its_own_connection(office: Database) -> None:
    assert not save(office, a_status(gone=True))  # nothing is known of that kiosk
    save(office, a_status(boot=1, tick=5, connection=2))
    for will in (a_status(boot=1, connection=1, gone=True), a_status(boot=2, connection=2, gone=True)):
        assert not save(office, will, LATER)
    assert kept(office).gone_at is None
    assert not save(office, a_status(boot=1, connection=2, gone=True), LATER)
    assert (kept(office).gone_at, kept(office).tick) == (LATER, 5)
    save(office, a_status(boot=1, tick=6, connection=3))
    assert kept(office).gone_at is None


def test_a_report_that_another_version_kept_is_read_if_it_lacks_nothing() -> None:
    report = msgspec.to_builtins(a_status())
    assert read_report(report) == a_status()
    assert read_report({**report, "of a later version": 1}) == a_status()
    del report["stream"]
    assert read_report(report) is None


def test_a_will_of_another_kiosk_changes_nothing(office: Database) -> None:
    two = Address(SITE, "quay-2")
    with office.writing() as connection:
        add_kiosk(connection, two, NOW)
    save(office, a_status())
    with office.writing() as connection:
        assert not save_status(connection, two, a_status(gone=True), LATER)
    assert kept(office).gone_at is None
