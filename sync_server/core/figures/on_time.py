"""How cases keep their dates: answered before the day they were due, on it or after, and which wait beyond it. Pure.

By days, as the giấy hẹn promises them. Rows of the Biểu "tình hình, kết quả giải quyết thủ tục hành chính": trước hạn,
đúng hạn, quá hạn; đang giải quyết trong hạn and quá hạn (TT 01/2020/TT-VPCP, Biểu số II.06; not verified).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from sync_server.core.cases import Channel


class CaseBreakdown(StrEnum):
    """By what cases are told apart."""

    FIELD = "field"
    PROCEDURE = "procedure"
    OFFICER = "officer"
    CHANNEL = "channel"


@dataclass(frozen=True)
class CaseCell:
    """So many cases agree in all of this; the field is that of the procedure on the day when they were received."""

    procedure: str
    officer: str
    field: str | None
    channel: Channel | None
    received: date
    due: date | None
    returned: date | None
    cases: int


@dataclass(frozen=True)
class OnTime:
    """Cases of a time, counted; ordered as the Biểu has them."""

    received: int = 0  # in the time
    early: int = 0  # returned in the time, before the day they were due
    punctual: int = 0  # on that day
    late: int = 0  # after it
    unpromised: int = 0  # returned in the time, without a day they were due
    open_within: int = 0  # without result at the end of the time, and not due before it
    open_overdue: int = 0  # due before it
    open_unpromised: int = 0  # without a day they are due: a register that has none of these days knows no more
    days: int = 0  # from receipt to return, of all that were returned in the time

    @property
    def returned(self) -> int:
        return self.promised + self.unpromised

    @property
    def promised(self) -> int:
        """Returned in the time, and there was a day they were due."""
        return self.early + self.punctual + self.late

    @property
    def share(self) -> Fraction | None:
        """The part returned by the day they were due, exact; None when none with such a day was returned."""
        return Fraction(self.early + self.punctual, self.promised) if self.promised else None

    @property
    def average_days(self) -> Fraction | None:
        """Calendar days from receipt to return, exact; the same day is 0. None when nothing was returned."""
        return Fraction(self.days, self.returned) if self.returned else None

    def __add__(self, other: "OnTime") -> "OnTime":
        return OnTime(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class OnTimeRow:
    """A line of a breakdown; without a key: the cases that know none."""

    key: str | None
    counted: OnTime


@dataclass(frozen=True)
class OnTimeFigures:
    """How the cases of a time keep their dates, as it stood on a day."""

    first: date
    last: date
    on: date  # the last day, or today if that is earlier
    total: OnTime
    tables: Mapping[CaseBreakdown, tuple[OnTimeRow, ...]]

    @property
    def is_silent(self) -> bool:
        """Whether no case of the time has a day it is due or was returned on: then there is nothing to tell."""
        counted = self.total
        return not (counted.returned or counted.open_within or counted.open_overdue)


_KEYS: Mapping[CaseBreakdown, Callable[[CaseCell], str | None]] = {
    CaseBreakdown.FIELD: lambda cell: cell.field,
    CaseBreakdown.PROCEDURE: lambda cell: cell.procedure,
    CaseBreakdown.OFFICER: lambda cell: cell.officer,
    CaseBreakdown.CHANNEL: lambda cell: cell.channel,
}


def on_time(cells: Iterable[CaseCell], first: date, last: date, today: date, *, by_officer: bool) -> OnTimeFigures:
    """Count the cases of a time as they stood at its end, or stand today if it has not ended.

    Cells may hold cases of other times too. *by_officer*: whether officers are told apart at all.
    """
    on = min(last, today)
    shown = [each for each in CaseBreakdown if by_officer or each is not CaseBreakdown.OFFICER]
    total = OnTime()
    rows: Mapping[CaseBreakdown, defaultdict[str | None, OnTime]] = {each: defaultdict(OnTime) for each in shown}
    for cell in cells:
        counted = _count(cell, first, on)
        if counted == OnTime():
            continue
        total += counted
        for each in shown:
            rows[each][_KEYS[each](cell)] += counted
    return OnTimeFigures(first, last, on, total, {each: _ordered(rows[each]) for each in shown})


def _count(cell: CaseCell, first: date, on: date) -> OnTime:
    if cell.received > on:
        return OnTime()
    counted: dict[str, int] = {}
    if cell.received >= first:
        counted["received"] = cell.cases
    if cell.returned is None or cell.returned > on:
        counted[_waits(cell.due, on)] = cell.cases
    elif cell.returned >= first:
        counted[_kept(cell.due, cell.returned)] = cell.cases
        counted["days"] = (cell.returned - cell.received).days * cell.cases
    return OnTime(**counted)


def _kept(due: date | None, returned: date) -> str:
    if due is None:
        return "unpromised"
    if returned < due:
        return "early"
    return "punctual" if returned == due else "late"


def _waits(due: date | None, on: date) -> str:
    if due is None:
        return "open_unpromised"
    return "open_overdue" if due < on else "open_within"


def _ordered(rows: Mapping[str | None, OnTime]) -> tuple[OnTimeRow, ...]:
    listed = [OnTimeRow(key, counted) for key, counted in rows.items()]
    return tuple(sorted(listed, key=lambda row: (row.key is None, -row.counted.returned, row.key)))
