"""The identifiers of units: how they are written, and which belong to an office. Pure.

Sources: QĐ 20/2020/QĐ-TTg Đ.4 (level 1 leads: a letter A–Y and two digits, then lower levels; at most 35 characters),
QCVN 102:2016/BTTTT (the older order: lower levels first).
"""

import re
from collections.abc import Collection

LONGEST_UNIT = 35
UNIT = r"(?:[0-9A-Z]{2,3}\.){0,3}[A-Y][0-9]{2}(?:\.[0-9A-Z]{1,4}){0,6}"  # of a text in capitals

_UNIT = re.compile(UNIT)


def is_unit(text: str) -> bool:
    """Whether *text* is the identifier of a unit, in capitals."""
    return len(text) <= LONGEST_UNIT and _UNIT.fullmatch(text) is not None


def belongs_to(unit: str, own_units: Collection[str]) -> bool:
    """Whether *unit* is one of *own_units* or below one, in either order of the levels; none: every unit is own."""
    return not own_units or any(
        unit == own or unit.startswith(f"{own}.") or unit.endswith(f".{own}") for own in own_units
    )
