"""A Vietnamese keyboard: every letter, hook, hat and tone has a key, and Telex and VNI work beside them."""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.core.composing import ERASE, Method
from kiosk.ui.kv import load_rules
from kiosk.ui.widgets.key import Key
from kiosk.ui.widgets.key_rows import ENDS, LETTERS, SIGNS, TONE_NAMES, VNI_HINTS, following, shapes_and_tones
from kiosk.ui.wording import KeyNames

load_rules(__file__)


class Shift(Enum):
    """Whether letters are capitals."""

    OFF = 0
    ONCE = 1  #: the next letter
    LOCKED = 2


_AFTER = {Shift.OFF: Shift.ONCE, Shift.ONCE: Shift.LOCKED, Shift.LOCKED: Shift.OFF}


class KeyRow(BoxLayout):
    """Keys beside each other."""


class Keyboard(BoxLayout):
    """Calls *on_key* with each key that is touched: a letter or sign, a blank, a tone, ERASE, or a Method.

    `method` is the one in force, to be set by whoever follows the keys. Only capitals and the page are its own.
    """

    method = ObjectProperty(Method.TELEX)
    shift = ObjectProperty(Shift.OFF)
    signs = BooleanProperty(False)  #: the page of digits and signs
    names = ObjectProperty()  #: what its own keys are called

    def __init__(self, on_key: Callable[[str], None], names: KeyNames, **kwargs: Any) -> None:
        self._on_key = on_key
        self._rows: list[list[Key]] = []
        super().__init__(names=names, **kwargs)
        for name, count in (("shapes", 7), ("tones", 5), ("upper", 10), ("home", 9), ("lower", 7)):
            keys = [Key(look="mark" if name in ("shapes", "tones") else "letter") for _ in range(count)]
            self._rows.append(keys)
            for key in keys:
                key.bind(on_tap=self._tapped)
                self.ids[name].add_widget(key)
        for name, end in zip(("comma", "stop", "question"), ENDS, strict=True):
            self.ids[name].meaning = self.ids[name].label = end
        for name in ("comma", "stop", "question", "blank", "erase"):
            self.ids[name].bind(on_tap=self._tapped)
        self.ids.blank.meaning, self.ids.erase.meaning = " ", ERASE
        self.ids.shift.bind(on_tap=self._shifted)
        self.ids.page.bind(on_tap=self._turned)
        self.ids.switch.bind(on_tap=lambda _key: self._on_key(following(self.method)))
        for name in ("method", "shift", "signs", "names"):
            self.fbind(name, self._label)
        self._label()

    def start_over(self) -> None:
        """Show small letters, as the next person expects them."""
        self.shift, self.signs = Shift.OFF, False

    def touchable(self) -> Iterator[Key]:
        """Return the keys that can be touched now."""
        for widget in self.walk(restrict=True):
            if isinstance(widget, Key) and not widget.deaf:
                yield widget

    def _tapped(self, key: Key) -> None:
        meaning = key.meaning
        if self.shift is Shift.ONCE and meaning.isalpha():
            self.shift = Shift.OFF
        self._on_key(meaning)

    def _shifted(self, _key: Key) -> None:
        self.shift = _AFTER[self.shift]

    def _turned(self, _key: Key) -> None:
        self.signs = not self.signs

    def _label(self, *_: object) -> None:
        page = SIGNS if self.signs else LETTERS
        for keys, meanings in zip(self._rows, (*shapes_and_tones(self.method), *page), strict=True):
            for key, meaning in zip(keys, meanings, strict=True):
                key.meaning = meaning if self.shift is Shift.OFF else meaning.upper()
                key.label = TONE_NAMES.get(meaning, key.meaning)
                key.hint = VNI_HINTS.get(meaning, "") if keys[0].look == "mark" else ""
        ids = self.ids
        ids.shift.sign = "shift_locked" if self.shift is Shift.LOCKED else "shift"
        ids.shift.lit = not self.signs and self.shift is not Shift.OFF
        ids.shift.deaf, ids.shift.opacity = self.signs, 0 if self.signs else 1
        ids.page.label = "ABC" if self.signs else "123 ?!"
        ids.blank.label = self.names.blank
        ids.switch.label = self.names.methods[self.method]
