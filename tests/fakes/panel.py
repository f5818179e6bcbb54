"""What stands in front of a display: an eye that sees its pixels, and a finger that XTEST moves."""

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import xcffib
import xcffib.xfixes
import xcffib.xproto
import xcffib.xtest

KEY_DOWN, KEY_UP, BUTTON_DOWN, BUTTON_UP, MOTION = 2, 3, 4, 5, 6  # X11's codes of these events
KEYS = {"Escape": 0xFF1B, "F1": 0xFFBE}  # X11's keysyms
LEFT, RIGHT = 1, 3


@dataclass(frozen=True)
class Box:
    """A part of the panel, in pixels from its upper left corner."""

    left: int
    top: int
    width: int
    height: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.left + self.width // 2, self.top + self.height // 2


@dataclass(frozen=True, repr=False)  # of a failed comparison: half a million numbers
class Picture:
    """Pixels row by row from above, each 0xRRGGBB."""

    width: int
    pixels: "array[int]"

    def count(self, colour: int) -> int:
        """How many pixels have exactly this colour."""
        return self.pixels.count(colour)

    def box(self, colour: int) -> Box | None:
        """The smallest part that holds every pixel of this colour; None when there is none."""
        rows = [self.pixels[at : at + self.width] for at in range(0, len(self.pixels), self.width)]
        found = [y for y, row in enumerate(rows) if colour in row]
        if not found:
            return None
        left = min(rows[y].index(colour) for y in found)
        right = max(self.width - 1 - rows[y][::-1].index(colour) for y in found)
        return Box(left, found[0], right - left + 1, found[-1] - found[0] + 1)


class Panel:
    """One display, looked at and touched by a person; by one thread."""

    def __init__(self, display: Any) -> None:
        self._x = display
        screen = display.get_setup().roots[0]
        self._root = screen.root
        self.all = Box(0, 0, screen.width_in_pixels, screen.height_in_pixels)
        self._touch = display(xcffib.xtest.key)
        self._cursor = display(xcffib.xfixes.key)
        self._cursor.QueryVersion(xcffib.xfixes.MAJOR_VERSION, xcffib.xfixes.MINOR_VERSION).reply()

    # --- the finger ---

    def press(self, place: tuple[int, int], button: int = LEFT) -> None:
        """Put a finger down."""
        self.slide(place)
        self._fake(BUTTON_DOWN, button)

    def slide(self, place: tuple[int, int]) -> None:
        """Move there, with the finger down or up."""
        self._fake(MOTION, 0, *place)

    def let_go(self, button: int = LEFT) -> None:
        """Take the finger away."""
        self._fake(BUTTON_UP, button)

    def strike(self, key: str) -> None:
        """Strike a key of a keyboard that somebody has plugged in."""
        code = self._code(KEYS[key])
        self._fake(KEY_DOWN, code)
        self._fake(KEY_UP, code)

    # --- the eye ---

    def picture(self, part: Box | None = None) -> Picture:
        """What stands there now."""
        box = part or self.all
        form, planes = xcffib.xproto.ImageFormat.ZPixmap, 0xFFFFFFFF
        image = self._x.core.GetImage(form, self._root, box.left, box.top, box.width, box.height, planes).reply()
        pixels = bytearray(image.data.buf())
        pixels[3::4] = bytes(len(pixels) // 4)  # a depth of 24: the fourth byte is anything
        return Picture(box.width, array("I", bytes(pixels)))

    @property
    def cursor_is_hidden(self) -> bool:
        """Whether nothing is to be seen where the pointer is."""
        shown = self._cursor.GetCursorImage().reply()
        return not any(pixel >> 24 for pixel in shown.cursor_image)

    @property
    def windows(self) -> list[Box]:
        """Where windows stand."""
        core = self._x.core
        found = []
        for window in core.QueryTree(self._root).reply().children:
            if core.GetWindowAttributes(window).reply().map_state == xcffib.xproto.MapState.Viewable:
                its = core.GetGeometry(window).reply()
                found.append(Box(its.x, its.y, its.width, its.height))
        return found

    def _code(self, keysym: int) -> int:
        known = self._x.get_setup()
        first, count = known.min_keycode, known.max_keycode - known.min_keycode + 1
        mapping = self._x.core.GetKeyboardMapping(first, count).reply()
        return int(first + list(mapping.keysyms).index(keysym) // mapping.keysyms_per_keycode)

    def _fake(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        self._touch.FakeInput(kind, detail, 0, self._root, x, y, 0)
        self._x.flush()


@contextmanager
def panel(display: str) -> Iterator[Panel]:
    """Stand in front of a display."""
    connect: Any = xcffib.connect
    connection = connect(display=display)
    try:
        yield Panel(connection)
    finally:
        connection.disconnect()
