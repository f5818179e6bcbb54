"""Records that hold from a day on, so that an old quarter keeps the names and rules of its time. Pure.

Nothing is ever changed in place: a record that is put right is followed by another of the same day, which counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

ALWAYS = date.min  # since when a record holds of which nobody knows since when

Content = TypeVar("Content")


@dataclass(frozen=True)
class Record(Generic[Content]):
    """What holds of a thing from a day on; without content it has ended."""

    key: str
    since: date
    content: Content | None


class History(Generic[Content]):
    """All records of one kind, in the order in which they were made; of one key and day the last one counts."""

    def __init__(self, records: Iterable[Record[Content]] = ()) -> None:
        of_key: defaultdict[str, dict[date, Content | None]] = defaultdict(dict)
        for record in records:
            of_key[record.key][record.since] = record.content
        self._of_key = {key: tuple(sorted(days.items())) for key, days in sorted(of_key.items())}

    @property
    def keys(self) -> frozenset[str]:
        """Everything that ever was."""
        return frozenset(self._of_key)

    def at(self, key: str, day: date) -> Content | None:
        """Return what holds of a thing on a day; None before it began and after it ended."""
        holding = None
        for since, content in self._of_key.get(key, ()):
            if since > day:
                break
            holding = content
        return holding

    def on(self, day: date) -> dict[str, Content]:
        """Return everything that there is on a day, ordered by key."""
        return {key: held for key in self._of_key if (held := self.at(key, day)) is not None}

    def during(self, first: date, last: date) -> dict[str, Content]:
        """Return everything that there was on some day of these, as it was on the last of its days."""
        return {key: held[-1] for key in self._of_key if (held := list(self._within(key, first, last)))}

    def nearest(self, key: str, day: date) -> Content | None:
        """Return what held last on or before a day, or else first after it: how to name what was met on that day."""
        records = self._of_key.get(key, ())
        before = [content for since, content in records if since <= day and content is not None]
        after = [content for since, content in records if since > day and content is not None]
        return before[-1] if before else next(iter(after), None)

    def changes(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days after the first and up to the last from which something else holds."""
        days = {since for records in self._of_key.values() for since, _ in records}
        return tuple(sorted(day for day in days if first < day <= last))

    def to_become(self, wanted: Mapping[str, Content], since: date, *, whole: bool) -> Iterator[Record[Content]]:
        """Yield the records that make what is wanted hold from a day on, until the next that is recorded already.

        `whole`: what is not wanted ends.
        """
        holds = self.on(since)
        for key, content in wanted.items():
            if holds.get(key) != content:
                yield Record(key, since, content)
        if whole:
            for key in holds:
                if key not in wanted:
                    yield Record(key, since, None)

    def _within(self, key: str, first: date, last: date) -> Iterator[Content]:
        begun = self.at(key, first)
        if begun is not None:
            yield begun
        for since, content in self._of_key[key]:
            if first < since <= last and content is not None:
                yield content
