"""A sheet of counts that somebody else made: criteria by levels, forms issued and returned, and what was published."""

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from sync_server.core.figures.answers import FEWEST_LEVELS, MOST_LEVELS, Answers
from sync_server.core.names import tidy_name

MOST_CRITERIA = 200
HIGHEST_COUNT = 10**9

_PUBLISHED = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,6}))? ?%?")
PUBLISHED_RULE = 'a percentage as it was published, in quotes: "98,23" or "98.23%"'

CountOfForms = Annotated[int, Meta(ge=0, le=HIGHEST_COUNT)]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Level(_Entry, frozen=True):
    """A level of a criterion and how many chose it; ValueError unless its texts are usable."""

    name: str
    count: CountOfForms
    satisfied: bool = False
    published: str | None = None  # the percentage of those who answered

    def __post_init__(self) -> None:
        tidy_name(self.name)
        _check_published(self.published)


class Criterion(_Entry, frozen=True):
    """What was asked, and its levels in the order of the form; ValueError unless its texts are usable."""

    name: str
    levels: Annotated[tuple[Level, ...], Meta(min_length=FEWEST_LEVELS, max_length=MOST_LEVELS)]
    blank: CountOfForms | None = None  # returned forms that leave it out; None where that was not counted
    returned: CountOfForms | None = None  # where this criterion was asked on forms of its own
    published: str | None = None  # the percentage of satisfied answers

    def __post_init__(self) -> None:
        tidy_name(self.name)
        _check_published(self.published)
        for name in _twice(level.name for level in self.levels):
            raise ValueError(f"levels: {name!r} stands twice")
        if self.published is not None and not any(level.satisfied for level in self.levels):
            raise ValueError("published: no level counts as satisfied; mark those that do")

    @property
    def answers(self) -> Answers:
        satisfied = frozenset(place for place, level in enumerate(self.levels) if level.satisfied)
        return Answers(tuple(level.count for level in self.levels), satisfied, self.blank or 0)


class Sheet(_Entry, frozen=True):
    """A whole sheet; ValueError unless its texts are usable."""

    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1, max_length=MOST_CRITERIA)]
    title: str | None = None
    issued: CountOfForms | None = None
    returned: CountOfForms | None = None

    def __post_init__(self) -> None:
        if self.title is not None:
            tidy_name(self.title)
        for name in _twice(criterion.name for criterion in self.criteria):
            raise ValueError(f"criteria: {name!r} stands twice")


def published_number(text: str) -> Decimal:
    """Return a published percentage with the decimals it was published with; ValueError when it is none."""
    match = _PUBLISHED.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"expected {PUBLISHED_RULE}")
    whole, decimals = match.groups()
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def _check_published(text: str | None) -> None:
    if text is not None:
        published_number(text)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
