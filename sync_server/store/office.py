"""Writing what an office is made of."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from sync_server.core.names import tidy_name
from sync_server.core.office_data import OfficeFile, Procedure
from sync_server.store.database import insert_or_update
from sync_server.store.schema import counters, fields, officers, procedures, sites


def save_office(connection: Connection, office: OfficeFile, catalogue: Iterable[Procedure]) -> None:
    """Add an office or bring it up to date.

    Fields, officers and procedures that are no longer named stay, for votes were cast for them; counters do not.
    """
    site = {"site": office.site}
    names = {"office": tidy_name(office.office), "unit": tidy_name(office.unit)}
    insert_or_update(connection, sites, [site | names], ["site"])
    insert_or_update(
        connection,
        fields,
        [site | {"field": entry.field, "name": tidy_name(entry.name)} for entry in office.fields],
        ["site", "field"],
    )
    insert_or_update(
        connection,
        officers,
        [
            site
            | {
                "officer": entry.officer,
                "name": tidy_name(entry.name),
                "title": tidy_name(entry.title),
                "field": entry.field,
            }
            for entry in office.officers
        ],
        ["site", "officer"],
    )
    insert_or_update(
        connection,
        procedures,
        [
            site | {"procedure": entry.procedure, "name": tidy_name(entry.name), "field": entry.field}
            for entry in catalogue
        ],
        ["site", "procedure"],
    )
    connection.execute(delete(counters).where(counters.c.site == office.site))
    insert_or_update(
        connection,
        counters,
        [site | {"counter": desk.counter, "officer": desk.officer} for desk in office.counters],
        ["site", "counter"],
    )


def known_procedures(connection: Connection, site: str) -> frozenset[str]:
    """Return the codes of a site's procedures."""
    return frozenset(connection.execute(select(procedures.c.procedure).where(procedures.c.site == site)).scalars())


def known_officers(connection: Connection, site: str) -> frozenset[str]:
    """Return the keys of a site's officers."""
    return frozenset(connection.execute(select(officers.c.officer).where(officers.c.site == site)).scalars())
