"""What does not fit together on a sheet of counts, and by which rounding its published percentages come out."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from sync_server.core.figures.sheet import Criterion, Sheet, published_number
from sync_server.core.rounding import Mode, Rounding


@dataclass(frozen=True)
class MoreReturnedThanIssued:
    """Forms of the whole sheet."""

    issued: int
    returned: int


@dataclass(frozen=True)
class DoesNotAddUp:
    """A criterion's levels and blanks against the forms returned."""

    criterion: str
    levels: int
    blank: int | None
    returned: int


@dataclass(frozen=True)
class NotReproduced:
    """A published percentage that no rounding makes of the counts; without a level, the satisfied share."""

    criterion: str
    level: str | None
    published: Decimal
    share: Fraction | None


@dataclass(frozen=True)
class NoOneRounding:
    """A criterion's published percentages come out by some rounding each, but not all by the same one."""

    criterion: str


Mismatch: TypeAlias = MoreReturnedThanIssued | DoesNotAddUp | NotReproduced | NoOneRounding


def mismatches(sheet: Sheet) -> Iterator[Mismatch]:
    """Return what does not fit together, in the order of the sheet."""
    if sheet.issued is not None and sheet.returned is not None and sheet.returned > sheet.issued:
        yield MoreReturnedThanIssued(sheet.issued, sheet.returned)
    for criterion in sheet.criteria:
        returned = sheet.returned if criterion.returned is None else criterion.returned
        answers = criterion.answers
        if returned is not None and answers.answered + answers.blank != returned:
            yield DoesNotAddUp(criterion.name, answers.answered, criterion.blank, returned)
        yield from _of_percentages(criterion)


def reproduced_by(published: Decimal, share: Fraction | None) -> frozenset[Mode]:
    """Return which ways of rounding make the published percentage of a share, at as many decimals as it has."""
    if share is None:
        return frozenset()
    decimals = len(f"{published:f}".partition(".")[2])
    return frozenset(mode for mode in Mode if Rounding(mode, decimals).percent(share) == published)


def _of_percentages(criterion: Criterion) -> Iterator[Mismatch]:
    common = frozenset(Mode)
    for level, text, share in _published(criterion):
        published = published_number(text)
        modes = reproduced_by(published, share)
        if modes:
            common &= modes
        else:
            yield NotReproduced(criterion.name, level, published, share)
    if not common:
        yield NoOneRounding(criterion.name)


def _published(criterion: Criterion) -> Iterator[tuple[str | None, str, Fraction | None]]:
    answers = criterion.answers
    for place, level in enumerate(criterion.levels):
        if level.published is not None:
            yield level.name, level.published, answers.share_of(place)
    if criterion.published is not None:
        yield None, criterion.published, answers.share
