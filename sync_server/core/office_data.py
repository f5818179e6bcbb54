"""An office as its folder describes it: site, fields, officers, counters, opening hours, procedures."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from protocol.messages import MOST_SET_UP
from sync_server.core.entries import Entry, check_key, check_name, check_shown, tidied
from sync_server.core.letterhead import Letterhead
from sync_server.core.opening import mistakes_in_openings

_PROCEDURE = re.compile(r"[0-9A-Za-z._-]{1,64}")
PROCEDURE_RULE = "1 to 64 of the letters a-z and A-Z, digits, dots, hyphens and underscores"

CounterNumber = Annotated[int, Meta(ge=1, le=999)]


class Field(Entry, frozen=True):
    """A field of work; ValueError unless key and name are usable."""

    field: str
    name: str

    def __post_init__(self) -> None:
        check_key("field", self.field)
        check_shown("name", self.name)


class Officer(Entry, frozen=True):
    """A person at work; ValueError unless key and names are usable."""

    officer: str
    name: str
    title: str
    field: str

    def __post_init__(self) -> None:
        check_key("officer", self.officer)
        check_shown("name", self.name)
        check_shown("title", self.title)


class Desk(Entry, frozen=True):
    """A counter: who sits there by default, and which fields are served."""

    counter: CounterNumber
    officer: str
    fields: tuple[str, ...] = ()


class OfficeFile(Letterhead, frozen=True, kw_only=True):
    """What office.toml holds; ValueError unless key and names are usable."""

    site: str
    fields: Annotated[tuple[Field, ...], Meta(min_length=1)]
    officers: Annotated[tuple[Officer, ...], Meta(min_length=1, max_length=MOST_SET_UP)]
    counters: Annotated[tuple[Desk, ...], Meta(max_length=MOST_SET_UP)] = ()

    def __post_init__(self) -> None:
        check_key("site", self.site)
        super().__post_init__()

    @property
    def letterhead(self) -> Letterhead:
        """The office itself, its names in one spelling."""
        return tidied(Letterhead(*(getattr(self, name) for name in Letterhead.__struct_fields__)))


class Procedure(Entry, frozen=True):
    """An administrative procedure; ValueError unless code and name are usable."""

    procedure: str
    name: str
    field: str
    level: Annotated[int, Meta(ge=1, le=4)] | None = None  # of the online service, where there is one

    def __post_init__(self) -> None:
        if not _PROCEDURE.fullmatch(self.procedure):
            raise ValueError(f"procedure: expected {PROCEDURE_RULE}")
        check_name("name", self.name)


def mistakes_in(office: OfficeFile) -> list[str]:
    """Return what does not fit together: keys that stand twice, and keys that name nothing."""
    fields = {entry.field for entry in office.fields}
    officers = {entry.officer for entry in office.officers}
    found = [f"fields: {key!r} stands twice" for key in _twice(entry.field for entry in office.fields)]
    found += [f"officers: {key!r} stands twice" for key in _twice(entry.officer for entry in office.officers)]
    found += [f"counters: {key} stands twice" for key in _twice(desk.counter for desk in office.counters)]
    for place, entry in enumerate(office.officers):
        if entry.field not in fields:
            found.append(f"officers[{place}].field: there is no field {entry.field!r}")
    for place, desk in enumerate(office.counters):
        if desk.officer not in officers:
            found.append(f"counters[{place}].officer: there is no officer {desk.officer!r}")
        found += [
            f"counters[{place}].fields: there is no field {field!r}" for field in desk.fields if field not in fields
        ]
    return [*found, *mistakes_in_openings(office.opening_hours)]


def _twice(keys: Iterable[object]) -> list[object]:
    return [key for key, times in Counter(keys).items() if times > 1]
