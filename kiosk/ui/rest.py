"""The panel at rest: dimmed by its backlight or a black layer, woken by a touch, its picture wandering by pixels."""

from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.backlight import Backlight
from kiosk.core.resting import Habits, Rest, Resting
from kiosk.core.states import Idle, OutOfOrder, State

DIM_SHARE = 0.25  # of the usual brightness: still to be read from where a person stands
DIM_LAYER = 0.65  # opacity of the black layer where there is no backlight to dim


class RestingPanel:
    """Between `begin` and `end`, dims, darkens and moves *stage*; the touch that wakes it reaches nothing else."""

    def __init__(self, stage: Widget, habits: Habits, backlight: Backlight) -> None:
        self._stage = stage
        self._backlight = backlight
        self._resting = Resting(habits, Clock.get_time())
        self._shown = Rest.AWAKE
        self._layer_colour = Color(0, 0, 0, 0)
        self._layer = Rectangle()
        self._swallowed: set[Any] = set()

    @property
    def rest(self) -> Rest:
        """How the panel is."""
        return self._resting.rest

    @property
    def layer(self) -> float:
        """How opaque the black layer is."""
        return float(self._layer_colour.a)

    def begin(self) -> None:
        """Put the layer over everything, and be asked first about every touch."""
        self._backlight.set(1.0)
        Window.canvas.after.add(self._layer_colour)
        Window.canvas.after.add(self._layer)
        Window.bind(size=self._fit, on_touch_down=self._down, on_touch_move=self._swallow, on_touch_up=self._up)
        self._fit(Window, Window.size)

    def end(self) -> None:
        """Leave the panel as it was found."""
        Window.unbind(size=self._fit, on_touch_down=self._down, on_touch_move=self._swallow, on_touch_up=self._up)
        Window.canvas.after.remove(self._layer)
        Window.canvas.after.remove(self._layer_colour)
        self._backlight.set(1.0)

    def follow(self, state: State, *, heard: bool, closed: bool) -> None:
        """Let time pass on a screen; *heard*: something was scanned, *closed*: the office is."""
        now = Clock.get_time()
        if heard or not isinstance(state, Idle | OutOfOrder):
            self._resting.attended(now)
        else:
            self._resting.look(now, closed=closed)
        self._show()

    def _down(self, _window: object, touch: Any) -> bool:
        counts = self._resting.attended(Clock.get_time())
        self._show()
        if not counts:
            self._swallowed.add(touch.uid)
        return not counts

    def _swallow(self, _window: object, touch: Any) -> bool:
        return touch.uid in self._swallowed

    def _up(self, _window: object, touch: Any) -> bool:
        swallowed = touch.uid in self._swallowed
        self._swallowed.discard(touch.uid)
        return swallowed

    def _show(self) -> None:
        # Only what changes is touched: each change of the canvas is a redraw of the whole window.
        if self._stage.pos != list(self._resting.offset):
            self._stage.pos = self._resting.offset
        if self._resting.rest is self._shown:
            return
        self._shown = self._resting.rest
        match self._shown:
            case Rest.AWAKE:
                self._backlight.set(1.0)
                self._lay(0.0)
            case Rest.DIM:
                self._lay(0.0 if self._backlight.set(DIM_SHARE) else DIM_LAYER)
            case Rest.DARK:
                self._backlight.set(0.0)
                self._lay(1.0)  # on many panels the least brightness is not none

    def _lay(self, opacity: float) -> None:
        self._layer_colour.a = opacity
        self._fit(Window, Window.size)

    def _fit(self, _window: object, size: tuple[float, float]) -> None:
        # A layer that nobody sees would be painted over the whole window with every frame.
        self._layer.size = size if self._layer_colour.a else (0, 0)
