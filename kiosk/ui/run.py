"""Opens the window and keeps it open."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.controller import Controller
from kiosk.settings import Screen
from kiosk.ui.beside import Beside
from kiosk.ui.filling import fill
from kiosk.ui.setup import prepare

if TYPE_CHECKING:
    from kiosk.ui.simulation import SimulatedTouch


class ScreenBroken(Exception):
    """Too many errors in a row; each has been logged."""


def run(
    *,
    controller: Controller,
    screen: Screen,
    home: Path,
    today: Callable[[], date],
    beside: Beside | None = None,
    simulate: "Callable[[SimulatedTouch], None] | None" = None,
    stands: Callable[[], None] = lambda: None,
) -> None:
    """Show the kiosk until the window is closed or the process is told to end.

    Call it from the main thread, before anything imports Kivy. *home* is a folder for Kivy's own files, *today*
    gives the date in Vietnam. *beside* is what the screen does beside the visits; without it there are no sounds, no
    rest and no service page. *simulate* is handed a finger once the window stands, if one is wanted;
    *stands* is called once its first frame is drawn.
    ScreenBroken when errors in a row end it; what keeps it from starting is raised as it is.
    """
    prepare(screen, home)
    # Not at the top: Kivy reads its settings, and opens its window, when it is imported.
    from kivy.core.window import Window

    from kiosk.ui.app import KioskApp
    from kiosk.ui.simulation import SimulatedTouch

    if screen.fullscreen:
        fill(Window, screen)
    app = KioskApp(controller=controller, screen=screen, today=today, beside=beside, stands=stands)
    if simulate is not None:
        simulate(SimulatedTouch(app.stage))
    try:
        app.run()
    except Exception:
        if app.mishaps.fatal is None:
            raise
        raise ScreenBroken("the screen made one error after the other") from None
