"""Cases without result whose day has passed or is about to: to whom an apology is due, and since when. Pure.

"chậm nhất trước 01 ngày hết thời hạn giải quyết" an apology with another day goes out (NĐ 61/2018/NĐ-CP Đ.19 khoản 9).
Whether it did, no register of cases says.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sync_server.core.figures.on_time import CaseCell

NOTICE = timedelta(days=1)


class Standing(StrEnum):
    """How late it is for a case."""

    OVERDUE = "overdue"  # the day has passed
    DUE_TODAY = "due-today"  # the last day for an apology was yesterday
    LAST_DAY = "last-day"  # due tomorrow: what cannot be done by then is apologised for today


@dataclass(frozen=True)
class ApologyDue:
    """So many cases of one kind, received and due on the same days; *days* late, 0 or below: not yet."""

    standing: Standing
    due: date
    days: int
    received: date
    procedure: str
    officer: str
    field: str | None
    cases: int


def apologies_due(cells: Iterable[CaseCell], today: date) -> tuple[ApologyDue, ...]:
    """Return what is overdue or due by tomorrow, the longest overdue first."""
    found = Counter[tuple[date, date, str, str, str | None]]()
    for cell in cells:
        is_open = cell.received <= today and (cell.returned is None or cell.returned > today)
        if is_open and cell.due is not None and cell.due - NOTICE <= today:
            found[cell.due, cell.received, cell.procedure, cell.officer, cell.field] += cell.cases
    return tuple(
        ApologyDue(_standing(due, today), due, (today - due).days, received, procedure, officer, field, number)
        for (due, received, procedure, officer, field), number in sorted(
            found.items(), key=lambda item: (*item[0][:4], item[0][4] or "")
        )
    )


def _standing(due: date, today: date) -> Standing:
    if due < today:
        return Standing.OVERDUE
    return Standing.DUE_TODAY if due == today else Standing.LAST_DAY
