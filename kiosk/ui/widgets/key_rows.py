"""What stands on which key. Pure."""

from kiosk.core.composing import Method
from kiosk.core.syllables import ACUTE, DOT, GRAVE, HOOK, TILDE

# Each row as it is read, without the keys for shift, erasing and the like; both pages have as many.
LETTERS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SIGNS = ("1234567890", "-/()%+:;…", "!'\"@&₫–")
ENDS = (",", ".", "?")  # beside the blank, on both pages

SHAPES = "ăâđêôơư"
# Each tone's name carries the tone: that is how one asks for it in Vietnam, also who has never heard of Telex.
TONE_NAMES = {ACUTE: "sắc", GRAVE: "huyền", HOOK: "hỏi", TILDE: "ngã", DOT: "nặng"}

# With VNI, digits are marks: they stand where the marks do, each with what it makes.
VNI_HINTS = dict(zip("1234567890", ("á", "à", "ả", "ã", "ạ", "â", "ơ", "ă", "đ", "a"), strict=True))
VNI_ROW = ("1234567", "890-/")


def shapes_and_tones(method: Method) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the keys above the letters: seven and five."""
    if method is Method.VNI:
        return tuple(VNI_ROW[0]), tuple(VNI_ROW[1])
    return tuple(SHAPES), tuple(TONE_NAMES)


def following(method: Method) -> Method:
    """Return the method that the switch leads to."""
    methods = list(Method)
    return methods[(methods.index(method) + 1) % len(methods)]
