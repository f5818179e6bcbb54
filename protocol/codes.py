"""The grammar of scanned texts: what is a case code, what must be refused.

Pure: today's date is an argument. A text that is refused goes no further than this module; what comes
back never holds any of it. Sources: NĐ 61/2018 Đ.26 and TT 01/2018/TT-VPCP Đ.19 (structure of a case
code), QĐ 20/2020/QĐ-TTg Đ.4 (unit identifiers: A–Y and two digits lead, at most 35 characters).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST_TEXT = 512  # a chip-card QR is 100 to 200 characters
LONGEST_UNIT = 35

_CASE = re.compile(
    r"(?P<unit>(?:[0-9A-Z]{2,3}\.){0,3}[A-Y][0-9]{2}(?:\.[0-9A-Z]{1,4}){0,6})"
    r"[-.](?P<day>[0-9]{8}|[0-9]{6})"
    r"[-.](?P<running>[0-9]{4,14})"
)
# Identity cards: 12 digits (CCCD) or 9 (old CMND) alone, or leading a chip-card QR with its bars; 5 bars in
# any text are a card whatever leads it, for the 2024 card may carry more fields. MRZ lines start with I…VNM.
_CARD_NUMBER = re.compile(r"[0-9]{12}|[0-9]{9}")
_CARD_QR = re.compile(r"[0-9]{9,12}\|")
_CARD_MRZ = re.compile(r"I[A-Z<]?VNM[0-9A-Z<]")
_MOST_BARS = 4


class RefusedReason(StrEnum):
    """Why a scanned text is refused; the value names the wording and the count."""

    IDENTITY_CARD = "identity-card"
    NOT_RECOGNISED = "not-recognised"


@dataclass(frozen=True, repr=False)
class CaseCode:
    """A case code (mã số hồ sơ) in parts. Its repr is masked: a code leads to a person."""

    unit: str
    day: date
    running: str

    @property
    def canonical(self) -> str:
        """One spelling per case, whichever separators and year digits were printed."""
        return f"{self.unit}-{self.day:%Y%m%d}-{self.running}"

    @property
    def masked(self) -> str:
        """What may be shown on a screen: the end of the code only."""
        return f"…{self.day:%m%d}-{self.running[-4:]}"

    def __repr__(self) -> str:
        return "CaseCode(…)"


@dataclass(frozen=True)
class Refused:
    """A text that is not for us: the reason, and nothing of the text."""

    reason: RefusedReason


def classify(text: str, today: date) -> CaseCode | Refused:
    """Say what a scanned text is; *today* bounds the date of a case (a day ahead is allowed: clocks differ)."""
    if len(text) > LONGEST_TEXT:
        return Refused(RefusedReason.NOT_RECOGNISED)
    plain = text.strip().upper()
    if _is_identity_card(plain):
        return Refused(RefusedReason.IDENTITY_CARD)
    match = _CASE.fullmatch(plain)
    if match is None or len(match["unit"]) > LONGEST_UNIT:
        return Refused(RefusedReason.NOT_RECOGNISED)
    day = _date(match["day"])
    if day is None or day > today + timedelta(days=1):
        return Refused(RefusedReason.NOT_RECOGNISED)
    return CaseCode(match["unit"], day, match["running"])


def _is_identity_card(plain: str) -> bool:
    return bool(
        _CARD_NUMBER.fullmatch(plain)
        or _CARD_QR.match(plain)
        or _CARD_MRZ.match(plain)
        or plain.count("|") >= _MOST_BARS
    )


def _date(digits: str) -> date | None:
    year = int(digits[:-4]) + (2000 if len(digits) == 6 else 0)
    try:
        return date(year, int(digits[-4:-2]), int(digits[-2:]))
    except ValueError:
        return None
