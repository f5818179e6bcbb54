"""What is being written: the lines that there is room for, the last ones, with a caret at the end."""

from typing import Any

from kivy.clock import Clock
from kivy.core.text import Label as Measure
from kivy.properties import ListProperty, NumericProperty, StringProperty

from kiosk.ui.kv import load_rules
from kiosk.ui.widgets import text  # noqa: F401 (the rules name it)
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.wrapping import wrapped

load_rules(__file__)

MORE_ABOVE = "… "


class Writing(Panel):
    """Shows `text`, or `invitation` while there is none. The caret stands still: a blinking one redraws the window."""

    text = StringProperty()
    invitation = StringProperty()
    font_size = NumericProperty(20)
    margin = NumericProperty(0)
    lines = ListProperty([""])  #: that are shown
    line_height = NumericProperty(20)
    caret_x = NumericProperty(0)  #: from the left of the lines, in pixels

    def __init__(self, **kwargs: Any) -> None:
        self._rewrap = Clock.create_trigger(self._wrap, -1)
        super().__init__(**kwargs)
        for name in ("text", "size", "font_size", "margin"):
            self.fbind(name, self._rewrap)
        self._rewrap()

    def _wrap(self, _passed: float) -> None:
        measure = Measure(font_size=self.font_size)
        room = self.width - 2 * self.margin

        def width(words: str) -> float:
            return float(measure.get_extents(words)[0])

        lines = wrapped(self.text, lambda line: width(line) <= room)
        self.line_height = measure.get_extents("Ấ")[1]
        most = max(1, int((self.height - self.margin) // self.line_height))
        if len(lines) > most:
            # Narrower, for the sign that there is more above.
            lines = wrapped(self.text, lambda line: width(MORE_ABOVE + line) <= room)[-most:]
            lines[0] = MORE_ABOVE + lines[0]
        self.lines = lines
        self.caret_x = min(width(lines[-1]), room)
