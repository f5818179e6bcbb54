"""Typing on the screen: real touches on real keys become the comment that was meant."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.core.composing import ERASE, LONGEST_COMMENT, WRITABLE, Composition, Method
from kiosk.core.syllables import TONES

if TYPE_CHECKING:
    from tests.kiosk.ui.desk import Desk

pytestmark = pytest.mark.window

PANELS = [(1280, 800), (1024, 600), (800, 1280), (600, 1024), (1920, 1080)]
THANKS = "Cảm ơn các anh chị"
MILLIMETRE = 1280 / 217  # pixels of a 10-inch panel


@pytest.fixture
def desk(window: None) -> "Iterator[Desk]":
    from tests.kiosk.ui.desk import Desk

    desk = Desk()
    yield desk
    desk.close()
    assert desk.app.mishaps.count == 0


# --- typing ------------------------------------------------------------------------------------------


def test_thanks_in_telex(desk: "Desk") -> None:
    desk.type("Camr own cacs anh chij")
    assert desk.written == desk.composition.text == THANKS
    assert "18/500" in desk.texts


def test_thanks_in_vni(desk: "Desk") -> None:
    desk.use(Method.VNI)
    desk.type("Ca3m o7n ca1c anh chi5")
    assert desk.written == desk.composition.text == THANKS


@pytest.mark.parametrize("method", [Method.TELEX, Method.SIMPLE])
def test_thanks_by_the_keys_for_hooks_and_tones(desk: "Desk", method: Method) -> None:
    desk.use(method)
    desk.type_without_method(THANKS)
    assert desk.written == desk.composition.text == THANKS


def test_every_letter_sign_and_tone_has_a_key(desk: "Desk") -> None:
    keyboard = desk.comment.keyboard

    def meanings() -> set[str]:
        return {key.meaning for key in keyboard.touchable()}

    found = meanings()
    desk.touch(keyboard.ids.shift)
    found |= meanings()
    desk.touch(keyboard.ids.page)
    found |= meanings()
    assert found - {""} == WRITABLE | {*TONES, " ", ERASE}
    desk.use(Method.VNI)
    assert set("1234567890") <= meanings()


def test_the_switch_goes_through_the_methods_and_says_which(desk: "Desk") -> None:
    for name, method in (("Gõ VNI", Method.VNI), ("Gõ thường", Method.SIMPLE), ("Gõ Telex", Method.TELEX)):
        desk.touch(desk.comment.keyboard.ids.switch)
        assert desk.struck[-1] is method
        assert name in desk.texts


def test_shift_is_for_one_letter_and_twice_for_all(desk: "Desk") -> None:
    shift = desk.comment.keyboard.ids.shift
    desk.touch(shift)
    assert shift.lit
    desk.touch(desk.key("A"))
    assert not shift.lit
    desk.touch(desk.key("b"))
    desk.touch(shift)
    desk.touch(shift)
    desk.touch(desk.key("C"))
    desk.touch(desk.key("Đ"))
    desk.touch(shift)
    desk.touch(desk.key("e"))
    assert desk.composition.text == "AbCĐe"


def test_a_blank_or_a_tone_does_not_use_shift_up(desk: "Desk") -> None:
    desk.type("a")
    desk.touch(desk.comment.keyboard.ids.shift)
    for key in (TONES[0], " ", "."):
        desk.touch(desk.key(key))
    desk.touch(desk.key("B"))
    assert desk.composition.text == "á .B"


def test_the_next_person_finds_small_letters(desk: "Desk") -> None:
    keyboard = desk.comment.keyboard
    desk.touch(keyboard.ids.shift)
    desk.touch(keyboard.ids.shift)
    desk.touch(keyboard.ids.page)
    desk.comment.start_over()
    desk.step(2)
    desk.type("a")
    assert desk.composition.text == "a"


# --- erasing -----------------------------------------------------------------------------------------


def test_one_touch_erases_one_letter(desk: "Desk") -> None:
    desk.type("Camr")
    desk.erase()
    assert desk.written == "Cả"


def test_held_it_erases_on_and_on_and_not_once_more(desk: "Desk") -> None:
    desk.show(Composition(settled="abcdefghijklmnopqrstuvwxyz"))
    key = desk.key(ERASE)
    desk.press(key)
    desk.wait(1.5)
    assert 3 <= desk.struck.count(ERASE) <= 15
    before = list(desk.struck)
    desk.let_go(key)
    desk.wait(2)
    assert desk.struck == before
    desk.erase()
    assert len(desk.struck) == len(before) + 1


def test_a_finger_that_slides_off_erases_no_more(desk: "Desk") -> None:
    desk.show(Composition(settled="abcdefghijklmnopqrstuvwxyz"))
    desk.press(desk.key(ERASE))
    desk.wait(0.8)
    desk.slide(desk.key(" "))
    before = list(desk.struck)
    desk.wait(2)
    desk.let_go(desk.key(" "))
    assert before
    assert desk.struck == before


def test_other_keys_do_not_repeat(desk: "Desk") -> None:
    desk.press(desk.key("a"))
    desk.wait(1.5)
    desk.let_go(desk.key("a"))
    assert desk.struck == ["a"]


def test_what_leans_on_a_key_writes_nothing(desk: "Desk") -> None:
    desk.press(desk.key("a"))
    desk.wait(3)
    desk.let_go(desk.key("a"))
    assert desk.struck == []


def test_a_held_key_is_forgotten_with_the_screen(desk: "Desk") -> None:
    desk.show(Composition(settled="abc"))
    desk.press(desk.key(ERASE))
    desk.comment.forget_touches()
    desk.wait(2)
    desk.let_go(desk.key(ERASE))
    assert desk.struck == []


# --- the screen --------------------------------------------------------------------------------------


@pytest.mark.parametrize("button", ["back", "skip", "send"])
def test_each_button_does_one_thing(desk: "Desk", button: str) -> None:
    desk.touch(desk.button(button))
    assert desk.done == [button]
    assert desk.struck == []


def test_while_the_comment_is_stored_no_touch_counts(desk: "Desk") -> None:
    desk.comment.held = True
    desk.touch(desk.key("a"))
    desk.touch(desk.button("send"))
    assert (desk.done, desk.struck) == ([], [])
    desk.comment.held = False
    desk.touch(desk.button("send"))
    assert desk.done == ["send"]


def test_a_full_comment_takes_no_more_and_shows_it(desk: "Desk") -> None:
    desk.show(Composition(settled="a " * (LONGEST_COMMENT // 2 - 1)))
    assert not desk.comment.full
    desk.type("abc")
    assert len(desk.composition.text) == LONGEST_COMMENT
    assert desk.comment.full
    assert "500/500" in desk.texts
    desk.erase()
    assert not desk.comment.full


def test_an_invitation_stands_there_until_something_is_written(desk: "Desk") -> None:
    assert "Mời Ông/Bà viết góp ý" in desk.texts
    desk.type("a")
    assert "Mời Ông/Bà viết góp ý" not in desk.texts
    desk.speak("en")
    assert {"Skip", "Back", "Send comment", "space"} <= set(desk.texts)


@pytest.mark.parametrize("panel", [(1280, 800), (800, 1280)], ids=str)
def test_the_end_of_a_long_comment_is_seen(desk: "Desk", panel: tuple[int, int]) -> None:
    desk.resize(*panel)
    desk.show(Composition(settled="một hai ba bốn năm " * 26))
    desk.type("het")
    desk.step(2)
    assert desk.written.endswith("năm het")
    writing = desk.comment.ids.writing
    assert len(writing.lines) > 1
    assert desk.written.startswith("… ") == (desk.written.removeprefix("… ") != desk.composition.text)
    assert writing.y <= writing.top - len(writing.lines) * writing.line_height


def test_the_caret_follows_what_is_written(desk: "Desk") -> None:
    writing = desk.comment.ids.writing
    places = [writing.caret_x]
    for letter in "ab ":
        desk.type(letter)
        desk.step(2)
        places.append(writing.caret_x)
    assert places == sorted(set(places))
    assert places[0] == 0


def test_nothing_is_drawn_while_nobody_types(desk: "Desk") -> None:
    from kivy.core.window import Window

    frames: list[int] = []

    def count(_window: object) -> None:
        frames.append(1)

    desk.type("a")
    desk.wait(2)
    Window.bind(on_flip=count)
    try:
        desk.wait(20)
    finally:
        Window.unbind(on_flip=count)
    assert frames == []


# --- how it looks ------------------------------------------------------------------------------------


def shown(desk: "Desk", language: str) -> Iterator[str]:
    """Show the screen in each of its looks."""
    keyboard = desk.comment.keyboard
    desk.speak(language)
    yield "empty"
    desk.show(Composition(settled="Cán bộ hướng dẫn rất tận tình, nhưng phải chờ lâu. " * 9))
    yield "long"
    for method in (Method.VNI, Method.SIMPLE, Method.TELEX):
        desk.use(method)
        desk.touch(keyboard.ids.shift)
        desk.touch(keyboard.ids.shift)
        yield f"{method}, capitals"
        desk.touch(keyboard.ids.shift)
        desk.touch(keyboard.ids.page)
        yield f"{method}, signs"
        desk.touch(keyboard.ids.page)
    desk.show(Composition(settled="W" * LONGEST_COMMENT))
    yield "full"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("panel", PANELS, ids=str)
def test_no_text_is_clipped_broken_or_covered(desk: "Desk", panel: tuple[int, int], language: str) -> None:
    from kiosk.ui.widgets.panel import Panel
    from tests.kiosk.ui.test_fit import assert_all_fits, box_of

    desk.resize(*panel)
    for look in shown(desk, language):
        assert_all_fits(desk, look, panel)
        for label in desk.labels():
            frame = label if isinstance(label, Panel) else label.parent
            if isinstance(frame, Panel):
                left, bottom, right, top = box_of(label)
                x, y = frame.to_window(*frame.pos)
                assert x + 2 <= left and right <= x + frame.width - 2, f"{look} at {panel}: {label.text!r}"
                assert y <= bottom and top <= y + frame.height, f"{look} at {panel}: {label.text!r}"


@pytest.mark.parametrize("panel", PANELS, ids=str)
def test_everything_that_can_be_touched_is_on_the_panel_and_apart(desk: "Desk", panel: tuple[int, int]) -> None:
    from itertools import combinations

    from kiosk.ui.widgets.pressable import Pressable

    desk.resize(*panel)
    boxes = [_box(part) for part in desk.comment.walk(restrict=True) if isinstance(part, Pressable)]
    assert len(boxes) == 38 + 8 + 3  # letters and marks; the others; buttons
    for left, bottom, right, top in boxes:
        assert left >= 0 and bottom >= 0 and right <= panel[0] and top <= panel[1]
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_keys_are_as_large_as_ten_in_a_row_can_be(desk: "Desk") -> None:
    desk.resize(1280, 800)
    assert desk.key("q").width >= 20 * MILLIMETRE
    assert all(
        key.width >= 16 * MILLIMETRE and key.height >= 12 * MILLIMETRE for key in desk.comment.keyboard.touchable()
    )
    assert all(desk.button(name).width >= 20 * MILLIMETRE for name in ("back", "skip", "send"))
    desk.resize(800, 1280)  # the same panel, standing
    assert all(
        key.width >= 12 * MILLIMETRE and key.height >= 14 * MILLIMETRE for key in desk.comment.keyboard.touchable()
    )


def test_every_text_is_readable_where_it_stands(desk: "Desk") -> None:
    from kiosk.ui.theme import USUAL
    from tests.kiosk.ui.test_contrast import contrast, ground_of

    desk.resize(1280, 800)
    inks = {ink for ink, _ in USUAL.read_together}
    for look in shown(desk, "vi"):
        _assert_readable(desk, look, inks, contrast, ground_of)
    for name in ("skip", "send"):
        desk.press(desk.button(name))
        _assert_readable(desk, f"{name} pressed", inks, contrast, ground_of)
        desk.let_go(desk.button(name))
    for key in ("a", "ă", ERASE):
        desk.press(desk.key(key))
        _assert_readable(desk, f"{key!r} pressed", inks, contrast, ground_of)
        desk.let_go(desk.key(key))


def _assert_readable(desk: "Desk", look: str, inks: set[Any], contrast: Any, ground_of: Any) -> None:
    desk.step(2)
    pixels = desk.pixels()
    for label in desk.labels():
        assert tuple(label.color) in inks, f"{look}: {label.text!r} has a colour that is not declared"
        assert contrast(tuple(label.color), ground_of(label, pixels)) >= 4.5, f"{look}: {label.text!r}"


def _box(widget: Any) -> tuple[int, int, int, int]:
    x, y = widget.to_window(*widget.pos)
    return round(x), round(y), round(x + widget.width), round(y + widget.height)
