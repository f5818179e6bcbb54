"""Signing in by a one-time link, and out."""

import asyncio
from dataclasses import dataclass

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, State
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from sync_server.store.people import SESSION_LASTS, Admin, link_is_good, sign_in, sign_out
from sync_server.web import wording
from sync_server.web.guards import check_form
from sync_server.web.notice import Notice
from sync_server.web.parts import GivenParts, Parts


@dataclass(frozen=True)
class SignOutForm:
    """What the sign-out button sends."""

    form_token: str


# These two share a path, and of such Litestar 2.25 wraps the first twice into threads: so each goes there by itself.
# Looking at the link does not use it up: mail programs and messengers look at links too.
@get("/sign-in/{secret:str}", exclude_from_auth=True)
async def offer(parts: GivenParts, secret: FromPath[str]) -> Response[str]:
    """Show the button that signs in."""
    if not await asyncio.to_thread(link_is_good, parts.database, secret, parts.now()):
        raise _link_not_good()
    return parts.page("sign_in.html")


@post("/sign-in/{secret:str}", exclude_from_auth=True)
async def use(parts: GivenParts, secret: FromPath[str]) -> Redirect:
    """Use the link up and begin a session."""
    session = await asyncio.to_thread(sign_in, parts.database, secret, parts.now())
    if session is None:
        raise _link_not_good()
    return Redirect("/", status_code=303, cookies=[_cookie(parts, session, int(SESSION_LASTS.total_seconds()))])


@post("/sign-out", sync_to_thread=True)
def leave(request: Request[Admin, str, State], parts: GivenParts, data: URLEncodedBody[SignOutForm]) -> Redirect:
    """End the session."""
    check_form(request.auth, data.form_token)
    sign_out(parts.database, request.auth)
    return Redirect("/", status_code=303, cookies=[_cookie(parts, "", 0)])


def _cookie(parts: Parts, value: str, seconds: int) -> Cookie:
    return Cookie(
        key=parts.cookie, value=value, max_age=seconds, path="/", httponly=True, secure=parts.secure, samesite="lax"
    )


def _link_not_good() -> Notice:
    return Notice(410, *wording.LINK_NOT_GOOD, command=wording.NEW_LINK)
