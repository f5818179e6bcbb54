"""An area that draws where it is touched: what the panel takes, to be compared with the finger."""

from typing import Any

from kivy.graphics import Color, InstructionGroup, Line, Rectangle
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.label import Label

from kiosk.ui.kv import load_rules
from kiosk.ui.look import LOOK
from kiosk.ui.scale import SCALE
from kiosk.ui.widgets.icon import painted
from kiosk.ui.widgets.panel import Panel

load_rules(__file__)

MOST_TRACES = 6
MOST_POINTS = 500  # of a trace; a finger that lies there for hours must not fill the memory
DOT = 13.0  # design pixels


class TouchPad(Panel, Label):
    """Fires `on_used` when a finger comes down on it; `count` of them have. The latest traces stay until `wipe`."""

    __events__ = ("on_used",)

    count = NumericProperty(0)
    hint = StringProperty()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._traces: list[InstructionGroup] = []
        self._lines: dict[Any, Line] = {}

    def on_used(self) -> None:
        """What happens is up to whoever is bound to it."""

    def wipe(self) -> None:
        """Forget every trace."""
        for trace in self._traces:
            self.canvas.after.remove(trace)
        self._traces.clear()
        self._lines.clear()
        self.count = 0

    def on_touch_down(self, touch: Any) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self._begin(touch)
        self.count += 1
        self.dispatch("on_used")
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        line = self._lines.get(touch.uid)
        if line is not None and self.collide_point(*touch.pos) and len(line.points) < 2 * MOST_POINTS:
            line.points = [*line.points, *touch.pos]
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        self._lines.pop(touch.uid, None)
        return True

    def _begin(self, touch: Any) -> None:
        if len(self._traces) == MOST_TRACES:
            self.canvas.after.remove(self._traces.pop(0))
        reach = DOT * SCALE.px
        trace = InstructionGroup()
        trace.add(Color(*LOOK.palette.gold))
        line = Line(points=[*touch.pos], width=reach / 4, cap="round", joint="round")
        trace.add(line)
        trace.add(Color(1, 1, 1, 1))
        side = 2 * round(reach)
        dot = painted("dot", (side, side), 14, LOOK.palette.brand, LOOK.palette.brand)
        trace.add(Rectangle(pos=(round(touch.x - reach), round(touch.y - reach)), size=(side, side), texture=dot))
        self.canvas.after.add(trace)
        self._traces.append(trace)
        self._lines[touch.uid] = line
