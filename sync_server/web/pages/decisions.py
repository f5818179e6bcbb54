"""The page that lists the quarters with their Decisions, and the files of those."""

from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import File

from sync_server.core.figures.quarterly import Office
from sync_server.core.quarter import VIETNAM, local_day
from sync_server.core.spans import Kind
from sync_server.store.decision_overview import TimeView, overview
from sync_server.store.decisions import Kept, kept_versions
from sync_server.store.figures import offices
from sync_server.web import decision_wording, wording
from sync_server.web.decision_files import FILES, path_of, sent_file
from sync_server.web.decision_view import FilesOf, time_line
from sync_server.web.inside import SignedInRequest, chosen, inside
from sync_server.web.notice import Notice
from sync_server.web.parts import GivenParts, Parts
from sync_server.web.places import DECISIONS


@get("/decisions", sync_to_thread=True)
def list_page(request: SignedInRequest, parts: GivenParts, site: FromQuery[str | None] = None) -> Response[str]:
    """List every quarter since the first vote."""
    known = offices(parts.database)
    office = chosen(known, site, address)
    now = parts.now()
    today = local_day(now)
    times = overview(parts.database, office.site, now)
    lines = [time_line(time, today, _figures(time, office), _files(parts, office)) for time in times]
    return parts.page(
        "decisions.html",
        **inside(request, office, DECISIONS),
        others=[(address(other), other.name, other == office) for other in known] if len(known) > 1 else [],
        times=lines,
        late=sum(line.is_late for line in lines),
        words=decision_wording,
        today=now.astimezone(VIETNAM),
    )


@get("/decisions/{site:str}/{span:str}/{version:int}/{name:str}", sync_to_thread=True)
def file(
    parts: GivenParts, site: FromPath[str], span: FromPath[str], version: FromPath[int], name: FromPath[str]
) -> File:
    """Send a file of a version, to be kept under a name that says of what it is."""
    with parts.database.reading() as connection:
        found = [kept for kept in kept_versions(connection, site, span) if kept.version.number == version]
    sent = sent_file(parts, found[0].folder, name, f"{site}-{span}-{version}") if found else None
    if sent is None:
        raise Notice(404, *wording.NO_SUCH_PAGE, links=[("/decisions", decision_wording.TO_DECISIONS)])
    return sent


def address(office: Office) -> str:
    """Return the path of an office's page."""
    return f"/decisions?{urlencode({'site': office.site})}"


def _files(parts: Parts, office: Office) -> FilesOf:
    def of(kept: Kept) -> list[tuple[str, str]]:
        base = f"/decisions/{office.site}/{kept.span}/{kept.version.number}"
        return [(f"{base}/{name}", name) for name in FILES if path_of(parts, kept.folder, name) is not None]

    return of


def _figures(time: TimeView, office: Office) -> str | None:
    if time.span.kind is not Kind.QUARTER:
        return None
    return f"/figures/{time.span}?{urlencode({'site': office.site})}"
