"""How another program's table of cases is read: which of its columns is which, and what its words mean. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from sync_server.core.cases import COLUMNS, REQUIRED, Channel
from sync_server.core.entries import Entry

LONGEST_WORD = 300  # characters
MOST_WORDS = 2000  # of a kind

Word = Annotated[str, Meta(min_length=1, max_length=LONGEST_WORD)]
Words = Annotated[dict[Word, Word], Meta(max_length=MOST_WORDS)]

Meaning = TypeVar("Meaning")

_CHANNELS = {
    **{str(channel): channel for channel in Channel},
    "trực tiếp": Channel.DIRECT,
    "trực tuyến": Channel.ONLINE,
    "bưu chính": Channel.POST,
    "bưu chính công ích": Channel.POST,
    "dịch vụ bưu chính": Channel.POST,
    "dịch vụ bưu chính công ích": Channel.POST,
}


class Unplaced(ValueError):
    """A heading lacks columns, or has one twice; the text is fit for an operator."""


class CaseMapping(Entry, frozen=True):
    """What an office says once of a table of cases; ValueError names what is not usable.

    *columns*: our column to the heading of theirs. The others: their word to our key.
    """

    columns: Words = msgspec.field(default_factory=dict)
    procedures: Words = msgspec.field(default_factory=dict)
    officers: Words = msgspec.field(default_factory=dict)
    channels: Annotated[dict[Word, Channel], Meta(max_length=MOST_WORDS)] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = [column for column in self.columns if column not in COLUMNS]
        if unknown:
            raise ValueError(f"columns: expected only {', '.join(COLUMNS)}")

    def with_columns(self, columns: Mapping[str, str]) -> "CaseMapping":
        """Return the mapping with some columns mapped otherwise."""
        return msgspec.structs.replace(self, columns={**self.columns, **columns})

    def procedure(self, word: str) -> str:
        """Return the procedure that a word stands for; the word itself where nothing is said of it."""
        return _meaning(self.procedures, word) or word

    def officer(self, word: str) -> str:
        """Return the officer that a word stands for; the word itself where nothing is said of it."""
        return _meaning(self.officers, word) or word

    def channel(self, word: str) -> Channel | None:
        """Return the channel that a word stands for; None when it is none."""
        return _meaning(self.channels, word) or _CHANNELS.get(spelled(word))

    def places(self, heading: Sequence[str]) -> dict[str, int]:
        """Return where each of our columns stands in a table; one that may be missing may not be there.

        A column whose mapped heading is not there is looked for under our own name. Unplaced when one is missing
        that has to be there, or stands twice.
        """
        theirs = [spelled(cell) for cell in heading]
        found: dict[str, int] = {}
        missing: list[str] = []
        for column in COLUMNS:
            name = next((name for name in self._names(column) if spelled(name) in theirs), None)
            if name is None:
                if column in REQUIRED:
                    missing.append(self._asked(column))
                continue
            if theirs.count(spelled(name)) > 1:
                raise Unplaced(f"the heading has {self._asked(column)} twice")
            found[column] = theirs.index(spelled(name))
        if missing:
            raise Unplaced(f"the heading lacks {', '.join(missing)}")
        return found

    def _names(self, column: str) -> tuple[str, ...]:
        return (self.columns[column], column) if column in self.columns else (column,)

    def _asked(self, column: str) -> str:
        return f"{column} ({self.columns[column]!r})" if column in self.columns else column


def spelled(word: str) -> str:
    """Return a word in one spelling: letters composed, small, one space between."""
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())


def _meaning(words: Mapping[str, Meaning], word: str) -> Meaning | None:
    if word in words:
        return words[word]
    wanted = spelled(word)
    return next((key for theirs, key in words.items() if spelled(theirs) == wanted), None)
