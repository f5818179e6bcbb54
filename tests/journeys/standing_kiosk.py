"""A kiosk as it stands in an office, the real process in a real window, and a citizen in front of it.

The citizen knows the screens by their colours, as whoever cannot read does: nothing is asked of the program itself.
"""

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from time import monotonic

from hardware.simulator import SimulatedScanner
from kiosk.core.touching import LONGEST, SHORTEST
from kiosk.ui.theme import USUAL, Colour
from tests.fakes.panel import Box, Panel
from tests.journeys.processes import Overdue, Program, eventually

PIN = "1357"
SECONDS = 60.0
FEEDBACK_SECONDS = 2.0  # no answer for so long: the screen takes no touches yet
HOLD_SECONDS = 10.0  # longer than anybody has to hold a sign: it was touched before the screen took touches
FEWEST = 200  # pixels of a colour: more than the fringe of another may have by chance
# A keypad of 3 × 4 keys in design pixels: one key, and the gap after it.
KEY, GAP = (140, 118), 14
KEYPAD = ("123", "456", "789", "<0>")


def code(colour: Colour) -> int:
    """The colour as pixels have it."""
    red, green, blue = (round(part * 255) for part in colour[:3])
    return red << 16 | green << 8 | blue


TINTS = {level: code(colours.tint) for level, colours in USUAL.levels.items()}


class StandingKiosk:
    """A kiosk with its scanner, its outbox in *folder*, whose server cannot be reached; its process is started."""

    def __init__(self, folder: Path, display: str, panel: Panel) -> None:
        self.panel = panel
        self.log = folder / "kiosk.log"
        self._outbox = folder / "state" / "outbox.sqlite"
        self._display = display
        self._scanner = SimulatedScanner(folder / "scanner")
        self._settings = folder / "kiosk.toml"
        self._settings.write_text(
            f'[identity]\nsite = "sia"\nkiosk = "quay-1"\nsite_key = "{"5" * 64}"\nstate = "state"\n'
            f'[server]\npassword = "none"\nport = 1\n[scanner]\nport = "{self._scanner.link}"\n'
            f'[service]\npin = "{PIN}"\n[sound]\nvolume = 0\n'
        )
        self.switch_on()

    def switch_on(self) -> None:
        """Start its process."""
        self.program = Program(
            *("kiosk", "--settings", str(self._settings)),
            log=self.log,
            environment={"DISPLAY": self._display, "SDL_VIDEODRIVER": "x11"},
        )

    def start(self) -> None:
        """Start it, and wait until it is at rest."""
        self.switch_on()
        self.comes_to_rest()

    def close(self) -> None:
        """Take it away."""
        self.program.abandon()
        self._scanner.close()

    # --- what a citizen does ---

    def scan(self, case: str) -> None:
        """Hold a receipt under the scanner."""
        self._scanner.scan(case)

    def press(self, box: Box) -> float:
        """Put a finger there until the screen shows that it is felt; return since when it lies there."""
        began = 0.0

        def is_felt() -> bool:
            nonlocal began
            before = self.panel.picture(box)
            began = monotonic()
            self.panel.press(box.middle)
            try:
                eventually("the screen answers", lambda: self.panel.picture(box) != before, FEEDBACK_SECONDS)
            except Overdue:
                self.panel.slide((0, 0))  # should it be felt after all: who slides off has meant nothing
                self.panel.let_go()
                return False
            return True

        eventually("a finger is felt", is_felt, SECONDS)
        return began

    def tap(self, box: Box) -> None:
        """Touch it for as long as a touch is meant."""
        while True:
            began = self.press(box)
            threading.Event().wait(2 * SHORTEST)
            if monotonic() - began < LONGEST / 2:
                break
            self.panel.slide((0, 0))  # a busy machine: so long a touch is none
            self.panel.let_go()
        self.panel.let_go()

    def hold_the_sign(self) -> None:
        """Hold the sign in the header until the keypad of the service page comes."""
        sign = self._found(USUAL.gold, Box(0, 0, self.panel.all.width, self._header))

        def opens() -> bool:
            self.panel.press(sign.middle)
            try:
                eventually("the keypad", lambda: self._enter_key() is not None, HOLD_SECONDS)
            except Overdue:
                return False
            finally:
                self.panel.let_go()
            return True

        eventually("the keypad, at the second try or the third", opens, SECONDS)

    def rate(self, case: str, level: int) -> None:
        """Scan, touch a face, and wait for the thanks."""
        self.scan(case)
        self.tap(self.faces()[level])
        self.gives_thanks()

    # --- what a citizen sees ---

    def faces(self) -> dict[int, Box]:
        """Wait for the faces, none of them touched; return where the card of each level is."""
        found: dict[int, Box] = {}

        def stand() -> bool:
            picture = self.panel.picture()
            if not all(picture.count(tint) > FEWEST for tint in TINTS.values()):
                return False
            found.update({level: box for level, tint in TINTS.items() if (box := picture.box(tint)) is not None})
            return True

        eventually("the faces", stand, SECONDS)
        return found

    @property
    def left_half(self) -> Box:
        """Of what is between header and footer."""
        return self._part(0.0, 0.5)

    def start_button(self) -> Box:
        """Wait until the button for those without a receipt is not touched; return where it is."""
        shown = code(USUAL.brand)
        eventually("the button", lambda: self.panel.picture(self.left_half).count(shown) > 10 * FEWEST, SECONDS)
        return self._found(USUAL.brand, self.left_half)

    def keypad(self) -> dict[str, Box]:
        """Wait for the keypad; return where its keys are."""
        eventually("the keypad", lambda: self._enter_key() is not None, SECONDS)
        enter = self._enter_key()
        assert enter is not None
        across, down = ((KEY[side] + GAP) * enter.width / KEY[0] for side in (0, 1))
        return {
            key: Box(round(enter.left - (2 - x) * across), round(enter.top - (3 - y) * down), enter.width, enter.height)
            for y, row in enumerate(KEYPAD)
            for x, key in enumerate(row)
        }

    def closing_button(self) -> Box:
        """Wait until the service page stands there instead of the keypad; return where it is closed."""
        corner = self._part(0.9, 1.0, above=0.8)

        def stands() -> bool:
            return self._enter_key() is None and self.panel.picture(corner).count(code(USUAL.brand)) > FEWEST

        eventually("the service page", stands, SECONDS)
        return self._found(USUAL.brand, corner)

    def gives_thanks(self) -> None:
        """Wait until the vote was thanked for: the great green sign, and no faces."""
        green = code(USUAL.done)

        def stands() -> bool:
            picture = self.panel.picture()
            return picture.count(green) > FEWEST and not any(picture.count(tint) for tint in TINTS.values())

        eventually("the thanks", stands, SECONDS)

    def comes_to_rest(self) -> None:
        """Wait until a receipt is asked for, under the red line of the scanner."""
        laser = code(USUAL.laser)
        eventually("the screen at rest", lambda: self.panel.picture().count(laser) > FEWEST, SECONDS)

    @property
    def _header(self) -> int:
        return self.panel.all.height // 8  # a little more than it is high

    def _part(self, left: float, right: float, above: float = 0.0) -> Box:
        """A part of what is between header and footer, in shares of the panel."""
        everything = self.panel.all
        top = max(self._header, round(above * everything.height))
        across = round((right - left) * everything.width)
        return Box(round(left * everything.width), top, across, everything.height - self._header - top)

    def _found(self, colour: Colour, part: Box) -> Box:
        box = self.panel.picture(part).box(code(colour))
        assert box is not None
        return Box(box.left + part.left, box.top + part.top, box.width, box.height)

    def _enter_key(self) -> Box | None:
        """Where a large area of the brand's colour stands in the right half."""
        half = self._part(0.5, 1.0)
        if self.panel.picture(half).count(code(USUAL.brand)) < 10 * FEWEST:
            return None
        return self._found(USUAL.brand, half)

    # --- what there is on its disk ---

    def votes(self) -> list[int]:
        """The levels in the outbox, in their order; of an outbox that may be in use."""
        with closing(sqlite3.connect(f"file:{self._outbox}?mode=ro", uri=True, timeout=10)) as outbox:
            rows = outbox.execute("SELECT number, draft FROM votes ORDER BY number").fetchall()
        assert [number for number, _ in rows] == [*range(1, len(rows) + 1)]
        return [json.loads(draft)["answers"]["overall"] for _, draft in rows]
