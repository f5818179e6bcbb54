"""The kiosks: who may connect, and how each was when it last spoke."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from sqlalchemy import ColumnElement, Connection, insert, select, tuple_, update

from protocol.topics import Address
from sync_server.core.book import Kind
from sync_server.core.setup_draft import draft
from sync_server.kiosk_settings import OfficeSign
from sync_server.passwords import digest, fits, new_password
from sync_server.store.changes import Subject, bump
from sync_server.store.records import book, books
from sync_server.store.schema import kiosks


@dataclass(frozen=True)
class RegisteredKiosk:
    """A kiosk as it was registered."""

    address: Address
    added_at: datetime
    revoked_at: datetime | None


def add_kiosk(connection: Connection, address: Address, now: datetime) -> str | None:
    """Register a kiosk and return its password, which is not kept; None when it is registered already."""
    if has_kiosk(connection, address):
        return None
    password = new_password()
    connection.execute(
        insert(kiosks).values(site=address.site, kiosk=address.kiosk, password_digest=digest(password), added_at=now)
    )
    bump(connection, Subject.RIGHTS)
    return password


def renew_password(connection: Connection, address: Address) -> str:
    """Give a registered kiosk a new password, and let it send again if it was revoked; the old one ends at once."""
    password = new_password()
    connection.execute(update(kiosks).where(_is(address)).values(password_digest=digest(password), revoked_at=None))
    bump(connection, Subject.RIGHTS)
    return password


def revoke_kiosk(connection: Connection, address: Address, now: datetime) -> bool:
    """Let a kiosk send no more; what it has sent stays. False when it is revoked already or never was registered."""
    changed = connection.execute(
        update(kiosks).where(_is(address), kiosks.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    if not changed.rowcount:
        return False
    bump(connection, Subject.RIGHTS)
    return True


class Standing(Enum):
    """Whether what a kiosk sends is taken."""

    REGISTERED = "registered"
    REVOKED = "revoked"


def standings(connection: Connection, asked: Iterable[Address]) -> dict[Address, Standing]:
    """Return how each of these kiosks stands; who was never registered is left out."""
    wanted = [(address.site, address.kiosk) for address in asked]
    if not wanted:
        return {}
    rows = connection.execute(
        select(kiosks.c.site, kiosks.c.kiosk, kiosks.c.revoked_at).where(
            tuple_(kiosks.c.site, kiosks.c.kiosk).in_(wanted)
        )
    )
    return {
        Address(row.site, row.kiosk): Standing.REGISTERED if row.revoked_at is None else Standing.REVOKED
        for row in rows
    }


def has_kiosk(connection: Connection, address: Address) -> bool:
    """Whether a kiosk is registered."""
    return connection.execute(select(kiosks.c.kiosk).where(_is(address))).first() is not None


def password_fits(connection: Connection, address: Address, password: str) -> bool:
    """Whether a kiosk is registered, not revoked, and this is its password."""
    kept = connection.scalar(select(kiosks.c.password_digest).where(_is(address), kiosks.c.revoked_at.is_(None)))
    return kept is not None and fits(password, kept)


def password_digests(connection: Connection) -> dict[Address, str]:
    """Return the digest of every kiosk that may send."""
    rows = connection.execute(
        select(kiosks.c.site, kiosks.c.kiosk, kiosks.c.password_digest)
        .where(kiosks.c.revoked_at.is_(None))
        .order_by(kiosks.c.site, kiosks.c.kiosk)
    )
    return {Address(row.site, row.kiosk): row.password_digest for row in rows}


def list_kiosks(connection: Connection) -> list[RegisteredKiosk]:
    """Return every kiosk that was ever registered."""
    rows = connection.execute(select(kiosks).order_by(kiosks.c.site, kiosks.c.kiosk))
    return [RegisteredKiosk(Address(row.site, row.kiosk), row.added_at, row.revoked_at) for row in rows]


def office_sign(connection: Connection, site: str, day: date) -> OfficeSign | None:
    """Return what stands in the header of a site's kiosks; None when there is no such site."""
    letterhead = books(connection, [site], [Kind.OFFICE])[site].letterhead(day)
    return None if letterhead is None else OfficeSign(letterhead.office, letterhead.unit)


def counter_sign(connection: Connection, site: str, counter: int, day: date) -> str | None:
    """Return the name of the field that a counter deals with; None when there is no such counter."""
    setup = draft(book(connection, site), day)
    return next((desk.field for desk in setup.counters if desk.counter == counter), None) if setup else None


def _is(address: Address) -> ColumnElement[bool]:
    return (kiosks.c.site == address.site) & (kiosks.c.kiosk == address.kiosk)
