"""How the screens look: every colour and every size of text, in one place.

Sizes are design pixels of a 1280×800 panel; `kiosk.ui.scale` says how many real pixels one of them is.
"""

from dataclasses import dataclass

from protocol.messages import Level

Colour = tuple[float, float, float, float]


def colour(code: str, alpha: float = 1.0) -> Colour:
    """Return what Kivy calls a colour: red, green, blue and opacity from 0 to 1, of a code such as #4A2A6B."""
    red, green, blue = (int(code[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return (red, green, blue, alpha)


WHITE = colour("#FFFFFF")
CLEAR = colour("#FFFFFF", 0.0)
BRAND = colour("#4A2A6B")
BRAND_PRESSED = colour("#341C4E")
ON_BRAND_SOFT = colour("#E4DCEC")  # second line of the header
ON_BRAND_LINE = colour("#A795B5")  # outline of a button on the header
BRAND_TINT = colour("#F0EAF8")
BRAND_LINE = colour("#D6C9E6")
GOLD = colour("#C9972B")
PAPER = colour("#F6F3EE")
INK = colour("#1E1B26")
MUTED = colour("#5E5968")
LINE = colour("#DDD6CB")
KEY = colour("#E9E4DB")  # of the keyboard, that writes nothing
LASER = colour("#D8352A")
LASER_GLOW = colour("#D8352A", 0.30)
SHADOW = colour("#1E1B26", 0.08)
SHADOW_DEEP = colour("#1E1B26", 0.11)
ONLINE = colour("#2E7D62")
OFFLINE = colour("#C77700")
DONE = colour("#0C6B45")
ALERT = colour("#A8321F")


@dataclass(frozen=True)
class LevelColours:
    """The ink of a level's face, border and text, and the tint of its card."""

    ink: Colour
    tint: Colour


LEVELS: dict[Level, LevelColours] = {
    1: LevelColours(colour("#A8321F"), colour("#FBE9E4")),
    2: LevelColours(colour("#9A4F0E"), colour("#FCEFDF")),
    3: LevelColours(colour("#5B5663"), colour("#EFEDF0")),
    4: LevelColours(colour("#1F6B5A"), colour("#E3F3EE")),
    5: LevelColours(colour("#0C6B45"), colour("#DCF1E6")),
}

# Every pair of text and ground that the screens use; each must be readable (WCAG 2.1, 1.4.3: at least 4.5 to 1).
READ_TOGETHER: tuple[tuple[Colour, Colour], ...] = (
    (INK, PAPER),
    (MUTED, PAPER),
    (ALERT, PAPER),
    (INK, WHITE),
    (MUTED, WHITE),
    (BRAND, WHITE),
    (BRAND, BRAND_TINT),
    (INK, KEY),
    (WHITE, BRAND),
    (WHITE, BRAND_PRESSED),
    (ON_BRAND_SOFT, BRAND),
    *((look.ink, look.tint) for look in LEVELS.values()),
    *((WHITE, look.ink) for look in LEVELS.values()),
)

# Text sizes, in design pixels.
HEADLINE = 58
TITLE = 56
QUESTION = 42
NOTICE = 46
ASK = 38
BODY = 27
FACE_LABEL = 27
NARROW_FACE_LABEL = 22  # on a panel that stands
BUTTON = 27
HINT = 24
PILL = 22
OFFICE = 24
UNIT = 17
LANGUAGE = 20
KEY_LETTER = 34
KEY_WORD = 24
NARROW_KEY_WORD = 21
PAPER_TITLE = 20
SMALL = 19
