"""What a visit leaves behind is gone when the next visitor comes, and nobody waits for that."""

import gc
from typing import TYPE_CHECKING
from weakref import ref

import pytest

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window

UNTIL_ALL_SCREENS_STAND = 6.0


class Knot:
    """Holds itself, as screens and what they are bound to hold each other."""

    def __init__(self) -> None:
        self.itself = self


def test_it_is_looked_for_at_rest_and_not_amid_a_visit(kiosk: "Driver") -> None:
    kiosk.wait(UNTIL_ALL_SCREENS_STAND)
    gc.disable()
    try:
        kiosk.scan()
        left = ref(Knot())
        kiosk.settle()
        kiosk.tap(4)
        assert left() is not None
        kiosk.wait(30.0)
        assert kiosk.screen == "idle"
        assert left() is None
    finally:
        gc.enable()


def test_what_stands_is_not_looked_through_again_as_long_as_the_program_runs(window: None) -> None:
    from tests.kiosk.ui.driver import Driver

    assert gc.get_freeze_count() == 0
    kiosk = Driver()
    try:
        kiosk.wait(UNTIL_ALL_SCREENS_STAND)
        assert gc.get_freeze_count() > 10_000
    finally:
        kiosk.close()
    assert gc.get_freeze_count() == 0
