"""What stands in one cell of a clerk's file; ValueError says what is wrong, by its column, and quotes nothing. Pure."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from unicodedata import category, normalize

from protocol.messages import LONGEST_COMMENT, Level

_NUMBER = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


def whole(column: str, text: str, highest: int, least: int = 0) -> int:
    """Return a whole number; an empty cell is none."""
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= highest:
        raise ValueError(f"{column}: expected a whole number from {least} to {highest:,}")
    return int(text)


def day_of(column: str, text: str) -> date:
    """Return a day, written in either way."""
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        iso, local = match.groups()[:3], match.groups()[:2:-1]
        return date(*map(int, iso if iso[0] else local))
    except ValueError:
        raise ValueError(f"{column}: expected a day like 2026-11-20 or 20/11/2026") from None


def level_of(column: str, text: str, levels: Sequence[Collection[str]]) -> Level | None:
    """Return a level by its number or by its words, which *levels* has in each language, worst first; None: blank."""
    if not text:
        return None
    if _NUMBER.fullmatch(text) and 1 <= int(text) <= len(levels):
        return int(text)
    said = _plain(text)
    named = [level for level, texts in enumerate(levels, start=1) if said in {_plain(each) for each in texts}]
    if len(named) != 1:
        raise ValueError(f"{column}: expected 1 to {len(levels)} (1 is the worst), the words of a level, or nothing")
    return named[0]


def comment_of(column: str, text: str) -> str | None:
    """Return a comment on one line, in one spelling; None where there is none."""
    comment = " ".join(normalize("NFC", text).split())
    if len(comment) > LONGEST_COMMENT:
        raise ValueError(f"{column}: longer than {LONGEST_COMMENT} characters")
    if any(category(sign) in ("Cc", "Cs") for sign in comment):
        raise ValueError(f"{column}: holds a control character")
    return comment or None


def _plain(text: str) -> str:
    return " ".join(normalize("NFC", text).casefold().split())
