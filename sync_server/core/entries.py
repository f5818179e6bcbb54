"""What the entries of an office's files have in common: no unknown fields, keys and names that can be used."""

from typing import TypeVar

import msgspec

from protocol.topics import NAME, NAME_RULE
from sync_server.core.names import tidy_name

LONGEST_SHOWN = 200  # characters of what kiosks are told
_SHOWN = ("office", "unit", "place", "name", "title")  # what people read


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry."""


Kind = TypeVar("Kind", bound=Entry)


def tidied(entry: Kind) -> Kind:
    """Return an entry with its names in one spelling."""
    shown = {name: tidy_name(getattr(entry, name)) for name in _SHOWN if getattr(entry, name, "")}
    return msgspec.structs.replace(entry, **shown)


def check_key(what: str, key: str) -> None:
    """ValueError unless it can stand for a thing."""
    if not NAME.fullmatch(key):
        raise ValueError(f"{what}: expected {NAME_RULE}")


def check_name(what: str, name: str) -> str:
    """Return a name in one spelling; ValueError says what is wrong with it."""
    try:
        return tidy_name(name)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from None


def check_shown(what: str, name: str) -> None:
    """ValueError unless it can stand on a kiosk's screen."""
    if len(check_name(what, name)) > LONGEST_SHOWN:
        raise ValueError(f"{what}: longer than {LONGEST_SHOWN} characters; kiosks are told it")
