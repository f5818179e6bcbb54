"""How the screens look just now: colours and sizes of text, as the visitor has chosen them."""

from dataclasses import fields, replace

from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty, ObjectProperty

from kiosk.ui.theme import HIGH_CONTRAST, USUAL, Sizes

# WCAG 2.1, 1.4.4 asks for twice the size on a page that scrolls; what does not scroll has room for this.
LARGER = 1.2
CHOICES = ("larger", "contrast", "low")
# Design pixels: 20 mm on a panel of 10.1 inches. Standing at a kiosk, people strike keys of 20 mm as surely as larger
# ones, and smaller ones less so (Colle and Hiszem, Ergonomics 47, 2004).
TARGET = 118

_USUALLY = Sizes()
# On a panel that stands five cards beside each other have no room for more, nor has the header beside its buttons.
_FIXED = ("narrow_face_label", "narrow_office", "narrow_unit", "narrow_language")
_LARGER = replace(
    _USUALLY,
    **{field.name: getattr(_USUALLY, field.name) * LARGER for field in fields(Sizes) if field.name not in _FIXED},
)


class Look(EventDispatcher):
    """`larger`: A+; `contrast`: dark on white; `low`: what can be touched stands in the lower part, within reach.

    The rules name `palette` and `sizes` and what of them they mean. Each is exchanged as a whole: a rule for all texts
    and the rule of one text follow the same property, and so in the order in which they were made.
    """

    palette = ObjectProperty(USUAL, rebind=True)  # what the rules show follows when it is exchanged
    sizes = ObjectProperty(_USUALLY, rebind=True)
    larger = BooleanProperty(False)
    contrast = BooleanProperty(False)
    low = BooleanProperty(False)
    target = TARGET

    def on_larger(self, _look: object, larger: bool) -> None:
        self.sizes = _LARGER if larger else _USUALLY

    def on_contrast(self, _look: object, contrast: bool) -> None:
        self.palette = HIGH_CONTRAST if contrast else USUAL

    def usual(self) -> None:
        """Look as for the next visitor."""
        self.larger = self.contrast = self.low = False


LOOK = Look()  # one per process, as there is one window per process
