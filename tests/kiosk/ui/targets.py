"""Where a finger finds something, in millimetres of the panel: how large, how far apart, how high."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import hypot
from typing import Any

from kivy.uix.widget import Widget

from kiosk.ui.widgets.button import LanguageButton, LookButton
from kiosk.ui.widgets.column import Anywhere
from kiosk.ui.widgets.held import HeldIcon
from kiosk.ui.widgets.key import Key
from kiosk.ui.widgets.pressable import Pressable
from kiosk.ui.widgets.service_button import PinKey, ServiceButton
from kiosk.ui.widgets.touch_pad import TouchPad

DIAGONAL = 10.1 * 25.4
ROUNDING = 0.05

# Colle and Hiszem, Ergonomics 47 (2004): at a kiosk, 20 mm are struck as surely as 25, and 15 are not.
TARGET = 20.0
APART = 2.0
# Not needed for a vote, and not for standing in the way of one. What is left are these kinds, each with its reason.
SMALLER: dict[type[Widget], float] = {
    # Parhi, Karlson and Bederson, MobileHCI 2006: 9.6 mm where one target follows the other. Five rows of keys have to
    # stand below what they write.
    Key: 9.6,
    # 9.2 mm where there is one to strike (the same); a wrong one is put right by the next touch.
    LanguageButton: 9.2,
    LookButton: 9.2,
    # Staff only. VVSG 2.0, touch area size: 0.5 inches.
    ServiceButton: 12.7,
    PinKey: 12.7,
    # Held for three seconds by staff, not struck.
    HeldIcon: 8.0,
}
# Colle and Hiszem: 1 mm between keys is as good as 3.
CLOSER: dict[type[Widget], float] = {Key: 1.0}


@dataclass(frozen=True)
class Target:
    """A place to touch, in millimetres from the lower left corner of the panel."""

    name: str
    widget: Any
    left: float
    bottom: float
    right: float
    top: float

    @property
    def side(self) -> float:
        """The shorter one."""
        return min(self.right - self.left, self.top - self.bottom)

    def gap(self, other: "Target") -> float:
        """How far the other is away; negative where they overlap."""
        across = max(other.left - self.right, self.left - other.right)
        up = max(other.bottom - self.top, self.bottom - other.top)
        return max(across, up)


def targets(stage: Widget, panel: tuple[int, int]) -> list[Target]:
    """Return everything that answers to a finger now on a panel of 10.1 inches."""
    millimetre = hypot(*panel) / DIAGONAL
    return [
        Target(
            getattr(widget, "text", "") or getattr(widget, "words", "") or type(widget).__name__,
            widget,
            *(edge / millimetre for edge in _reach(widget)),
        )
        for widget in _shown(stage)
        if isinstance(widget, Pressable | HeldIcon | TouchPad) and not getattr(widget, "deaf", False)
    ]


def height_of(panel: tuple[int, int]) -> float:
    """Return how high a panel of so many pixels and 10.1 inches is."""
    return panel[1] * DIAGONAL / hypot(*panel)


def complaints(found: list[Target], panel: tuple[int, int]) -> Iterator[str]:
    """Say of each target what is wrong with it."""
    height = height_of(panel)
    width = height * panel[0] / panel[1]
    for target in found:
        least = next((least for kind, least in SMALLER.items() if isinstance(target.widget, kind)), TARGET)
        if target.side < least:
            yield f"{target.name!r} is {target.side:.1f} mm small, not {least}"
        if min(target.left, target.bottom, width - target.right, height - target.top) < -ROUNDING:
            yield f"{target.name!r} leaves the panel"
    for one, other in combinations(found, 2):
        # Who misses what stands beside a notice has touched the notice, which then is gone as if it had been read.
        if isinstance(one.widget, Anywhere) or isinstance(other.widget, Anywhere):
            least = 0.0
        else:
            least = next(
                (
                    gap
                    for kind, gap in CLOSER.items()
                    if isinstance(one.widget, kind) and isinstance(other.widget, kind)
                ),
                APART,
            )
        if one.gap(other) < least - ROUNDING:
            yield f"{one.name!r} and {other.name!r} are {one.gap(other):.1f} mm apart, not {least}"


def _reach(widget: Any) -> tuple[float, float, float, float]:
    x, y = widget.to_window(*widget.pos)
    beyond = getattr(widget, "beyond", 0.0)
    return x, y - beyond, x + widget.width, y + widget.height + beyond


def _shown(widget: Widget) -> Iterator[Widget]:
    if widget.opacity:
        yield widget
        for child in widget.children:
            yield from _shown(child)
