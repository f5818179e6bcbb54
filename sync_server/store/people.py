"""Administrators: one-time sign-in links and sessions. Of a secret only its SHA-256 is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from sync_server.store.database import Database
from sync_server.store.schema import admins, sessions, sign_in_links

SECRET_BYTES = 32
LINK_LASTS = timedelta(hours=24)
SESSION_LASTS = timedelta(hours=12)
IDLE_LASTS = timedelta(minutes=60)
NOTED_EVERY = timedelta(seconds=60)  # an open page asks every few seconds; not each time is worth a write


@dataclass(frozen=True)
class Admin:
    """Who is signed in."""

    key: str
    name: str


def create_link(database: Database, name: str, now: datetime) -> str:
    """Return the secret of a new sign-in link; the admin of that name is created if there is none."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with database.writing() as connection:
        _forget_the_expired(connection, now)
        admin = connection.execute(select(admins.c.admin).where(admins.c.name == name)).scalars().first()
        if admin is None:
            admin = secrets.token_hex(16)
            connection.execute(insert(admins).values(admin=admin, name=name, added_at=now))
        connection.execute(
            insert(sign_in_links).values(digest=_digest(secret), admin=admin, expires_at=now + LINK_LASTS)
        )
    return secret


def link_is_good(database: Database, secret: str, now: datetime) -> bool:
    """Say whether a link could be used; this does not use it."""
    with database.reading() as connection:
        link = connection.execute(
            select(sign_in_links.c.used_at, sign_in_links.c.expires_at).where(sign_in_links.c.digest == _digest(secret))
        ).one_or_none()
    return link is not None and link.used_at is None and link.expires_at > now


def sign_in(database: Database, secret: str, now: datetime) -> str | None:
    """Use a link up and return the secret of a new session; None when the link is not good (any more)."""
    session = secrets.token_urlsafe(SECRET_BYTES)
    this_link = sign_in_links.c.digest == _digest(secret)
    with database.writing() as connection:
        # The condition stands in the UPDATE itself: of two uses at once, one finds nothing to update.
        used = connection.execute(
            update(sign_in_links)
            .where(this_link, sign_in_links.c.used_at.is_(None), sign_in_links.c.expires_at > now)
            .values(used_at=now)
        )
        if used.rowcount != 1:
            return None
        admin = connection.execute(select(sign_in_links.c.admin).where(this_link)).scalar_one()
        connection.execute(
            insert(sessions).values(digest=_digest(session), admin=admin, created_at=now, last_seen_at=now)
        )
    return session


def who_is(database: Database, session: str, now: datetime) -> Admin | None:
    """Return whose session this is, and note that it is in use; None when it is unknown or over."""
    with database.reading() as connection:
        row = connection.execute(
            select(admins.c.admin, admins.c.name, sessions.c.created_at, sessions.c.last_seen_at)
            .join(admins, admins.c.admin == sessions.c.admin)
            .where(sessions.c.digest == _digest(session))
        ).one_or_none()
    if row is None or now - row.created_at >= SESSION_LASTS or now - row.last_seen_at >= IDLE_LASTS:
        return None
    if now - row.last_seen_at >= NOTED_EVERY:
        with database.writing() as connection:
            connection.execute(update(sessions).where(sessions.c.digest == _digest(session)).values(last_seen_at=now))
    return Admin(row.admin, row.name)


def sign_out(database: Database, session: str) -> None:
    """End a session."""
    with database.writing() as connection:
        connection.execute(delete(sessions).where(sessions.c.digest == _digest(session)))


def _forget_the_expired(connection: Connection, now: datetime) -> None:
    connection.execute(delete(sign_in_links).where(sign_in_links.c.expires_at <= now))
    connection.execute(delete(sessions).where(sessions.c.created_at <= now - SESSION_LASTS))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
