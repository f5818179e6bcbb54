"""How an office counts and what it must state: dated, so that an old quarter keeps its rules. Pure."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from sync_server.core.entries import Entry
from sync_server.core.labelling.names import ALL_LABELS
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.rounding import MOST_DECIMALS, Mode

LONGEST_BASIS = 500  # characters
# No rule of the State names a day: what is asked for is "đúng thời gian quy định". This project's judgement.
DECISION_DAYS = 10  # working days
# Also this project's judgement; an office may say more, such as the 90 days of Luật Khiếu nại 02/2011/QH13, Điều 9.
COMPLAINT_DAYS = 30


class Period(StrEnum):
    """Which days make a quarter."""

    CALENDAR = "calendar"
    # "từ ngày 15 của tháng trước kỳ báo cáo đến ngày 14 của tháng cuối quý", as in administrative reports
    # (NĐ 09/2019/NĐ-CP, Điều 12).
    FIFTEENTH = "15th-to-14th"


class Rules(Entry, frozen=True):
    """What holds where an office has said nothing else; ValueError says which value is not usable."""

    period: Period = Period.CALENDAR
    rounding: Mode = Mode.HALF_UP
    decimals: Annotated[int, Meta(ge=0, le=MOST_DECIMALS)] = 1
    target: Decimal = Decimal(80)  # percent satisfied
    excluded: tuple[str, ...] = ()  # votes with one of these labels are left out of the official figure
    # A breakdown that concerns persons shows no cell of fewer votes.
    least_shown: Annotated[int, Meta(ge=1, le=100)] = 5
    by_officer: bool = True  # whether figures of single officers are made at all
    labelling: Labelling = Labelling()
    # Until when after its last day a quarter's Decision is issued; how long afterwards somebody may complain.
    decision_days: Annotated[int, Meta(ge=1, le=250)] = DECISION_DAYS
    complaint_days: Annotated[int, Meta(ge=1, le=3650)] = COMPLAINT_DAYS
    legal_bases: tuple[Annotated[str, Meta(min_length=1, max_length=LONGEST_BASIS)], ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.target <= 100:
            raise ValueError("target: expected a percentage from 0 to 100")
        if unknown := [label for label in self.excluded if label not in ALL_LABELS]:
            raise ValueError(f"excluded: there is no label {unknown[0]!r}; there are {', '.join(ALL_LABELS)}")
        if len(set(self.excluded)) < len(self.excluded):
            raise ValueError("excluded: a label stands twice")


USUAL_RULES = Rules()
