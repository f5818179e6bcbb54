"""How many real pixels a design pixel is: the screens are designed for 1280×800, or 800×1280 on a panel that stands."""

from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty, NumericProperty

# The layouts give way to these heights (between their rows) before anything has to become smaller.
DESIGN_WIDTH, LEAST_DESIGN_HEIGHT = 1280, 750
PORTRAIT_WIDTH, LEAST_PORTRAIT_HEIGHT = 800, 1180


class Scale(EventDispatcher):
    """`px`: real pixels per design pixel; whatever is bound to it follows when the panel turns out different.

    In `portrait`, layouts have 800 design pixels of width instead of 1280: what stood beside each other stands below.
    """

    px = NumericProperty(1.0)
    portrait = BooleanProperty(False)

    def fit(self, width: float, height: float) -> None:
        """Take the size of the panel, in pixels."""
        # First: what follows both shall not be laid out large in a narrow place in between.
        self.portrait = height > width
        across, least_height = (
            (PORTRAIT_WIDTH, LEAST_PORTRAIT_HEIGHT) if self.portrait else (DESIGN_WIDTH, LEAST_DESIGN_HEIGHT)
        )
        self.px = max(0.1, min(width / across, height / least_height))


SCALE = Scale()  # one per process, as there is one window per process
