"""Who wants to see the service page enters its PIN."""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty

from kiosk.core.events import BackTouched, DigitTouched, SendTouched
from kiosk.ui.kv import load_rules
from kiosk.ui.screens.base import KioskScreen
from kiosk.ui.touch import Touch
from kiosk.ui.widgets import column, icon, pin_dots, text  # noqa: F401 (the rules name them)
from kiosk.ui.widgets.service_button import PinKey
from kiosk.ui.wording import Wording

load_rules(__file__)


class PinScreen(KioskScreen):
    """`typed` digits stand there, none of which is shown; `wrong`: the last try was."""

    typed = NumericProperty(0)
    wrong = BooleanProperty(False)

    def __init__(self, wording: Wording, touch: Touch, **kwargs: Any) -> None:
        super().__init__(wording, touch, **kwargs)
        self._delete, self._enter = PinKey(), PinKey(main=True)
        self._delete.bind(on_tap=lambda _key: touch(BackTouched))
        self._enter.bind(on_tap=lambda _key: touch(SendTouched))
        self.keys = {digit: PinKey(text=digit) for digit in "1234567890"}
        for digit, key in self.keys.items():
            key.bind(on_tap=lambda _key, digit=digit: touch(DigitTouched, digit))
        for key in (*(self.keys[digit] for digit in "123456789"), self._delete, self.keys["0"], self._enter):
            self.ids.keypad.add_widget(key)
        self.fbind("wording", self._reword)
        self._reword()

    @property
    def enter(self) -> PinKey:
        """The key that ends the PIN."""
        return self._enter

    @property
    def delete(self) -> PinKey:
        """The key that takes the last digit back."""
        return self._delete

    def _reword(self, *_: object) -> None:
        self._delete.text = self.wording.pin.delete
        self._enter.text = self.wording.pin.enter
