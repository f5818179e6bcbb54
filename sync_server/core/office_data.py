"""An office as its folder describes it: site, fields, officers, counters, opening hours, procedures, cases."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from protocol.codes import CaseCode
from protocol.messages import MOST_SET_UP
from protocol.messages import Thresholds as ScreenThresholds
from protocol.topics import NAME, NAME_RULE
from sync_server.core.names import tidy_name
from sync_server.core.opening import Opening, mistakes_in_openings

_PROCEDURE = re.compile(r"[0-9A-Za-z._-]{1,64}")
PROCEDURE_RULE = "1 to 64 of the letters a-z and A-Z, digits, dots, hyphens and underscores"

LONGEST_SHOWN = 200  # characters of what kiosks are told

CounterNumber = Annotated[int, Meta(ge=1, le=999)]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Field(_Entry, frozen=True):
    """A field of work; ValueError unless key and name are usable."""

    field: str
    name: str

    def __post_init__(self) -> None:
        _check_key("field", self.field)
        _check_shown("name", self.name)


class Officer(_Entry, frozen=True):
    """A person at work; ValueError unless key and names are usable."""

    officer: str
    name: str
    title: str
    field: str

    def __post_init__(self) -> None:
        _check_key("officer", self.officer)
        _check_shown("name", self.name)
        _check_shown("title", self.title)


class Desk(_Entry, frozen=True):
    """A counter: who sits there by default, and which fields are served."""

    counter: CounterNumber
    officer: str
    fields: tuple[str, ...] = ()


class Thresholds(ScreenThresholds, frozen=True, forbid_unknown_fields=True):
    """How long the kiosks' screens stay, in seconds."""


class OfficeFile(_Entry, frozen=True):
    """What office.toml holds; ValueError unless key and names are usable."""

    site: str
    office: str
    unit: str
    fields: Annotated[tuple[Field, ...], Meta(min_length=1)]
    officers: Annotated[tuple[Officer, ...], Meta(min_length=1, max_length=MOST_SET_UP)]
    counters: Annotated[tuple[Desk, ...], Meta(max_length=MOST_SET_UP)] = ()
    opening_hours: tuple[Opening, ...] = ()
    thresholds: Thresholds = Thresholds()

    def __post_init__(self) -> None:
        _check_key("site", self.site)
        _check_shown("office", self.office)
        _check_shown("unit", self.unit)


@dataclass(frozen=True)
class Procedure:
    """An administrative procedure; ValueError unless code and name are usable."""

    procedure: str
    name: str
    field: str

    def __post_init__(self) -> None:
        if not _PROCEDURE.fullmatch(self.procedure):
            raise ValueError(f"procedure: expected {PROCEDURE_RULE}")
        _check_name("name", self.name)


@dataclass(frozen=True)
class Case:
    """A received case, as read from a file; its code is masked in the repr and never stored."""

    code: CaseCode
    procedure: str
    officer: str
    received: date


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


def _check_key(what: str, key: str) -> None:
    if not NAME.fullmatch(key):
        raise ValueError(f"{what}: expected {NAME_RULE}")


def _check_name(what: str, name: str) -> str:
    try:
        return tidy_name(name)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None


def _check_shown(what: str, name: str) -> None:
    if len(_check_name(what, name)) > LONGEST_SHOWN:
        raise ValueError(f"{what}: longer than {LONGEST_SHOWN} characters; kiosks are told it")
