"""Finished figures, kept until anything that they are made of changes; so they are those of the moment, always.

What they are made of has a version, read in the same view of the database: how many records the office has made, and
how often its half months changed up to the last day of the time. Both grow in every transaction that changes anything.
Votes of a later half month leave it as it is; those of an earlier one do not, for they may reach into the time.
Another program computes anew, even if it is only a corrected one.
"""

import functools
import hashlib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, and_, bindparam, delete, func, not_, select

from sync_server.core.half_months import half_of
from sync_server.store.database import CannotBeStored, Database, DatabaseTrouble, insert_or_update
from sync_server.store.schema import kept_figures, records, touched_halves

# Of a site; whoever asks for many different times has them computed now and then. Some 10 to 40 kB each.
MOST_KEPT = 60

Result = TypeVar("Result")

# Each takes longer to make than to use.
_DECODERS: dict[type, "msgspec.msgpack.Decoder[Any]"] = {}

_PROGRAM = ("protocol", "sync_server/core", "sync_server/store")


@dataclass(frozen=True)
class Asked:
    """Which figures: what they are called, of which site, of which days."""

    what: str
    site: str
    first: date
    last: date


# Built once: putting it together takes as long as the rest.
_IS = and_(*(kept_figures.c[key] == bindparam(key) for key in ("what", "site", "first", "last")))
_SAID = select(func.count()).select_from(records).where(records.c.site == bindparam("site"))
_CHANGED = select(func.coalesce(func.sum(touched_halves.c.changes), 0)).where(
    touched_halves.c.site == bindparam("site"), touched_halves.c.half <= bindparam("until_half")
)
_KEPT = [select(kept_figures.c[name]).where(_IS) for name in ("version", "result")]
_RECALL = select(*(each.scalar_subquery() for each in (_SAID, _CHANGED, *_KEPT)))


def recall(connection: Connection, asked: Asked, kind: type[Result]) -> tuple[str, Result | None]:
    """Return the version of what these figures are made of now, and what was kept of it; None when nothing was."""
    row = connection.execute(_RECALL, vars(asked) | {"until_half": half_of(asked.last)}).one()
    version = f"{row[0]} {row[1]} {_program()}"
    return version, decoded(row[3], kind) if row[2] == version else None


def keep(database: Database, asked: Asked, version: str, result: object) -> None:
    """Keep a result that was computed of a version; where that cannot be done now, it is computed another time."""
    row = vars(asked) | {"version": version, "result": encoded(result)}
    of_site = kept_figures.c.site == asked.site
    try:
        with database.writing_at_once() as connection:
            others = select(func.count()).select_from(kept_figures).where(of_site, not_(_IS))
            if (connection.scalar(others, vars(asked)) or 0) >= MOST_KEPT:
                connection.execute(delete(kept_figures).where(of_site))
            insert_or_update(connection, kept_figures, [row], list(vars(asked)))
    except (DatabaseTrouble, CannotBeStored):
        pass


def encoded(result: object) -> bytes:
    """Return a result as it is kept."""
    return msgspec.msgpack.encode(result, enc_hook=_plain)


def decoded(kept: bytes, kind: type[Result]) -> Result:
    """Return what was kept, as it was."""
    return _decoder(kind).decode(kept)


def _plain(value: object) -> tuple[int, int]:
    if not isinstance(value, Fraction):
        raise NotImplementedError(f"figures hold no {type(value).__name__}")
    return value.as_integer_ratio()


def _fraction(kind: type, value: Any) -> Fraction:
    return Fraction(*value)


def _decoder(kind: type[Result]) -> "msgspec.msgpack.Decoder[Result]":
    if kind not in _DECODERS:
        _DECODERS[kind] = msgspec.msgpack.Decoder(kind, dec_hook=_fraction)
    return _DECODERS[kind]


@functools.cache
def _program() -> str:
    digest = hashlib.sha256()
    root = Path(__file__).parents[2]
    for file in sorted(file for folder in _PROGRAM for file in (root / folder).rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:32]
