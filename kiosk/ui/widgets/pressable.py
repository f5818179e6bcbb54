"""What can be touched: a touch counts when it begins and ends on it, and was meant (`kiosk.core.touching`)."""

from collections.abc import Callable
from typing import Any, ClassVar

from kivy.clock import Clock
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.widget import Widget

from kiosk.core.touching import Touching, judge


class Pressable(Widget):
    """Fires `on_tap` for one finger, pressed and let go here, unless `deaf`. `pressed` while the finger is on it.

    `Pressable.felt` is called before every tap of any of them, for the sound of it: what the tap does may be heard
    instead. `Pressable.judged` is told what each touch was. `twice`: struck twice at once, it is meant twice.
    `beyond`: so many pixels above and below it a finger still finds it.
    """

    __events__ = ("on_tap",)

    felt: ClassVar[Callable[[], None]] = staticmethod(lambda: None)
    judged: ClassVar[Callable[[Touching], None]] = staticmethod(lambda _touching: None)

    pressed = BooleanProperty(False)
    deaf = BooleanProperty(False)
    twice = BooleanProperty(False)
    beyond = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        self._touch: Any = None
        self._since = 0.0
        self._tapped_at = float("-inf")
        super().__init__(**kwargs)

    def collide_point(self, x: float, y: float) -> bool:
        return bool(self.x <= x <= self.right and self.y - self.beyond <= y <= self.top + self.beyond)

    def on_tap(self) -> None:
        """What happens is up to whoever is bound to it."""

    def tap(self) -> None:
        """Do what a finger does that was meant."""
        Pressable.felt()
        self.dispatch("on_tap")

    def forget(self) -> None:
        """Let the finger that is down now count for nothing: what it was meant for is gone."""
        if self._touch is not None:
            self._touch.ungrab(self)
            self._touch = None
        self.pressed = False

    def on_touch_down(self, touch: Any) -> bool:
        if self._touch is not None or self.deaf or not self.collide_point(*touch.pos):
            return False
        if getattr(touch, "button", "left") != "left":
            return False  # a wheel or another button of a mouse
        touch.grab(self)
        self._touch = touch
        self._since = Clock.get_time()
        self.pressed = True
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        self.pressed = self.collide_point(*touch.pos)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        now = Clock.get_time()
        since_last = float("inf") if self.twice else self._since - self._tapped_at
        touching = judge(now - self._since, inside=self.collide_point(*touch.pos), since_last=since_last)
        self.forget()
        type(self).judged(touching)
        if touching is Touching.MEANT:
            self._tapped_at = now
            self.tap()
        return True
