"""Published results, for everyone: a page, the lobby's screen, a poster to print, and the files to check it by."""

import base64
import logging
from typing import Any
from urllib.parse import quote
from zipfile import BadZipFile

from litestar import MediaType, Response, get
from litestar.params import FromPath
from litestar.response import File

from sync_server.archives.keys import fingerprint_of, public_key_text, signing_key
from sync_server.archives.reading import printed_document
from sync_server.core.decisions.document import Annex, Chart
from sync_server.core.decisions.published import Result
from sync_server.deciding import ARCHIVE
from sync_server.documents.chart import chart_svg
from sync_server.documents.codes import code_svg
from sync_server.keys import KeyTrouble, has_decision_key
from sync_server.store.published import published_results, publishing_sites
from sync_server.web import wording
from sync_server.web.decision_files import FILES, path_of, sent_file
from sync_server.web.notice import Notice
from sync_server.web.parts import GivenParts, Parts

log = logging.getLogger(__name__)

KEY_FILE = "public-key.txt"


@get("/results", exclude_from_auth=True, sync_to_thread=True)
def every_office(parts: GivenParts) -> Response[str]:
    """List the offices with their newest result."""
    with parts.database.reading() as connection:
        newest = [published_results(connection, site)[0] for site in publishing_sites(connection)]
    listed = [
        (_address(result), result.office, result.span.label, result.headline.percent if result.headline else "")
        for result in newest
    ]
    return parts.page("results_list.html", listed=listed)


@get("/results/{site:str}", exclude_from_auth=True, sync_to_thread=True)
def newest_result(parts: GivenParts, site: FromPath[str]) -> Response[str]:
    """Show the newest result of an office."""
    results = _results(parts, site)
    return _page(parts, _newest(results), results)


@get("/results/{site:str}/{span:str}/{version:int}", exclude_from_auth=True, sync_to_thread=True)
def one_result(parts: GivenParts, site: FromPath[str], span: FromPath[str], version: FromPath[int]) -> Response[str]:
    """Show a result, also one that was amended or replaced since."""
    results = _results(parts, site)
    return _page(parts, _chosen(results, span, version), results)


@get("/results/{site:str}/lobby", exclude_from_auth=True, sync_to_thread=True)
def lobby(parts: GivenParts, site: FromPath[str]) -> Response[str]:
    """Show the newest result on the screen of a lobby."""
    return _sheet(parts, site, "lobby.html")


@get("/results/{site:str}/poster", exclude_from_auth=True, sync_to_thread=True)
def poster(parts: GivenParts, site: FromPath[str]) -> Response[str]:
    """Show the newest result as a sheet to print."""
    return _sheet(parts, site, "poster.html")


@get(f"/results/{{site:str}}/{KEY_FILE}", exclude_from_auth=True, sync_to_thread=True)
def public_key(parts: GivenParts, site: FromPath[str]) -> Response[str]:
    """Hand over the key that archives of an office are checked with, as `verify.py --key` takes it."""
    result = _newest(_results(parts, site))
    public = _public_key(parts, result.site)
    if public is None:
        raise Notice(404, *wording.NO_SUCH_PAGE, links=[(_address(result), result.span.label)])
    text = public_key_text(public, result.office)
    named = {"Content-Disposition": f'attachment; filename="public-key-{result.site}.txt"'}
    return Response(text, media_type=MediaType.TEXT, headers=named)


@get("/results/{site:str}/{span:str}/{version:int}/{name:str}", exclude_from_auth=True, sync_to_thread=True)
def file(
    parts: GivenParts, site: FromPath[str], span: FromPath[str], version: FromPath[int], name: FromPath[str]
) -> File:
    """Hand a file of a result over."""
    result = _chosen(_results(parts, site), span, version)
    sent = sent_file(parts, result.folder, name, f"{site}-{result.span}-{result.version}")
    if sent is None:
        raise Notice(404, *wording.NO_SUCH_PAGE, links=[(_address(result), result.span.label)])
    return sent


def _page(parts: Parts, result: Result, results: list[Result]) -> Response[str]:
    latest = next(each for each in results if each.span == result.span)
    return parts.page(
        "results.html",
        result=result,
        annexes=_annexes(parts, result),
        others=[(_address(each), each.span.label) for each in results if each.in_force and each.span != result.span],
        newest_address=_address(latest),
        files=[
            (_address(result, name), wording.RESULT_FILES[name])
            for name in FILES
            if path_of(parts, result.folder, name)
        ],
        **_key(parts, result),
        lobby_address=f"/results/{quote(result.site)}/lobby",
        poster_address=f"/results/{quote(result.site)}/poster",
        chart=_drawn,
        code=_code,
    )


def _annexes(parts: Parts, result: Result) -> tuple[Annex, ...]:
    path = path_of(parts, result.folder, ARCHIVE)
    if path is None:
        return ()  # restored from a backup without the files: the figures themselves stand in the database
    try:
        return printed_document(path).annexes
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        log.error("%s: cannot be read: %s; restore it from a backup", path, type(error).__name__)
        return ()


def _key(parts: Parts, result: Result) -> dict[str, Any]:
    public = _public_key(parts, result.site) or ""
    return {
        "public_key": public,
        "key_fingerprint": fingerprint_of(public) if public else "",
        "key_address": f"/results/{quote(result.site)}/{KEY_FILE}",
    }


def _public_key(parts: Parts, site: str) -> str | None:
    """Return it, from where the office keeps it and not from an archive; None where this server has no such key."""
    if parts.folder is None or not has_decision_key(parts.folder, site):
        return None
    try:
        return signing_key(parts.folder, site).public
    except KeyTrouble as trouble:
        log.error("%s", trouble)
        return None


def _sheet(parts: Parts, site: str, template: str) -> Response[str]:
    result = _newest(_results(parts, site))
    address = f"{parts.public_address.rstrip('/')}/results/{quote(site)}"
    return parts.page(template, result=result, page_address=address, code=_code, **_key(parts, result))


def _results(parts: Parts, site: str) -> list[Result]:
    with parts.database.reading() as connection:
        results = published_results(connection, site)
    if not results:
        raise Notice(404, *wording.NO_RESULT, links=[("/results", wording.ALL_RESULTS)])
    return results


def _newest(results: list[Result]) -> Result:
    return next((each for each in results if each.in_force), results[0])


def _chosen(results: list[Result], span: str, version: int) -> Result:
    for result in results:
        if str(result.span) == span and result.version == version:
            return result
    raise Notice(404, *wording.NO_RESULT, links=[(_address(results[0]), results[0].span.label)])


def _address(result: Result, name: str = "") -> str:
    return f"/results/{quote(result.site)}/{result.span}/{result.version}" + (f"/{name}" if name else "")


def _drawn(chart: Chart) -> str:
    return _inside(chart_svg(chart))


def _code(content: str) -> str:
    return _inside(code_svg(content))


def _inside(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
