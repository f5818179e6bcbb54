"""What every page for somebody who is signed in has in common: who it is, and whose figures are looked at."""

from collections.abc import Callable
from typing import Any, TypeAlias
from unicodedata import normalize

from litestar import Request
from litestar.datastructures import State

from sync_server.core.figures.quarterly import Office
from sync_server.core.matters import LONGEST_NOTE
from sync_server.core.names import printable
from sync_server.store.people import Admin
from sync_server.web import wording
from sync_server.web.guards import form_token
from sync_server.web.notice import Notice

SignedInRequest: TypeAlias = Request[Admin, str, State]


def inside(request: SignedInRequest, office: Office, here: str) -> dict[str, Any]:
    """Return what the bar of a page shows, and what its forms must hold."""
    return {"admin": request.user, "form_token": form_token(request.auth), "office": office, "here": here}


def chosen(known: tuple[Office, ...], site: str | None, address: Callable[[Office], str]) -> Office:
    """Return the office of a site, or the first; Notice where there is none, with the pages of those that there are."""
    if not known:
        raise Notice(404, *wording.NO_OFFICE, command=wording.IMPORT_OFFICE)
    for office in known:
        if site in (None, office.site):
            return office
    raise Notice(404, *wording.NO_SUCH_SITE, links=[(address(office), office.name) for office in known])


def note_of(text: str, if_empty: str) -> tuple[str, str]:
    """Return what somebody typed, tidied, and what is wrong with it; *if_empty* where it must be there."""
    tidy = printable(normalize("NFC", " ".join(text.split())))
    if len(tidy) > LONGEST_NOTE:
        return "", wording.TOO_LONG
    return tidy, "" if tidy else if_empty
