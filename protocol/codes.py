"""What a scanned text means: a case, a queue ticket, a badge, an enrolment, or nothing for us.

Pure: today's date is an argument. A text that is refused goes no further than this module; what comes back never holds
any of it, and of a text that holds more than a case code only the code. Sources: NĐ 61/2018 Đ.26 and TT
01/2018/TT-VPCP Đ.19 (structure of a case code: unit, day of receipt, running number of the day).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import unquote

from protocol.badges import Badge, read_badge
from protocol.enrolment import Enrolment, is_enrolment, read_enrolment
from protocol.identity_cards import is_identity_card, resembles_identity_card
from protocol.other_papers import is_health_card, is_look_alike, is_payment, resembles_health_card
from protocol.tickets import QueueTicket, read_ticket
from protocol.units import LONGEST_UNIT, UNIT, belongs_to

LONGEST_TEXT = 512  # a chip-card QR is 100 to 200 characters

# Within a longer text a code must stand apart: otherwise the end of one number and the beginning of another would make
# a case. Only ASCII delimits; a full stop does where a sentence ends.
_DELIMITERS = r"\s=/:;,?&+#()\[\]<>{}|\"'*"
_CASE = re.compile(
    rf"(?<![^{_DELIMITERS}])"
    rf"(?P<unit>{UNIT})[-.](?P<day>[0-9]{{8}}|[0-9]{{6}})[-.](?P<running>[0-9]{{4,14}})"
    rf"(?=\.?(?:\s|\Z)|[{_DELIMITERS}])",
    re.ASCII | re.IGNORECASE,
)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"  # for what was no UTF-8


class RefusedReason(StrEnum):
    """Why a scanned text is refused; the value names the wording and the count."""

    IDENTITY_CARD = "identity-card"
    HEALTH_CARD = "health-card"
    PAYMENT = "payment"
    LOOK_ALIKE = "look-alike"  # a number of a procedure, a document, a unit, a product
    QUEUE_TICKET = "queue-ticket"  # where nothing is done with tickets
    AMBIGUOUS = "ambiguous"  # two cases in one text
    UNREADABLE = "unreadable"  # damaged on the way
    NOT_RECOGNISED = "not-recognised"


@dataclass(frozen=True, repr=False)
class CaseCode:
    """A case code (mã số hồ sơ) in parts. Its repr is masked: a code leads to a person.

    *foreign*: of another office, where one's own were named. The same case is the same wherever it is scanned, so this
    makes no difference between two codes.
    """

    unit: str
    day: date
    running: str
    foreign: bool = field(default=False, compare=False)

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


Meaning = CaseCode | QueueTicket | Badge | Enrolment | Refused


def classify(text: str, today: date, own_units: Collection[str] = ()) -> Meaning:
    """Say what a scanned text is.

    *today* bounds the day of a case (a day ahead is allowed: clocks differ). Cases of other units than *own_units* and
    those below them are marked foreign; none: every unit is own. Never raises. What can be an identity card is
    refused as one, whatever else the text holds.
    """
    plain = _plain(text[:LONGEST_TEXT])
    legible = "".join(filter(_is_legible, plain)).upper()
    refused = _not_for_us(legible)
    if refused is not None:
        return Refused(refused)
    if len(text) > LONGEST_TEXT:
        return Refused(RefusedReason.NOT_RECOGNISED)
    if not all(map(_is_legible, plain)):
        # What is left may still be told for a card, so that its holder hears the right words.
        return Refused(RefusedReason.IDENTITY_CARD if resembles_identity_card(legible) else RefusedReason.UNREADABLE)
    return _whole(plain) or _within(plain, today, own_units) or Refused(_unknown(legible))


def _plain(text: str) -> str:
    plain = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").strip(" \t\r\n")
    return unquote(plain) if "://" in plain else plain


def _is_legible(letter: str) -> bool:
    return (letter.isprintable() or letter in "\t\r\n\N{NO-BREAK SPACE}") and letter != _REPLACEMENT


def _not_for_us(capitals: str) -> RefusedReason | None:
    """Why a text is refused whatever else it holds."""
    if is_health_card(capitals):  # has as many bars as an identity card
        return RefusedReason.HEALTH_CARD
    if is_identity_card(capitals):
        return RefusedReason.IDENTITY_CARD
    if is_payment(capitals):
        return RefusedReason.PAYMENT
    return None


def _whole(plain: str) -> QueueTicket | Badge | Enrolment | Refused | None:
    """What a text is that holds nothing else."""
    if is_enrolment(plain):
        return read_enrolment(plain) or Refused(RefusedReason.UNREADABLE)
    return read_badge(plain) or read_ticket(plain)


def _within(plain: str, today: date, own_units: Collection[str]) -> CaseCode | Refused | None:
    """The one case code that a text holds."""
    found: dict[str, CaseCode] = {}
    for match in _CASE.finditer(plain):
        unit, day = match["unit"].upper(), _date(match["day"])
        if len(unit) <= LONGEST_UNIT and day is not None and day - today <= timedelta(days=1):
            code = CaseCode(unit, day, match["running"], foreign=not belongs_to(unit, own_units))
            found[code.canonical] = code
    match list(found.values()):
        case []:
            return None
        case [code]:
            return code
        case _:
            return Refused(RefusedReason.AMBIGUOUS)


def _unknown(capitals: str) -> RefusedReason:
    """Why a text is refused that holds nothing for us."""
    if resembles_health_card(capitals):
        return RefusedReason.HEALTH_CARD
    if resembles_identity_card(capitals):
        return RefusedReason.IDENTITY_CARD
    if is_look_alike(capitals):
        return RefusedReason.LOOK_ALIKE
    return RefusedReason.NOT_RECOGNISED


def _date(digits: str) -> date | None:
    year = int(digits[:-4]) + (2000 if len(digits) == 6 else 0)
    try:
        return date(year, int(digits[-4:-2]), int(digits[-2:]))
    except ValueError:
        return None
