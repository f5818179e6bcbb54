"""What a database knows of its kiosks that an older backup must not undo when it takes its place.

A password that was renewed, a kiosk that was revoked, one that was registered, and up to which number votes were heard
of: all that has happened, whatever the backup says. Putting it back would lock kiosks out, or let revoked ones in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, insert, inspect, select, update

from protocol.chain import EMPTY
from protocol.topics import Address
from sync_server.store.schema import former_export_keys, kiosks, sites, streams

_Row = Mapping[str, Any]

# What stands on record of a stream together.
CLOSED = ("closed_at", "closed_by", "closed_because")
CONTINUES = ("replaces", "replaced_because", "carried")


@dataclass(frozen=True)
class Registrations:
    """The kiosks of a database, with their sites, former keys and streams, as they were read."""

    sites: tuple[_Row, ...] = ()
    kiosks: tuple[_Row, ...] = ()
    former_keys: tuple[_Row, ...] = ()
    streams: tuple[_Row, ...] = ()


@dataclass(frozen=True)
class Kept:
    """Which kiosks are otherwise than the backup has them, in the order of their names."""

    registered: tuple[Address, ...] = ()  # unknown to the backup
    renewed: tuple[Address, ...] = ()  # with another password
    revoked: tuple[Address, ...] = ()  # let in by the backup


def read_registrations(connection: Connection) -> Registrations:
    """Return what a database of any revision knows of its kiosks; nothing when it has no tables."""
    return Registrations(*(_rows(connection, table) for table in (sites, kiosks, former_export_keys, streams)))


def keep_registrations(connection: Connection, present: Registrations) -> Kept:
    """Put them over what a backup has brought, in tables of the newest revision; return what that changed.

    A kiosk is let in again only by a new password; so one that the backup has revoked stays so under the same one.
    """
    restored = {_address(row): row for row in _rows(connection, kiosks)}
    new = [row for row in present.kiosks if _address(row) not in restored]
    _add_missing(connection, sites, [row for row in present.sites if row["site"] in {kiosk["site"] for kiosk in new}])
    _add_missing(connection, kiosks, new)
    renewed, revoked = [], []
    for row in present.kiosks:
        address = _address(row)
        if (before := restored.get(address)) is None:
            continue
        same = row["password_digest"] == before["password_digest"]
        revoked_at = row["revoked_at"] or (before["revoked_at"] if same else None)
        connection.execute(
            update(kiosks)
            .where(kiosks.c.site == address.site, kiosks.c.kiosk == address.kiosk)
            .values(
                password_digest=row["password_digest"],
                revoked_at=revoked_at,
                export_key=row.get("export_key") or before["export_key"],
            )
        )
        if not same:
            renewed.append(address)
        if revoked_at is not None and before["revoked_at"] is None:
            revoked.append(address)
    _add_missing(connection, former_export_keys, present.former_keys)
    _keep_announced(connection, present.streams)
    return Kept(tuple(_address(row) for row in new), tuple(renewed), tuple(revoked))


def _keep_announced(connection: Connection, present: Iterable[_Row]) -> None:
    """Let it be known how many votes there are: a kiosk that never speaks again would else be taken for complete.

    And how streams ended: the kiosk that has told it does not tell it again. But a stream of which the backup lacks
    votes is open again until somebody has looked: what its kiosk had erased by then is in no later stream.
    """
    restored = {row["stream"]: row for row in _rows(connection, streams)}
    new = []
    for row in present:
        announced = max(row["stored_up_to"], row.get("highest_announced", 0))
        if (before := restored.get(row["stream"])) is None:
            open_again = dict.fromkeys(CLOSED) if announced else {}
            numbers = {"highest_announced": announced, "stored_up_to": 0, "chain": EMPTY}
            new.append({"conflicts": 0, **row, **numbers, **open_again})
            continue
        kept = {"highest_announced": max(announced, before["highest_announced"])}
        for ending in (CLOSED, CONTINUES):
            if before[ending[0]] is None and before["stored_up_to"] >= announced:
                kept |= {column: row[column] for column in ending if column in row}
        connection.execute(update(streams).where(streams.c.stream == row["stream"]).values(kept))
    _add_missing(connection, streams, new)


def _rows(connection: Connection, table: Table) -> tuple[_Row, ...]:
    """Return all rows, in the order of their keys, with those of the columns that there are."""
    inspector = inspect(connection)
    if not inspector.has_table(table.name):
        return ()
    there = {column["name"] for column in inspector.get_columns(table.name)}
    columns = [column for column in table.columns if column.name in there]
    rows = connection.execute(select(*columns)).mappings()
    keys = [column.name for column in table.primary_key]
    return tuple(sorted((dict(row) for row in rows), key=lambda row: [row[key] for key in keys]))


def _add_missing(connection: Connection, table: Table, rows: Sequence[_Row]) -> None:
    keys = [column.name for column in table.primary_key]
    there = {tuple(row[key] for key in keys) for row in _rows(connection, table)}
    for row in rows:
        if tuple(row[key] for key in keys) not in there:
            connection.execute(insert(table).values(**row))


def _address(row: _Row) -> Address:
    return Address(row["site"], row["kiosk"])
