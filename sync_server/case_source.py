"""Fetching cases from another program's server, page by page. Patient with its troubles, and bounded in everything."""

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
import requests
from requests.auth import AuthBase

from protocol.backoff import LONGEST_SECONDS, Backoff
from sync_server.core.case_feed import CaseFeed, Unusable
from sync_server.settings import is_this_machine

ATTEMPTS = 5
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
PAGE_SECONDS = 180.0  # for a page that comes in small pieces
LARGEST_PAGE = 32 * 1024 * 1024  # bytes, unpacked
MOST_PAGES = 10_000
LONGEST_ETAG = 200
# What changed while the pages of the last time were being put together is asked for again.
OVERLAP = timedelta(minutes=10)

_BUSY = {429, 500, 502, 503, 504}
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,1000}")  # as RFC 6750 lets it travel
_WORDS = {
    401: "it refuses the token (401): put the right one into the file that token_file names",
    403: "this token may not read it (403)",
    404: "there is nothing at this address (404)",
    410: "there is nothing at this address any more (410)",
}


class SourceTrouble(Exception):
    """The cases cannot be fetched; the text says why and what to do, and holds nothing of what was sent."""


@dataclass(frozen=True)
class FetchedPage:
    """A page; *unchanged*: it is as it was the last time, and did not travel again."""

    number: int
    items: Sequence[object]
    etag: str
    unchanged: bool = False


class CaseSource:
    """One fetch; after the last page `began` says since when the next one has to ask."""

    def __init__(
        self,
        feed: CaseFeed,
        token: str = "",
        *,
        sleep: Callable[[float], None] = time.sleep,
        chance: random.Random | None = None,
    ) -> None:
        """SourceTrouble when the address is neither encrypted nor this machine, or the token cannot travel."""
        host = urlsplit(feed.url).hostname or ""
        if not (feed.url.startswith("https:") or feed.insecure or is_this_machine(host)):
            raise SourceTrouble(f"url: {host} is not this machine: expected https://…, or insecure = true")
        if token and not _TOKEN.fullmatch(token):
            raise SourceTrouble("the token cannot be sent: expected letters, digits and signs like - . _ ~ + / =")
        self._feed = feed
        self._token = token
        self._sleep = sleep
        self._chance = chance or random.Random()
        self._is_near = is_this_machine(host)
        self.began: datetime | None = None

    @property
    def place(self) -> str:
        """The address for people, without its query, which may hold a secret."""
        parts = urlsplit(self._feed.url)
        return parts._replace(query="", fragment="").geturl()

    def pages(self, since: str | None = None, etags: Sequence[str] = ()) -> Iterator[FetchedPage]:
        """Yield every page; *etags*, in their order, are those of the last time. SourceTrouble ends it."""
        with requests.Session() as session:
            session.trust_env = not self._is_near  # a proxy does not reach this machine
            session.auth = _Bearer(self._token)
            session.headers["Accept"] = "application/json"
            try:
                yield from self._pages(session, since, etags)
            except Unusable as error:
                raise self._trouble(str(error)) from None

    def _pages(self, session: requests.Session, since: str | None, etags: Sequence[str]) -> Iterator[FetchedPage]:
        address: str | None = self._feed.address(1, since)
        seen: set[str] = set()
        for number in range(1, MOST_PAGES + 1):
            if address is None:
                return
            if address in seen:
                raise Unusable("a page says that it is followed by an earlier one")
            seen.add(address)
            etag = etags[number - 1] if number <= len(etags) else ""
            answer = self._asked(session, address, etag)
            if number == 1:
                self.began = answer.moment
            if answer.body is None:
                yield FetchedPage(number, (), etag, unchanged=True)
                address = self._feed.address(number + 1, since) if number < len(etags) else None
                continue
            content = _decoded(answer.body)
            items = self._feed.items_of(content)
            following = self._feed.next_of(content, answer.following, address)
            if self._feed.page:
                following = self._feed.address(number + 1, since) if items else None
            # Where pages lead to each other, an unchanged one that did not travel leads nowhere.
            usable = self._feed.page or (number == 1 and following is None)
            yield FetchedPage(number, items, answer.etag if usable else "")
            address = following
        if address is not None:
            raise Unusable(f"there are more than {MOST_PAGES:,} pages")

    def _asked(self, session: requests.Session, address: str, etag: str) -> "_Answer":
        backoff = Backoff(self._chance)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._ask_once(session, address, etag)
            except requests.exceptions.SSLError:
                raise self._trouble("its certificate is not trusted, or it speaks no TLS") from None
            except requests.exceptions.Timeout:
                why, wait = f"it does not answer within {READ_SECONDS:.0f} seconds", 0.0
            except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError):
                why, wait = "it cannot be reached, or breaks off", 0.0
            except requests.exceptions.RequestException as error:  # its text may quote the address
                raise self._trouble(f"it cannot be asked: {type(error).__name__}") from None
            else:
                if answer.status not in _BUSY:
                    return self._accepted(answer, etag)
                why, wait = f"it is busy or out of order ({answer.status})", answer.wait
            if attempt < ATTEMPTS:
                self._sleep(max(backoff.pause(), wait))
        raise self._trouble(f"{why}; asked {ATTEMPTS} times")

    def _accepted(self, answer: "_Answer", etag: str) -> "_Answer":
        status = answer.status
        if status == HTTPStatus.OK or (status == HTTPStatus.NOT_MODIFIED and etag):
            return answer
        if 300 <= status < 400:
            raise self._trouble(f"it sends elsewhere ({status}): put the address that it leads to into the settings")
        raise self._trouble(_WORDS.get(status, f"it answers with an error ({status})"))

    def _ask_once(self, session: requests.Session, address: str, etag: str) -> "_Answer":
        headers = {"If-None-Match": etag} if etag else {}
        with session.get(
            address, headers=headers, timeout=(CONNECT_SECONDS, READ_SECONDS), stream=True, allow_redirects=False
        ) as response:
            linked = response.links.get("next", {}).get("url")
            body = self._body(response) if response.status_code == HTTPStatus.OK else None
            given = response.headers.get("ETag", "")
            return _Answer(
                response.status_code,
                body,
                given if len(given) <= LONGEST_ETAG and given.isascii() and given.isprintable() else "",
                linked,
                _moment(response.headers.get("Date", "")),
                _wait(response.headers.get("Retry-After", "")),
            )

    def _body(self, response: requests.Response) -> bytes:
        until = time.monotonic() + PAGE_SECONDS
        body = bytearray()
        for piece in response.iter_content(64 * 1024):
            body += piece
            if len(body) > LARGEST_PAGE:
                raise self._trouble(f"a page is larger than {LARGEST_PAGE >> 20} MiB: ask for smaller ones in the url")
            if time.monotonic() > until:
                raise self._trouble(f"a page takes longer than {PAGE_SECONDS:.0f} seconds")
        return bytes(body)

    def _trouble(self, why: str) -> SourceTrouble:
        return SourceTrouble(f"{self.place}: {why}")


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes | None
    etag: str
    following: str | None
    moment: datetime | None
    wait: float


class _Bearer(AuthBase):
    """Sends the token, or nothing; without it requests would look for passwords in the user's .netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _decoded(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        raise Unusable("expected JSON, found something else") from None


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _wait(text: str) -> float:
    return min(float(text), LONGEST_SECONDS) if text.isascii() and text.isdigit() else 0.0
