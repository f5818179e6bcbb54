"""Offices as they are written: site, fields, officers, counters, procedures."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from sync_server.office_files import OfficeFile, Procedure
from sync_server.store.changes import bump
from sync_server.store.database import insert_or_update
from sync_server.store.schema import counters, fields, officers, procedures, sites


def save_office(connection: Connection, office: OfficeFile, catalogue: Sequence[Procedure]) -> None:
    """Insert or replace what an office is; what it has no longer stays, for old votes name it."""
    site = {"site": office.site}
    insert_or_update(connection, sites, [{**site, "office": office.office, "unit": office.unit}], ["site"])
    insert_or_update(
        connection,
        fields,
        [{**site, "field": field.field, "name": field.name} for field in office.fields],
        ["site", "field"],
    )
    insert_or_update(
        connection,
        officers,
        [
            {**site, "officer": one.officer, "name": one.name, "title": one.title, "field": one.field}
            for one in office.officers
        ],
        ["site", "officer"],
    )
    insert_or_update(
        connection,
        counters,
        [{**site, "counter": counter.counter, "officer": counter.officer} for counter in office.counters],
        ["site", "counter"],
    )
    insert_or_update(
        connection,
        procedures,
        [{**site, "procedure": one.procedure, "name": one.name, "field": one.field} for one in catalogue],
        ["site", "procedure"],
    )
    bump(connection)


def procedure_codes(connection: Connection, site: str) -> set[str]:
    """Return the codes of a site's catalogue."""
    return set(connection.execute(select(procedures.c.procedure).where(procedures.c.site == site)).scalars())


def officer_keys(connection: Connection, site: str) -> set[str]:
    """Return the keys of a site's officers."""
    return set(connection.execute(select(officers.c.officer).where(officers.c.site == site)).scalars())
