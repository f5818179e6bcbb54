"""The kiosks: who may connect, and how each was when it last spoke."""

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from protocol.messages import KioskStatus
from protocol.topics import Address
from sync_server.kiosk_settings import OfficeSign
from sync_server.store.database import insert_or_update
from sync_server.store.schema import counters, fields, kiosk_status, kiosks, officers, sites

PASSWORD_BYTES = 16


def add_kiosk(connection: Connection, address: Address, now: datetime) -> str | None:
    """Register a kiosk and return its password, which is not kept; None when it is registered already."""
    if has_kiosk(connection, address):
        return None
    password = secrets.token_hex(PASSWORD_BYTES)
    connection.execute(
        insert(kiosks).values(site=address.site, kiosk=address.kiosk, password_digest=_digest(password), added_at=now)
    )
    return password


def renew_password(connection: Connection, address: Address) -> str:
    """Give a registered kiosk a new password; the old one ends at the next connection."""
    password = secrets.token_hex(PASSWORD_BYTES)
    connection.execute(update(kiosks).where(_is(address)).values(password_digest=_digest(password)))
    return password


def has_kiosk(connection: Connection, address: Address) -> bool:
    """Whether a kiosk is registered."""
    return connection.execute(select(kiosks.c.kiosk).where(_is(address))).first() is not None


def password_fits(connection: Connection, address: Address, password: str) -> bool:
    """Whether this is the kiosk's password. A plain hash suffices: it has 128 random bits."""
    digest = connection.scalar(select(kiosks.c.password_digest).where(_is(address)))
    return digest is not None and hmac.compare_digest(digest, _digest(password))


def save_status(connection: Connection, address: Address, status: KioskStatus, now: datetime) -> None:
    """Keep the newest status of a kiosk; one of an earlier boot or tick of the same stream changes nothing."""
    current = connection.execute(
        select(kiosk_status.c.stream, kiosk_status.c.boot, kiosk_status.c.tick).where(
            kiosk_status.c.site == address.site, kiosk_status.c.kiosk == address.kiosk
        )
    ).one_or_none()
    newer = (status.boot, status.tick)
    if current is not None and current.stream == status.stream and (current.boot, current.tick) >= newer:
        return
    row = {
        "site": address.site,
        "kiosk": address.kiosk,
        "stream": status.stream,
        "boot": status.boot,
        "tick": status.tick,
        "highest": status.highest,
        "waiting": status.waiting,
        "version": status.version,
        "scanner": status.scanner,
        "storage": status.storage,
        "refused_scans": status.refused_scans,
        "received_at": now,
    }
    insert_or_update(connection, kiosk_status, [row], ["site", "kiosk"])


def list_kiosks(connection: Connection) -> list[tuple[Address, datetime]]:
    """Return every registered kiosk and when it was registered."""
    rows = connection.execute(select(kiosks).order_by(kiosks.c.site, kiosks.c.kiosk))
    return [(Address(row.site, row.kiosk), row.added_at) for row in rows]


def office_sign(connection: Connection, site: str) -> OfficeSign | None:
    """Return what stands in the header of a site's kiosks; None when there is no such site."""
    row = connection.execute(select(sites.c.office, sites.c.unit).where(sites.c.site == site)).one_or_none()
    return None if row is None else OfficeSign(row.office, row.unit)


def counter_sign(connection: Connection, site: str, counter: int) -> str | None:
    """Return the name of the field that a counter deals with; None when there is no such counter."""
    return connection.scalar(
        select(fields.c.name)
        .join(officers, (officers.c.site == fields.c.site) & (officers.c.field == fields.c.field))
        .join(counters, (counters.c.site == officers.c.site) & (counters.c.officer == officers.c.officer))
        .where(counters.c.site == site, counters.c.counter == counter)
    )


def _is(address: Address) -> ColumnElement[bool]:
    return (kiosks.c.site == address.site) & (kiosks.c.kiosk == address.kiosk)


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
