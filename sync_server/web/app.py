"""The pages as one ASGI application."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Litestar, Request, Response
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.types import Receive, Scope, Send

from sync_server.core import wording as names
from sync_server.core.figures import period_wording
from sync_server.core.figures.wording import VERDICTS, change_sentence
from sync_server.core.rounding import count_text, interval_text
from sync_server.store.changes import change_number
from sync_server.store.database import Database, DatabaseTrouble
from sync_server.web import wording
from sync_server.web.assets import Assets, read_assets
from sync_server.web.guards import SignedIn, own_pages_only
from sync_server.web.headers import with_headers
from sync_server.web.live import Changes
from sync_server.web.notice import Notice
from sync_server.web.pages import api, decisions, inbox, labels, quarter, results, service, sign_in
from sync_server.web.parts import Parts
from sync_server.web.places import places
from sync_server.web.view import judged, left_out, segments, shades, strip, target_text

log = logging.getLogger(__name__)

LARGEST_BODY = 16 * 1024  # bytes; a few lines of text at most
AnyRequest = Request[Any, Any, Any]


class Pages:
    """The application; streams can be ended before the server waits for its connections to close."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._app = with_headers(_litestar(parts), secure=parts.secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def end_streams(self) -> None:
        """End every stream and begin no other; call it in the event loop."""
        self._parts.changes.end()


def create_app(
    database: Database,
    public_address: str,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    metrics_token: str = "",
    folder: Path | None = None,
    api_token: str = "",
) -> Pages:
    """Return the pages of a migrated database; links and cookies are made for the public address."""
    assets = read_assets()
    return Pages(
        Parts(
            database=database,
            public_address=public_address,
            now=now,
            templates=_templates(assets),
            assets=assets,
            changes=Changes(partial(change_number, database)),
            metrics_token=metrics_token,
            folder=folder,
            api_token=api_token,
        )
    )


def _litestar(parts: Parts) -> Litestar:
    return Litestar(
        route_handlers=[
            quarter.start,
            quarter.whole_page,
            quarter.fragment,
            decisions.list_page,
            decisions.file,
            results.every_office,
            results.newest_result,
            results.lobby,
            results.poster,
            results.public_key,
            results.one_result,
            results.file,
            labels.labels,
            labels.decide_on_labels,
            labels.record,
            inbox.inbox,
            inbox.one_matter,
            inbox.take_further,
            sign_in.offer,
            sign_in.use,
            sign_in.leave,
            service.events,
            service.static,
            service.health,
            service.metrics,
            api.router,
        ],
        dependencies={"parts": Provide(lambda: parts, sync_to_thread=False)},
        middleware=[DefineMiddleware(SignedIn, parts=parts)],
        guards=[own_pages_only(parts)],
        exception_handlers={
            Notice: partial(_show, parts),
            HTTPException: partial(_show_http, parts),
            Exception: partial(_show_trouble, parts),
        },
        on_shutdown=[parts.changes.aclose],
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
        openapi_config=None,
        debug=False,
    )


def _templates(assets: Assets) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {"count": count_text, "interval": interval_text}
    environment.globals |= {
        "asset": assets.address,
        "names": names,
        "said": period_wording,
        "verdicts": VERDICTS,
        "change_sentence": change_sentence,
        "target_text": target_text,
        "judged": judged,
        "left_out": left_out,
        "places": places,
        "shades": shades,
        "strip": strip,
        "segments": segments,
    }
    return environment


def _show(parts: Parts, request: AnyRequest, notice: Notice) -> Response[str]:
    answer = parts.page(
        "notice.html",
        notice.status,
        title=notice.title,
        text=notice.text,
        command=notice.command,
        links=notice.links,
    )
    if notice.status == 401 and request.headers.get("hx-request"):
        answer.headers["hx-refresh"] = "true"  # the part cannot be renewed: let the whole page say why
    return answer


def _show_http(parts: Parts, request: AnyRequest, error: HTTPException) -> Response[str]:
    title, text = wording.NO_SUCH_PAGE if error.status_code == 404 else wording.NOT_POSSIBLE
    return _show(parts, request, Notice(error.status_code, title, text, links=[("/", wording.TO_START)]))


def _show_trouble(parts: Parts, request: AnyRequest, error: Exception) -> Response[str]:
    if isinstance(error, DatabaseTrouble):
        log.error("a page cannot be shown: %s", error)
        return _show(parts, request, Notice(503, *wording.TROUBLE))
    # Not the address: it may hold the secret of a link.
    log.error("a page failed", exc_info=error)
    return _show(parts, request, Notice(500, *wording.TROUBLE))
