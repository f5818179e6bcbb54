"""The keys that a scanner presses, by the codes of linux/input-event-codes.h."""

SHIFT, CAPS, ENTER, KEYPAD_ENTER, TAB, CONTROL, ALT, NUM_LOCK, F1 = 42, 58, 28, 96, 15, 29, 56, 69, 59
# The codes of linux/input-event-codes.h.
CODES = dict(zip("1234567890-=", range(2, 14), strict=True))
CODES |= dict(zip("qwertyuiop[]", range(16, 28), strict=True))
CODES |= dict(zip("asdfghjkl;'`", range(30, 42), strict=True))
CODES |= dict(zip("\\zxcvbnm,./", range(43, 54), strict=True))
CODES[" "] = 57
SHIFTED = dict(zip('!@#$%^&*()_+{}:"~|<>?', "1234567890-=[];'`\\,./", strict=True))


def tap(code: int) -> list[tuple[int, int]]:
    return [(code, 1), (code, 0)]


def strokes(text: str) -> list[tuple[int, int]]:
    """The keys of a text, as a scanner presses them."""
    keys: list[tuple[int, int]] = []
    for character in text:
        plain = SHIFTED.get(character, character.lower())
        keys += tap(CODES[plain]) if plain == character else [(SHIFT, 1), *tap(CODES[plain]), (SHIFT, 0)]
    return keys
