"""The kiosk as a citizen meets it: a real window on a display, touched through XTEST, its receipts read by wire."""

from collections.abc import Iterator

import pytest

from tests.fakes.panel import RIGHT, Panel, panel
from tests.fakes.virtual_screen import MISSING, virtual_screen
from tests.journeys.processes import eventually
from tests.journeys.standing_kiosk import PIN, SECONDS, StandingKiosk

pytestmark = [
    pytest.mark.journey,
    pytest.mark.window,
    pytest.mark.skipif(MISSING is not None, reason=str(MISSING)),
]

SIZE = (1024, 600)  # not what the settings say: the kiosk covers whatever panel it finds


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with virtual_screen(*SIZE) as name:
        yield name


@pytest.fixture(scope="module")
def in_front(display: str) -> Iterator[Panel]:
    with panel(display) as person:
        yield person


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory, display: str, in_front: Panel) -> Iterator[StandingKiosk]:
    """One for all: whatever a test leaves on the screen, the next citizen can scan."""
    standing = StandingKiosk(tmp_path_factory.mktemp("kiosk"), display, in_front)
    standing.comes_to_rest()
    yield standing
    standing.close()
    assert "an error on the screen" not in standing.log.read_text()


def test_a_scan_and_a_touch_are_one_vote_and_a_finger_that_slides_off_is_none(kiosk: StandingKiosk) -> None:
    before = kiosk.votes()
    kiosk.rate("H57.14-261008-000001", 4)
    assert kiosk.votes() == [*before, 4]
    kiosk.scan("H57.14-261008-000002")
    faces = kiosk.faces()
    kiosk.press(faces[1])
    kiosk.panel.slide(faces[2].middle)
    kiosk.panel.let_go()
    # Touched after it, so that what it did would stand before it.
    kiosk.tap(kiosk.faces()[5])
    kiosk.gives_thanks()
    assert kiosk.votes() == [*before, 4, 5]


def test_it_covers_the_panel_and_shows_nothing_but_itself(kiosk: StandingKiosk) -> None:
    kiosk.comes_to_rest()
    before, at_rest, person = kiosk.votes(), kiosk.panel.picture(), kiosk.panel
    assert person.windows == [person.all]
    # What is struck at a window's very first frames may get lost, and would prove nothing.
    kiosk.press(kiosk.start_button())
    person.slide((512, 560))
    person.let_go()
    person.strike("Escape")
    person.strike("F1")
    person.press((512, 560), RIGHT)
    person.let_go(RIGHT)
    assert person.cursor_is_hidden
    # What those did is done before this touch is taken, and would lie over the screen at rest, or have ended it.
    kiosk.tap(kiosk.start_button())
    kiosk.tap(kiosk.faces()[3])
    kiosk.gives_thanks()
    kiosk.comes_to_rest()
    assert person.picture() == at_rest
    assert kiosk.votes() == [*before, 3]


def test_one_touch_is_one_touch(kiosk: StandingKiosk) -> None:
    kiosk.comes_to_rest()
    kiosk.hold_the_sign()
    keys = kiosk.keypad()
    # The keypad takes every touch, however soon after another: what came twice would be another PIN.
    for key in f"{PIN}>":
        kiosk.tap(keys[key])
    kiosk.tap(kiosk.closing_button())
    kiosk.comes_to_rest()


def test_told_to_end_it_ends_well_and_comes_back_with_its_votes(kiosk: StandingKiosk) -> None:
    before = kiosk.votes()
    kiosk.rate("H57.14-261008-000003", 2)
    assert kiosk.program.end(SECONDS) == 0
    eventually("its window goes", lambda: not kiosk.panel.windows, SECONDS)
    kiosk.start()
    assert kiosk.votes() == [*before, 2]


def test_killed_as_soon_as_thanks_are_shown_it_has_the_vote(kiosk: StandingKiosk) -> None:
    before = kiosk.votes()
    kiosk.rate("H57.14-261008-000004", 1)
    kiosk.program.kill()
    assert kiosk.votes() == [*before, 1]
    kiosk.start()
    kiosk.rate("H57.14-261008-000005", 5)
    assert kiosk.votes() == [*before, 1, 5]
