"""Sign-in links work once; sessions end."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from sync_server.store.database import Database
from sync_server.store.people import (
    IDLE_LASTS,
    LINK_LASTS,
    SESSION_LASTS,
    create_link,
    link_is_good,
    sign_in,
    sign_out,
    who_is,
)
from sync_server.store.schema import admins, sessions, sign_in_links
from tests.fakes.small_office import NOW

NAME = "Trần Thu Hà"
SECOND = timedelta(seconds=1)


def signed_in(database: Database) -> str:
    session = sign_in(database, create_link(database, NAME, NOW), NOW)
    assert session is not None
    return session


def test_a_link_signs_in_its_admin(database: Database) -> None:
    admin = who_is(database, signed_in(database), NOW)
    assert admin is not None
    assert admin.name == NAME


def test_a_link_is_used_up_by_signing_in_not_by_looking(database: Database) -> None:
    link = create_link(database, NAME, NOW)
    assert link_is_good(database, link, NOW)
    assert link_is_good(database, link, NOW)
    assert sign_in(database, link, NOW) is not None
    assert not link_is_good(database, link, NOW)
    assert sign_in(database, link, NOW) is None


def test_of_many_uses_at_once_one_succeeds(database: Database) -> None:
    link = create_link(database, NAME, NOW)
    together = threading.Barrier(8)
    outcomes: list[str | None] = []

    def use() -> None:
        together.wait(timeout=30)
        outcomes.append(sign_in(database, link, NOW))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(outcomes) == 8
    assert sum(outcome is not None for outcome in outcomes) == 1


def test_a_link_ends_after_a_day(database: Database) -> None:
    link = create_link(database, NAME, NOW)
    assert link_is_good(database, link, NOW + LINK_LASTS - SECOND)
    assert not link_is_good(database, link, NOW + LINK_LASTS)
    assert sign_in(database, link, NOW + LINK_LASTS) is None


@pytest.mark.parametrize("secret", ["", "nonsense", "\udcff".encode("utf-8", "replace").decode()])
def test_what_is_no_link_signs_nobody_in(database: Database, secret: str) -> None:
    assert not link_is_good(database, secret, NOW)
    assert sign_in(database, secret, NOW) is None
    assert who_is(database, secret, NOW) is None


def test_the_same_name_is_the_same_admin(database: Database) -> None:
    for name in (NAME, NAME, "Lê Minh"):
        create_link(database, name, NOW)
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(admins)) == 2


def test_no_secret_is_stored(database: Database) -> None:
    link = create_link(database, NAME, NOW)
    session = sign_in(database, link, NOW)
    with database.reading() as connection:
        stored = str([connection.execute(select(table)).all() for table in (sign_in_links, sessions, admins)])
    assert link not in stored
    assert str(session) not in stored


def test_a_session_ends_when_it_is_not_used(database: Database) -> None:
    session = signed_in(database)
    assert who_is(database, session, NOW + IDLE_LASTS - SECOND) is not None
    assert who_is(database, session, NOW + 2 * IDLE_LASTS - 2 * SECOND) is not None
    assert who_is(database, session, NOW + 3 * IDLE_LASTS) is None


def test_a_session_ends_after_half_a_day_however_much_it_is_used(database: Database) -> None:
    session = signed_in(database)
    step = IDLE_LASTS / 2
    moments = [NOW + step * n for n in range(int(SESSION_LASTS / step))]
    assert all(who_is(database, session, moment) is not None for moment in moments)
    assert who_is(database, session, NOW + SESSION_LASTS) is None


def test_signing_out_ends_this_session_only(database: Database) -> None:
    one, other = signed_in(database), signed_in(database)
    sign_out(database, one)
    assert who_is(database, one, NOW) is None
    assert who_is(database, other, NOW) is not None


def test_what_has_expired_is_forgotten(database: Database) -> None:
    signed_in(database)
    create_link(database, NAME, NOW + LINK_LASTS)
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(sessions)) == 0
        assert connection.scalar(select(func.count()).select_from(sign_in_links)) == 1
