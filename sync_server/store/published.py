"""Results that were issued, as everyone may see them."""

from sqlalchemy import Connection, select

from protocol.messages import Published
from sync_server.core.book import Book
from sync_server.core.decisions.headline import headline_of
from sync_server.core.decisions.published import Result, name_of, newest_first
from sync_server.core.decisions.states import State
from sync_server.core.quarter import local_day
from sync_server.core.spans import Span
from sync_server.store.decisions import Kept, kept_versions
from sync_server.store.records import book
from sync_server.store.schema import decisions

_SEEN_BY_ALL = frozenset({State.ISSUED, State.AMENDED, State.REPLACED})


def published_results(connection: Connection, site: str) -> list[Result]:
    """Return what a site has issued, that of the latest time first; what was amended or replaced is among it."""
    issued = [kept for kept in kept_versions(connection, site) if kept.state in _SEEN_BY_ALL]
    said = book(connection, site) if issued else None
    return newest_first([_result(kept, said) for kept in issued]) if said else []


def publishing_sites(connection: Connection) -> list[str]:
    """Return the sites that have issued anything, in order."""
    query = select(decisions.c.site).where(decisions.c.state.in_([*_SEEN_BY_ALL])).distinct()
    return sorted(connection.execute(query).scalars())


def told_to_kiosks(connection: Connection, site: str) -> Published | None:
    """Return what kiosks are to show: the newest result in force that has votes."""
    told = (result.for_kiosks for result in published_results(connection, site) if result.in_force)
    return next((published for published in told if published is not None), None)


def _result(kept: Kept, said: Book) -> Result:
    assert kept.figures is not None and kept.folder is not None
    assert kept.issued_at is not None and kept.issued_on is not None
    letterhead = said.letterhead(local_day(kept.issued_at))  # who signed it
    return Result(
        site=kept.site,
        office=letterhead.office if letterhead else kept.site,
        unit=letterhead.unit if letterhead else "",
        span=Span.parse(kept.span),
        version=kept.version.number,
        name=name_of(kept.kind, kept.version.change, kept.number, kept.day, kept.issued_on),
        headline=headline_of({**kept.figures["computed"], **kept.figures["stated"]}, said.all_surveys),
        folder=kept.folder,
        root=kept.root or "",
        fingerprint=kept.fingerprint or "",
        issued=kept.issued_on,
        in_force=kept.state is State.ISSUED,
    )
