"""How many real pixels a design pixel is: the screens are designed for 1280×800 and drawn for any panel."""

from kivy.event import EventDispatcher
from kivy.properties import NumericProperty

# The layouts give way to 750 in height (between their rows) before anything has to become smaller.
DESIGN_WIDTH, LEAST_DESIGN_HEIGHT = 1280, 750


class Scale(EventDispatcher):
    """`px`: real pixels per design pixel; whatever is bound to it follows when the panel turns out different."""

    px = NumericProperty(1.0)

    def fit(self, width: float, height: float) -> None:
        """Take the size of the panel, in pixels."""
        self.px = max(0.1, min(width / DESIGN_WIDTH, height / LEAST_DESIGN_HEIGHT))


SCALE = Scale()  # one per process, as there is one window per process
