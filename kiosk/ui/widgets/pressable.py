"""What can be touched: a touch counts when it begins and ends on it."""

from typing import Any

from kivy.properties import BooleanProperty
from kivy.uix.widget import Widget


class Pressable(Widget):
    """Fires `on_tap` for one finger, pressed and let go here, unless `deaf`. `pressed` while the finger is on it."""

    __events__ = ("on_tap",)

    pressed = BooleanProperty(False)
    deaf = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        self._touch: Any = None
        super().__init__(**kwargs)

    def on_tap(self) -> None:
        """What happens is up to whoever is bound to it."""

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
        on_it = self.collide_point(*touch.pos)
        self.forget()
        if on_it:
            self.dispatch("on_tap")
        return True
