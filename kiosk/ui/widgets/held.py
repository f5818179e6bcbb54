"""A sign that does something when it is held for a while: not for citizens, who do not hold signs."""

from typing import Any

from kivy.clock import Clock

from kiosk.ui.widgets.icon import Icon

HELD_SECONDS = 3.0


class HeldIcon(Icon):
    """Fires `on_held` when a finger has stayed on it for HELD_SECONDS."""

    __events__ = ("on_held",)

    def __init__(self, **kwargs: Any) -> None:
        self._touch: Any = None
        self._due = Clock.create_trigger(self._held, HELD_SECONDS)
        super().__init__(**kwargs)

    def on_held(self) -> None:
        """What happens is up to whoever is bound to it."""

    def on_touch_down(self, touch: Any) -> bool:
        if self._touch is not None or not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        self._touch = touch
        self._due()
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        if not self.collide_point(*touch.pos):
            self._due.cancel()
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.grab_current is not self:
            return False
        self._due.cancel()
        touch.ungrab(self)
        self._touch = None
        return True

    def _held(self, _passed: float) -> None:
        self.dispatch("on_held")
