"""How the screens look just now: colours and sizes of text, as the visitor has chosen them."""

from dataclasses import fields
from typing import Any

from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, ObjectProperty

from kiosk.ui.theme import HIGH_CONTRAST, USUAL, Palette, Sizes

# WCAG 2.1, 1.4.4 asks for twice the size on a page that scrolls; what does not scroll has room for this.
LARGER = 1.2
_COLOURS = [field.name for field in fields(Palette) if field.name not in ("least_contrast", "levels")]


def _properties() -> dict[str, Any]:
    colours = {name: ColorProperty(getattr(USUAL, name)) for name in _COLOURS}
    sizes = {field.name: NumericProperty(field.default) for field in fields(Sizes)}
    return {**colours, **sizes, "levels": ObjectProperty(USUAL.levels)}


# One property per colour of a palette and per size of text; whatever is bound to one follows.
_Named: Any = type("_Named", (EventDispatcher,), _properties())


class Look(_Named):  # type: ignore[misc]
    """`larger`: A+; `contrast`: dark on white; `low`: what can be touched stands in the lower part, within reach."""

    larger = BooleanProperty(False)
    contrast = BooleanProperty(False)
    low = BooleanProperty(False)

    def on_larger(self, _look: object, larger: bool) -> None:
        for field in fields(Sizes):
            setattr(self, field.name, getattr(Sizes, field.name) * (LARGER if larger else 1))

    def on_contrast(self, _look: object, contrast: bool) -> None:
        palette = self.palette
        for name in (*_COLOURS, "levels"):
            setattr(self, name, getattr(palette, name))

    @property
    def palette(self) -> Palette:
        """The colours of now, together."""
        return HIGH_CONTRAST if self.contrast else USUAL

    def usual(self) -> None:
        """Look as for the next visitor."""
        self.larger = self.contrast = self.low = False


LOOK = Look()  # one per process, as there is one window per process
