"""The brightness of the panel, where the machine lets it be set."""

import logging
from pathlib import Path

log = logging.getLogger(__name__)

BACKLIGHTS = Path("/sys/class/backlight")
LEAST_USUAL = 0.4  # of the most: less at the start is what a kiosk that was killed while it was dim has left behind


class Backlight:
    """The first backlight below *folder*; without one, or without the right to set it, `set` returns False."""

    def __init__(self, folder: Path = BACKLIGHTS) -> None:
        self._file: Path | None = None
        self._most = self._usual = 0
        for file in sorted(folder.glob("*/brightness")):
            try:
                self._most = int(file.with_name("max_brightness").read_text(encoding="ascii"))
                usual = int(file.read_text(encoding="ascii"))
            except (OSError, ValueError):
                continue
            self._usual = usual if usual >= LEAST_USUAL * self._most else self._most
            self._file = file
            break

    def set(self, share: float) -> bool:
        """Set the brightness to a *share* of the usual one, from 0 to 1; return whether that was possible."""
        if self._file is None:
            return False
        try:
            self._file.write_text(f"{round(share * self._usual)}\n", encoding="ascii")
        except OSError as error:
            log.warning("%s: cannot be set: %s; a black layer dims the screen", self._file, error.strerror)
            self._file = None
            return False
        return True
