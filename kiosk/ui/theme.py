"""How the screens can look: every colour and every size of text, in one place; `kiosk.ui.look` says which are shown.

Sizes are design pixels of a 1280×800 panel; `kiosk.ui.scale` says how many real pixels one of them is.
"""

from dataclasses import dataclass

from protocol.messages import Level

Colour = tuple[float, float, float, float]


def colour(code: str, alpha: float = 1.0) -> Colour:
    """Return what Kivy calls a colour: red, green, blue and opacity from 0 to 1, of a code such as #4A2A6B."""
    red, green, blue = (int(code[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return (red, green, blue, alpha)


_WHITE, _CLEAR = colour("#FFFFFF"), colour("#FFFFFF", 0.0)


@dataclass(frozen=True)
class LevelColours:
    """The ink of a level's face, border and text, and the tint of its card."""

    ink: Colour
    tint: Colour


def _levels(*codes: tuple[str, str]) -> dict[Level, LevelColours]:
    return {level: LevelColours(colour(ink), colour(tint)) for level, (ink, tint) in enumerate(codes, start=1)}


@dataclass(frozen=True)
class Palette:
    """Every colour of one way to look. *least_contrast* is what each text has on its ground, at least."""

    least_contrast: float
    brand: Colour
    brand_pressed: Colour
    brand_tint: Colour  # ground of what was chosen
    brand_line: Colour  # edge of what may be chosen
    key: Colour  # of the keyboard, that writes nothing
    on_brand_soft: Colour  # second line of the header
    on_brand_line: Colour  # outline of a button on the header
    gold: Colour
    paper: Colour
    ink: Colour
    muted: Colour
    line: Colour
    box: Colour  # edge of a place to try something in
    laser: Colour
    laser_glow: Colour
    shadow: Colour
    shadow_deep: Colour
    online: Colour
    offline: Colour
    done: Colour
    alert: Colour
    levels: dict[Level, LevelColours]
    white: Colour = _WHITE
    clear: Colour = _CLEAR

    @property
    def read_together(self) -> tuple[tuple[Colour, Colour], ...]:
        """Every pair of text and ground that the screens use."""
        return (
            (self.ink, self.paper),
            (self.muted, self.paper),
            (self.ink, self.white),
            (self.muted, self.white),
            (self.brand, self.white),
            (self.brand, self.paper),
            (self.alert, self.paper),
            (self.alert, self.white),
            (self.white, self.alert),
            (self.brand, self.brand_tint),
            (self.ink, self.brand_tint),
            (self.ink, self.key),
            (self.white, self.brand),
            (self.white, self.brand_pressed),
            (self.on_brand_soft, self.brand),
            *((look.ink, look.tint) for look in self.levels.values()),
            *((self.white, look.ink) for look in self.levels.values()),
        )

    @property
    def signs_on_paper(self) -> tuple[Colour, ...]:
        """Every colour of a sign that stands on the paper."""
        return (self.online, self.offline, self.done, self.alert, self.brand, self.levels[2].ink)


# WCAG 2.1, 1.4.3: at least 4.5 to 1.
USUAL = Palette(
    least_contrast=4.5,
    brand=colour("#4A2A6B"),
    brand_pressed=colour("#341C4E"),
    brand_tint=colour("#F0EAF8"),
    brand_line=colour("#D6C9E6"),
    key=colour("#E9E4DB"),
    on_brand_soft=colour("#E4DCEC"),
    on_brand_line=colour("#A795B5"),
    gold=colour("#C9972B"),
    paper=colour("#F6F3EE"),
    ink=colour("#1E1B26"),
    muted=colour("#5E5968"),
    line=colour("#DDD6CB"),
    box=colour("#A795B5"),
    laser=colour("#D8352A"),
    laser_glow=colour("#D8352A", 0.30),
    shadow=colour("#1E1B26", 0.08),
    shadow_deep=colour("#1E1B26", 0.11),
    online=colour("#2E7D62"),
    offline=colour("#C77700"),
    done=colour("#0C6B45"),
    alert=colour("#A8321F"),
    levels=_levels(
        ("#A8321F", "#FBE9E4"),
        ("#9A4F0E", "#FCEFDF"),
        ("#5B5663", "#EFEDF0"),
        ("#1F6B5A", "#E3F3EE"),
        ("#0C6B45", "#DCF1E6"),
    ),
)

# VVSG 2.0, 7.1-D: at least 10 to 1 for who asks for it. White grounds, dark lines, no shadows.
HIGH_CONTRAST = Palette(
    least_contrast=10.0,
    brand=colour("#2A0E4A"),
    brand_pressed=colour("#000000"),
    brand_tint=colour("#FFFFFF"),
    brand_line=colour("#2A0E4A"),
    key=colour("#FFFFFF"),
    on_brand_soft=colour("#FFFFFF"),
    on_brand_line=colour("#FFFFFF"),
    gold=colour("#FFD75E"),
    paper=colour("#FFFFFF"),
    ink=colour("#000000"),
    muted=colour("#26222C"),
    line=colour("#26222C"),
    box=colour("#26222C"),
    laser=colour("#7A1100"),
    laser_glow=colour("#FFFFFF", 0.0),
    shadow=colour("#FFFFFF", 0.0),
    shadow_deep=colour("#FFFFFF", 0.0),
    online=colour("#004D2A"),
    offline=colour("#7A1100"),
    done=colour("#003D22"),
    alert=colour("#5E1208"),
    levels=_levels(
        ("#5E1208", "#FFFFFF"),
        ("#522800", "#FFFFFF"),
        ("#2B2830", "#FFFFFF"),
        ("#083D31", "#FFFFFF"),
        ("#003D22", "#FFFFFF"),
    ),
)


@dataclass(frozen=True)
class Sizes:
    """Heights of text, in design pixels."""

    headline: float = 58
    title: float = 56
    question: float = 42
    notice: float = 46
    ask: float = 38
    body: float = 27
    face_label: float = 27
    narrow_face_label: float = 22  # on a panel that stands
    button: float = 27
    hint: float = 24
    pill: float = 22
    office: float = 24
    unit: float = 17
    language: float = 20
    narrow_office: float = 24  # as all that is narrow: on a panel that stands
    narrow_unit: float = 17
    narrow_language: float = 20
    key_letter: float = 34
    key_word: float = 24
    narrow_key_word: float = 21
    paper_title: float = 20
    small: float = 19
