"""Which key of the keyboard a finger touches next for a text. Knows the keyboard as it stands."""

import unicodedata
from collections.abc import Iterator, Mapping

from kiosk.core.syllables import TONES
from kiosk.ui.widgets.key import Key
from kiosk.ui.widgets.key_rows import SIGNS
from kiosk.ui.widgets.keyboard import Keyboard, Shift

_SIGNS = "".join(SIGNS)


def strokes(text: str) -> Iterator[str]:
    """Return what is struck for a text, one key each: letters as they are, a tone after its letter."""
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tones = [part for part in parts if part in TONES]
        yield unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        yield from tones


def next_key(keyboard: Keyboard, stroke: str) -> Key | None:
    """Return the key to touch now: that of the stroke, or one that leads to it; None where no key does."""
    ids: Mapping[str, Key] = keyboard.ids
    for name in ("blank", "comma", "stop", "question"):
        if ids[name].meaning == stroke:
            return ids[name]
    if keyboard.signs != (stroke in _SIGNS):
        return ids["page"]
    if stroke.isupper() != (keyboard.shift is not Shift.OFF) and stroke.isalpha():
        return ids["shift"]
    keys: Iterator[Key] = keyboard.touchable()
    return next((key for key in keys if key.meaning == stroke), None)
