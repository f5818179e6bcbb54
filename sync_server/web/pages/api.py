"""What programs may do: enter forms on paper, and read the figures of a time. Refusals are problem details in JSON."""

import asyncio
import json
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery

from sync_server.core.figures.period_json import period_as_json
from sync_server.core.figures.period_names import names_of
from sync_server.core.names import tidy_name
from sync_server.core.paper_csv import PaperMistakes
from sync_server.core.paper_request import PaperRequest
from sync_server.core.quarter import local_day
from sync_server.core.spans import Span
from sync_server.store.database import CannotBeStored, DatabaseTrouble
from sync_server.store.figures import offices
from sync_server.store.paper import Deed, PaperTrouble, close_batch, contents, kept_batch, open_batch
from sync_server.store.paper_entry import enter, twins
from sync_server.store.paper_lines import undecided
from sync_server.store.period import on_time_figures, period_figures
from sync_server.store.records import book
from sync_server.web.guards import shows
from sync_server.web.parts import GivenParts, Parts

PROBLEM = "application/problem+json"
LARGEST_BATCH = 1024 * 1024  # bytes; ten thousand forms without comments, or a thousand with
AnyRequest = Request[Any, Any, State]


class Problem(Exception):
    """The request is refused; the texts say why."""

    def __init__(self, status: int, title: str, *details: str) -> None:
        super().__init__(title)
        self.status, self.title, self.details = status, title, details


@post("/paper", exclude_from_auth=True, status_code=200, request_max_body_size=LARGEST_BATCH)
async def enter_paper(request: AnyRequest, parts: GivenParts) -> Response[str]:
    """Open a batch unless it is, enter its forms, and close it if that is asked for; all of it or nothing."""
    _check(request, parts)
    body = await request.body()
    return await asyncio.to_thread(_enter, parts, body)


@get("/report/{time:str}", exclude_from_auth=True, sync_to_thread=True)
def report(
    request: AnyRequest, parts: GivenParts, time: FromPath[str], site: FromQuery[str | None] = None
) -> Response[str]:
    """Tell the figures of a time, as `report --format json` prints them."""
    _check(request, parts)
    try:
        span = Span.parse(time)
    except ValueError as error:
        raise Problem(404, "There is no such time.", str(error)) from None
    counted, said = period_figures(parts.database, _site(parts, site), span)
    cases = on_time_figures(parts.database, said, counted, local_day(parts.now()))
    text = period_as_json(counted, names_of(said, counted.last), str(span), cases)
    return Response(text, media_type="application/json")


def _enter(parts: Parts, body: bytes) -> Response[str]:
    try:
        asked = msgspec.json.decode(body, type=PaperRequest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "The body is not a batch of forms.", str(error)) from None
    site, now = _site(parts, asked.site), parts.now()
    today = local_day(now)
    deed = Deed(now, tidy_name(asked.by))
    with parts.database.reading() as connection:
        known = book(connection, site)
    try:
        batch = asked.batch_of(known, today)
        lines = asked.lines(batch, known, today)
        with parts.database.writing() as connection:
            opened = open_batch(connection, site, batch, None if asked.note is None else tidy_name(asked.note), deed)
            kept = kept_batch(connection, site, batch.batch, to_change=True)
            new = enter(connection, kept, lines, deed, again=asked.again)
            left = undecided(connection, site, batch.batch) if kept.is_open else ()
            alike = twins(connection, kept) if new else []
            held = (
                contents(connection, kept) if asked.close is None else close_batch(connection, kept, asked.close, deed)
            )
    except PaperMistakes as error:
        raise Problem(422, "Nothing was entered.", *error.mistakes) from None
    except ValueError as error:
        raise Problem(422, "Nothing was entered.", str(error)) from None
    except PaperTrouble as error:
        raise Problem(409, "Nothing was entered.", *str(error).splitlines()) from None
    except CannotBeStored:
        raise Problem(409, "Nothing was entered.", "another one was opened under this name meanwhile") from None
    told = {
        "site": site,
        "batch": batch.batch,
        "opened": opened,
        "entered": new,
        "there_already": len(lines) - new,
        "closed": kept.closed is not None or asked.close is not None,
        "forms": held.forms,
        "votes": held.votes,
        "differ": [str(difference) for difference in left],
        "same_as": alike,
    }
    return Response(json.dumps(told, ensure_ascii=False) + "\n", media_type="application/json")


def _check(request: AnyRequest, parts: Parts) -> None:
    if not parts.api_token:
        raise Problem(404, "There is no such page.", "web.api_token is not set")
    if not shows(request, parts.api_token):
        raise Problem(401, "The token is missing or wrong.")


def _site(parts: Parts, site: str | None) -> str:
    known = [office.site for office in offices(parts.database)]
    if site in known:
        return site
    if site is None and len(known) == 1:
        return known[0]
    there = f"known sites: {', '.join(known)}" if known else "no office is known yet"
    raise Problem(404, "Say of which site." if site is None else "There is no such site.", there)


def _refuse(_request: AnyRequest, error: Problem) -> Response[str]:
    return _problem(error.status, error.title, *error.details)


def _refuse_http(_request: AnyRequest, error: HTTPException) -> Response[str]:
    return _problem(error.status_code, "The request cannot be answered.", error.detail)


def _refuse_for_now(_request: AnyRequest, _error: DatabaseTrouble) -> Response[str]:
    return _problem(503, "The database cannot be reached.", "try again in a while; nothing was changed")


def _problem(status: int, title: str, *details: str) -> Response[str]:
    told = {"type": "about:blank", "status": status, "title": title, "detail": "\n".join(details)}
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    text = json.dumps(told, ensure_ascii=False) + "\n"
    return Response(text, status_code=status, media_type=PROBLEM, headers=headers)


router = Router(
    path="/api",
    route_handlers=[enter_paper, report],
    exception_handlers={Problem: _refuse, HTTPException: _refuse_http, DatabaseTrouble: _refuse_for_now},
)
