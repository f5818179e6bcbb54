"""Officers' badges: `NV-0012` (nhân viên). Pure."""

import re
from dataclasses import dataclass

BADGE_PREFIX = "NV"
BADGE_GRAMMAR = rf"{BADGE_PREFIX}-(?P<number>[0-9]{{4,6}})"

_BADGE = re.compile(BADGE_GRAMMAR)


@dataclass(frozen=True, repr=False)
class Badge:
    """An officer's badge, by its digits. Its repr is masked: it leads to a person."""

    number: str

    @property
    def canonical(self) -> str:
        """As it is printed."""
        return f"{BADGE_PREFIX}-{self.number}"

    def __repr__(self) -> str:
        return "Badge(…)"


def read_badge(text: str) -> Badge | None:
    """Return the badge that *text* is, in capitals or not; None when it is none."""
    match = _BADGE.fullmatch(text.upper()) if text.isascii() else None
    return None if match is None else Badge(match["number"])
