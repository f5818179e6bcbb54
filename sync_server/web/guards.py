"""Who may do what: sessions, and forms that come from our own pages only."""

import asyncio
import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.middleware.authentication import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp

from sync_server.store.people import who_is
from sync_server.web import wording
from sync_server.web.notice import Notice
from sync_server.web.parts import Parts

Connection = ASGIConnection[Any, Any, Any, Any]

_HARMLESS = ("GET", "HEAD", "OPTIONS")


class SignedIn(AbstractAuthenticationMiddleware):
    """Lets a request pass when its session is good; handlers that are for everyone say `exclude_from_auth`."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        super().__init__(app)
        self._parts = parts

    async def authenticate_request(self, connection: Connection) -> AuthenticationResult:
        session = connection.cookies.get(self._parts.cookie)
        if session is not None:
            admin = await asyncio.to_thread(who_is, self._parts.database, session, self._parts.now())
            if admin is not None:
                return AuthenticationResult(user=admin, auth=session)
        raise Notice(401, *wording.NOT_SIGNED_IN, command=wording.NEW_LINK)


def own_pages_only(parts: Parts) -> Any:
    """Return the guard that refuses what another site's page makes a browser send."""
    own_origin = "{0.scheme}://{0.netloc}".format(urlsplit(parts.public_address))

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        if connection.scope["method"] in _HARMLESS:  # type: ignore[typeddict-item]
            return
        origin = connection.headers.get("origin")
        if origin is None:
            # No browser leaves Origin out of a POST; what is no browser carries nobody's cookies.
            fine = connection.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        else:
            # A proxy may answer for us under the public address, or an administrator by the machine's own one.
            host = connection.headers.get("host")
            fine = origin in (own_origin, f"http://{host}", f"https://{host}")
        if not fine:
            raise Notice(403, *wording.FROM_ELSEWHERE)

    return guard


def shows(connection: Connection, token: str) -> bool:
    """Whether a program shows the token, which must not be empty."""
    scheme, _, shown = connection.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), token.encode())


def form_token(session: str) -> str:
    """Return what a form of this session must hold: made from the session, so nobody else can know it."""
    return hmac.digest(session.encode(), b"form", hashlib.sha256).hex()


def check_form(session: str, token: str) -> None:
    """Refuse (Notice) a form that was not made for this session."""
    if not hmac.compare_digest(form_token(session).encode(), token.encode()):
        raise Notice(403, *wording.FORM_TOO_OLD)
