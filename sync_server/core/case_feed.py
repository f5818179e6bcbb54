"""Another program's list of cases on the web: where it is, how it is divided, and what its JSON means. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from msgspec import Meta

from sync_server.core.case_mapping import CaseMapping
from sync_server.core.case_rows import RefusedCase
from sync_server.core.cases import COLUMNS

LONGEST_CELL = 300  # characters
LONGEST_ADDRESS = 4000

Short = Annotated[str, Meta(max_length=300)]


class Unusable(ValueError):
    """A page is not what the feed was said to be; the text is fit for an operator."""


class CaseFeed(CaseMapping, frozen=True, kw_only=True):
    """Where cases are fetched from; ValueError names what is not usable.

    *columns*: our column to the path of their value in an item, dots between the keys. A column that is not mapped
    is looked for under our own name.
    """

    url: Annotated[str, Meta(max_length=LONGEST_ADDRESS)]
    token_file: str = ""  # a file with what is sent as a bearer token; a relative path starts at the feed's own file
    items: Short = ""  # the path of the list within a page; empty: the page is the list
    next: Short = ""  # the path of the address of the next page; a header `Link: <…>; rel="next"` is followed too
    page: Short = ""  # the query parameter that numbers pages from 1; the first empty page is the last
    since: Short = ""  # the query parameter that asks for what has changed since a moment
    insecure: bool = False  # plain HTTP beyond this machine: token and cases can be read on the way

    def __post_init__(self) -> None:
        super().__post_init__()
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("url: expected https://…")
        if parts.username is not None or parts.password is not None:
            raise ValueError("url: holds a password; put it into a file and name that as token_file")
        if self.page and self.next:
            raise ValueError("page, next: expected one of them")

    @property
    def origin(self) -> str:
        """Which server it is, for comparing."""
        return origin_of(self.url)

    def address(self, number: int, since: str | None) -> str:
        """Return the address of a page by its number from 1, or of the first one where pages are not numbered."""
        asked = {self.page: str(number)} if self.page else {}
        if self.since and since is not None:
            asked[self.since] = since
        if not asked:
            return self.url
        parts = urlsplit(self.url)
        query = [(name, value) for name, value in parse_qsl(parts.query, True) if name not in asked]
        return parts._replace(query=urlencode([*query, *asked.items()])).geturl()

    def items_of(self, page: object) -> list[object]:
        """Return the items of a page; Unusable when there is no list where one was said to be."""
        found = _at(page, self.items) if self.items else page
        if not isinstance(found, list):
            raise Unusable(f"expected a list {f'at {self.items!r}' if self.items else 'as the whole page'}")
        return found

    def next_of(self, page: object, linked: str | None, address: str) -> str | None:
        """Return the address of the next page where one is named; Unusable when it is on another server."""
        named = (_at(page, self.next) if self.next else None) or linked
        if not named:
            return None
        if not isinstance(named, str) or len(named) > LONGEST_ADDRESS:
            raise Unusable(f"expected the address of the next page at {self.next!r}")
        following = urljoin(address, named)
        # The token would be shown to whoever is named there.
        if origin_of(following) != self.origin:
            raise Unusable("the next page is said to be on another server")
        return following

    def cells_of(self, item: object) -> Mapping[str, str]:
        """Return an item's cells under our names, without those that it does not speak of.

        RefusedCase when a value is neither text nor a whole number nor nothing.
        """
        cells: dict[str, str] = {}
        for column in COLUMNS:
            value = _at(item, self.columns.get(column, column))
            if value is _NOTHING:
                continue
            if value is None:
                cells[column] = ""
            elif isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= LONGEST_CELL:
                cells[column] = str(value).strip()
            else:
                raise RefusedCase(f"{column}: expected a text of at most {LONGEST_CELL} characters")
        return cells


@dataclass(frozen=True)
class _Nothing:
    def __bool__(self) -> bool:
        return False


_NOTHING = _Nothing()


def origin_of(address: str) -> str:
    """Return scheme, host and port of an address; empty for one that has none."""
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}:{port}"


def _at(value: object, path: str) -> object:
    for key in path.split("."):
        if not isinstance(value, dict) or key not in value:
            return _NOTHING
        value = value[key]
    return value
