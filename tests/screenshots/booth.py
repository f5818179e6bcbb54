"""Takes the pictures: a tour in each mode, a picture at each stop."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.screenshots.chosen import CHOSEN
from tests.screenshots.modes import Mode, file_name


@dataclass(frozen=True)
class Booth:
    """Puts the *chosen* pictures into one folder and, if wanted, *all* of them into another."""

    chosen: Path
    all: Path | None

    def take(self, mode: Mode) -> Iterator[Path]:
        """Go on the tour in a mode; give each picture that was written. OSError when one cannot be.

        The window stands (`tests.kiosk.ui.opening`).
        """
        from kiosk.ui.picture import write_png
        from tests.kiosk.ui.driver import Driver
        from tests.kiosk.ui.looking import everybody_looks
        from tests.kiosk.ui.tour import tour

        wanted = {stop: name for name, (shown, stop) in CHOSEN.items() if shown == mode}
        kiosk = Driver()
        try:
            kiosk.resize(*mode.panel)
            with everybody_looks(*mode.look):
                for place, stop in enumerate(tour(kiosk, mode.language), start=1):
                    # At each stop, wanted or not: a look is a frame of the kiosk's time, which some screens show.
                    picture = kiosk.pixels()
                    for path in self._paths(mode, place, stop, wanted):
                        path.parent.mkdir(parents=True, exist_ok=True)
                        write_png(path, *picture)
                        yield path
        finally:
            kiosk.close()

    def _paths(self, mode: Mode, place: int, stop: str, wanted: dict[str, str]) -> Iterator[Path]:
        if self.all is not None:
            yield self.all / mode.folder / file_name(place, stop)
        if stop in wanted:
            yield self.chosen / f"{wanted[stop]}.png"
