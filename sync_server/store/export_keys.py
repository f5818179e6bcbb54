"""Which kiosk signs its exports with which key, now and before its settings were renewed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from protocol.topics import Address
from sync_server.store.schema import former_export_keys, kiosks


@dataclass(frozen=True)
class KeyOwner:
    """Whose key it is; until when, if the kiosk has another one by now; and whether that kiosk may send no more."""

    address: Address
    ended_at: datetime | None
    revoked_at: datetime | None


def give_export_key(connection: Connection, address: Address, key: bytes, now: datetime) -> None:
    """Note the public key of a registered kiosk; the one it had before becomes a former one."""
    mine = (kiosks.c.site == address.site) & (kiosks.c.kiosk == address.kiosk)
    former = connection.scalar(select(kiosks.c.export_key).where(mine))
    if former is not None:
        connection.execute(
            insert(former_export_keys).values(key=former, site=address.site, kiosk=address.kiosk, ended_at=now)
        )
    connection.execute(update(kiosks).where(mine).values(export_key=key.hex()))


def owner_of(connection: Connection, key: bytes) -> KeyOwner | None:
    """Return whose key this is or was; None when it was never given to a kiosk."""
    current = connection.execute(
        select(kiosks.c.site, kiosks.c.kiosk, kiosks.c.revoked_at).where(kiosks.c.export_key == key.hex())
    ).one_or_none()
    if current is not None:
        return KeyOwner(Address(current.site, current.kiosk), None, current.revoked_at)
    theirs = (kiosks.c.site == former_export_keys.c.site) & (kiosks.c.kiosk == former_export_keys.c.kiosk)
    former = connection.execute(
        select(kiosks.c.site, kiosks.c.kiosk, kiosks.c.revoked_at, former_export_keys.c.ended_at)
        .join(former_export_keys, theirs)
        .where(former_export_keys.c.key == key.hex())
    ).one_or_none()
    if former is None:
        return None
    return KeyOwner(Address(former.site, former.kiosk), former.ended_at, former.revoked_at)
