"""The ways in which each screen is shown. Pure."""

import re
from dataclasses import dataclass
from itertools import product
from pathlib import PurePath

PANELS = ((1280, 800), (1024, 600), (800, 1280))
LANGUAGES = ("vi", "en")
LOOKS: dict[str, tuple[str, ...]] = {"normal": (), "larger": ("larger",), "contrast": ("contrast",)}

_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Mode:
    """*panel* in pixels, *look*: what of `kiosk.ui.look.CHOICES` the visitor touched."""

    panel: tuple[int, int] = (1280, 800)
    language: str = "vi"
    look: tuple[str, ...] = ()

    def __str__(self) -> str:
        width, height = self.panel
        return f"{width}x{height} {self.language} {'+'.join(self.look) or 'normal'}"

    @property
    def folder(self) -> PurePath:
        """Where its pictures stand, below the folder of all."""
        return PurePath(str(self).replace(" ", "-"))


EVERY_MODE = tuple(Mode(panel, language, look) for panel, language, look in product(PANELS, LANGUAGES, LOOKS.values()))


def file_name(place: int, stop: str) -> str:
    """Return what the picture of a stop of the tour is called; by name they stand in the tour's order."""
    return f"{place:02}-{_NOT_IN_A_NAME.sub('-', stop).strip('-')}.png"
