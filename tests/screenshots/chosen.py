"""The pictures that stand in the README and beside it: which stop of the tour, shown how. Pure."""

from tests.screenshots.modes import Mode

_USUAL = Mode()

CHOSEN: dict[str, tuple[Mode, str]] = {
    "idle": (_USUAL, "idle"),
    "rate": (_USUAL, "rate"),
    "rate-stars": (_USUAL, "rate, stars"),
    "rate-en-contrast": (Mode(language="en", look=("larger", "contrast")), "rate"),
    "rate-standing": (Mode(panel=(800, 1280)), "rate"),
    "rate-low": (Mode(panel=(1024, 600), language="en", look=("low",)), "rate"),
    "reasons": (_USUAL, "reasons, some touched"),
    "comment": (_USUAL, "comment, written"),
    "counters": (_USUAL, "counters"),
    "thanks": (_USUAL, "thanks"),
    "refused": (_USUAL, "refused, identity-card"),
    "service": (_USUAL, "service"),
}
