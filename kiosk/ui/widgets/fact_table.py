"""Facts in rows: a sign, what it is, how it is."""

from collections.abc import Sequence
from typing import Any

from kivy.properties import ColorProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.ui.kv import load_rules
from kiosk.ui.look import LOOK
from kiosk.ui.service_rows import Row, Sign
from kiosk.ui.widgets import icon, text  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.panel import Panel

load_rules(__file__)

_DRAWINGS = {Sign.NONE: "dot", Sign.FINE: "dot", Sign.AMISS: "open_dot"}


class FactLine(BoxLayout):
    """One row; what is amiss stands out by its sign, its colour and its words."""

    label = StringProperty()
    value = StringProperty()
    drawing = StringProperty("dot")
    sign_ink = ColorProperty(LOOK.palette.online)
    value_ink = ColorProperty(LOOK.palette.ink)

    def show(self, row: Row) -> None:
        """Show a row; what has not changed is not drawn again."""
        self.label, self.value = row.label, row.value
        self.drawing = _DRAWINGS[row.sign]
        self.ids.sign.opacity = 0 if row.sign is Sign.NONE else 1
        self.sign_ink = LOOK.palette.offline if row.sign is Sign.AMISS else LOOK.palette.online
        self.value_ink = LOOK.palette.alert if row.sign is Sign.AMISS else LOOK.palette.ink


class FactTable(Panel, BoxLayout):
    """Rows below each other."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lines: list[FactLine] = []

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows; there are always as many."""
        while len(self._lines) < len(rows):
            self._lines.append(FactLine())
            self.add_widget(self._lines[-1])
        for line, row in zip(self._lines, rows, strict=True):
            line.show(row)
