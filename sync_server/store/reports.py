"""How each kiosk was when it last spoke."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select, update

from protocol.messages import KioskStatus
from protocol.topics import Address
from sync_server.store.database import insert_or_update
from sync_server.store.schema import kiosk_status


def save_status(connection: Connection, address: Address, status: KioskStatus, now: datetime) -> bool:
    """Keep the newest status of a kiosk; False for one of an earlier boot or tick of the same stream.

    A last will says only that the connection it was made in has ended: it is noted beside the status of that
    connection, and means nothing once there is a later one (sync.md §6, trap 7).
    """
    this_kiosk = (kiosk_status.c.site == address.site) & (kiosk_status.c.kiosk == address.kiosk)
    current = connection.execute(
        select(kiosk_status.c.stream, kiosk_status.c.boot, kiosk_status.c.tick).where(this_kiosk)
    ).one_or_none()
    if status.gone:
        connection.execute(
            update(kiosk_status)
            .where(this_kiosk, kiosk_status.c.boot == status.boot, kiosk_status.c.connection == status.connection)
            .values(gone_at=now)
        )
        return False
    newer = (status.boot, status.tick)
    if current is not None and current.stream == status.stream and (current.boot, current.tick) >= newer:
        return False
    row = {
        "site": address.site,
        "kiosk": address.kiosk,
        "stream": status.stream,
        "boot": status.boot,
        "tick": status.tick,
        "connection": status.connection,
        "highest": status.highest,
        "waiting": status.waiting,
        "version": status.version,
        "scanner": status.scanner,
        "storage": status.storage,
        "refused_scans": status.refused_scans,
        "received_at": now,
        "gone_at": None,
        "report": msgspec.to_builtins(status),
    }
    insert_or_update(connection, kiosk_status, [row], ["site", "kiosk"])
    return True


def read_report(kept: dict[str, object]) -> KioskStatus | None:
    """Return a report as it was kept; None when another version of this program kept one that lacks something."""
    try:
        return msgspec.convert(kept, KioskStatus)
    except msgspec.ValidationError:
        return None
