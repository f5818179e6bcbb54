"""What offices have said of themselves, from which day on: writing it down, and reading it as books."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select

from sync_server.core.book import CONTENTS, Book, Kind, Said, surveys_in
from sync_server.core.dated import Record
from sync_server.core.surveys import Surveys
from sync_server.store.among import among
from sync_server.store.schema import records, sites


def add_site(connection: Connection, site: str) -> None:
    """Know a site from now on."""
    if connection.scalar(select(sites.c.site).where(sites.c.site == site)) is None:
        connection.execute(insert(sites).values(site=site))


def write_records(connection: Connection, site: str, said: Iterable[Said], by: str, now: datetime) -> int:
    """Note what was said, in this order; return how many records that were."""
    rows = [
        {
            "site": site,
            "kind": str(kind),
            "key": record.key,
            "since": record.since,
            "content": None if record.content is None else msgspec.to_builtins(record.content),
            "made_at": now,
            "made_by": by,
        }
        for kind, record in said
    ]
    if rows:
        connection.execute(insert(records), rows)
    return len(rows)


def read_records(
    connection: Connection, of: Iterable[str], kinds: Iterable[Kind], keys: Collection[str] | None = None
) -> Iterator[tuple[str, Said]]:
    """Yield site and record, in the order in which they were made; only those under some keys if these are given."""
    query = select(records).where(
        among(connection, records.c.site, list(of)), records.c.kind.in_([str(kind) for kind in kinds])
    )
    if keys is not None:
        query = query.where(among(connection, records.c.key, keys))
    for row in connection.execute(query.order_by(records.c.id)):
        yield row.site, _said(row)


def books(
    connection: Connection, of: Iterable[str], kinds: Iterable[Kind] = Kind, keys: Collection[str] | None = None
) -> dict[str, Book]:
    """Return the book of each of these sites, with the records of some kinds, and only under some keys if given."""
    said: defaultdict[str, list[Said]] = defaultdict(list)
    wanted = list(of)
    for site, record in read_records(connection, wanted, kinds, keys):
        said[site].append(record)
    return {site: Book.of(site, said[site]) for site in wanted}


def book(connection: Connection, site: str) -> Book:
    """Return the whole book of a site; a blank one when nothing was said of it."""
    return books(connection, [site])[site]


def surveys_of(connection: Connection, of: Iterable[str]) -> dict[str, Surveys]:
    """Return the surveys that votes of each of these sites may answer."""
    return {site: surveys_in(each.surveys) for site, each in books(connection, of, [Kind.SURVEY]).items()}


def known_sites(connection: Connection) -> list[str]:
    """Return every site there is, in order."""
    return list(connection.execute(select(sites.c.site).order_by(sites.c.site)).scalars())


def _said(row: Row[Any]) -> Said:
    kind = Kind(row.kind)
    content = None if row.content is None else msgspec.convert(row.content, CONTENTS[kind])
    return kind, Record(row.key, row.since, content)
