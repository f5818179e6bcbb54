"""What browsers and monitors ask for by themselves: events, static files, health."""

from collections.abc import AsyncGenerator
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from sync_server.metrics import CONTENT_TYPE, exposition
from sync_server.store.changes import change_number
from sync_server.web import wording
from sync_server.web.guards import shows
from sync_server.web.live import Changes
from sync_server.web.notice import Notice
from sync_server.web.parts import GivenParts

RETRY_MILLISECONDS = 2000


@get("/events")
async def events(parts: GivenParts, seen: FromQuery[int | None] = None) -> ServerSentEvent:
    """Send "changed" whenever a figure may have changed since the number that the page has seen."""
    if parts.changes.full:
        raise Notice(503, *wording.TOO_MANY)
    return ServerSentEvent(messages(parts.changes, seen))


@get("/static/{fingerprint:str}/{name:str}", exclude_from_auth=True, sync_to_thread=False)
def static(parts: GivenParts, fingerprint: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """Send a file, to be kept for ever under this address."""
    asset = parts.assets.by_name.get(name)
    if asset is None or fingerprint != parts.assets.fingerprint:
        raise Notice(404, *wording.NO_SUCH_PAGE)
    lasting = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(asset.content, media_type=asset.media_type, headers=lasting)


@get("/healthz", exclude_from_auth=True, sync_to_thread=True)
def health(parts: GivenParts) -> Response[str]:
    """Say "ok" when the database answers."""
    change_number(parts.database)
    return Response("ok", media_type=MediaType.TEXT)


@get("/metrics", exclude_from_auth=True, sync_to_thread=True)
def metrics(request: Request[Any, Any, State], parts: GivenParts) -> Response[bytes]:
    """Tell a monitor that shows the token what there is to know; without a token in the settings there is no page."""
    if not parts.metrics_token:
        raise Notice(404, *wording.NO_SUCH_PAGE)
    if not shows(request, parts.metrics_token):
        return Response(b"", status_code=401, headers={"www-authenticate": "Bearer"}, media_type=MediaType.TEXT)
    return Response(exposition(parts.database, parts.now()), media_type=CONTENT_TYPE)


async def messages(changes: Changes, seen: int | None) -> AsyncGenerator[ServerSentEventMessage, None]:
    """Yield what goes over the wire: how soon to come back, then changes, and comments in between."""
    yield ServerSentEventMessage(data=None, retry=RETRY_MILLISECONDS)
    async for number in changes.listen(seen):
        if number is None:
            yield ServerSentEventMessage(data=None, comment="nothing new")
        else:
            yield ServerSentEventMessage(data=number, event="changed")
