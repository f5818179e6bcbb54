"""Reading how the kiosks are."""

from sqlalchemy import select

from sync_server.core.presence import Presence
from sync_server.store.database import Database
from sync_server.store.schema import kiosk_status, kiosks


def presences(database: Database, site: str) -> tuple[Presence, ...]:
    """Return every registered kiosk of a site with its last status, ordered by name."""
    last = (kiosk_status.c.site == kiosks.c.site) & (kiosk_status.c.kiosk == kiosks.c.kiosk)
    with database.reading() as connection:
        rows = connection.execute(
            select(kiosks.c.kiosk, kiosk_status)
            .join_from(kiosks, kiosk_status, last, isouter=True)
            .where(kiosks.c.site == site)
            .order_by(kiosks.c.kiosk)
        ).mappings()
        return tuple(
            Presence(row[kiosks.c.kiosk])
            if row[kiosk_status.c.received_at] is None
            else Presence(
                row[kiosks.c.kiosk],
                row[kiosk_status.c.received_at],
                row[kiosk_status.c.waiting],
                row[kiosk_status.c.scanner],
                row[kiosk_status.c.storage],
            )
            for row in rows
        )
