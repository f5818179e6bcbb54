"""Writing a comment on the real screen, amid a visit: what a held key does, and that it ends."""

from typing import TYPE_CHECKING, Any

import pytest

from kiosk.core.composing import ERASE
from kiosk.core.events import CommentTyped
from kiosk.core.states import Commenting

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window


def written(kiosk: "Driver") -> str:
    state = kiosk.controller.state
    assert isinstance(state, Commenting)
    return state.text


def key(kiosk: "Driver", meaning: str) -> Any:
    return next(key for key in kiosk.stage.scenes.comment.keyboard.touchable() if key.meaning == meaning)


def write(kiosk: "Driver", text: str) -> None:
    """Come as far as the comment, and type that."""
    from tests.kiosk.ui.surveys import OFFICE

    kiosk.arrange(OFFICE)
    kiosk.scan()
    kiosk.tap(3)
    assert kiosk.command("write") == "ok"
    kiosk.settle()
    for letter in text:
        kiosk.press(key(kiosk, letter))
        kiosk.let_go(key(kiosk, letter))
    assert written(kiosk) == text


def test_a_held_key_erases_while_it_is_held_and_no_longer(kiosk: "Driver") -> None:
    write(kiosk, "abcdefghijklmnop")
    erase = key(kiosk, ERASE)
    kiosk.press(erase)
    kiosk.wait(1.0)
    kiosk.let_go(erase)
    left = written(kiosk)
    assert 0 < len(left) < len("abcdefghijklmnop") - 1, "on and on"
    kiosk.wait(2.0)
    assert written(kiosk) == left


def test_something_that_leans_on_a_key_keeps_nobody_s_comment_open(kiosk: "Driver") -> None:
    write(kiosk, "abc")
    kiosk.press(key(kiosk, ERASE))
    kiosk.wait(10.0 + 91.0)
    assert kiosk.screen != "comment"
    kiosk.wait(10.0)
    assert kiosk.screen == "idle"


def test_the_next_key_may_be_down_before_the_last_is_up(kiosk: "Driver") -> None:
    write(kiosk, "a")
    erase = key(kiosk, ERASE)
    kiosk.press(erase)
    kiosk.controller.touch(CommentTyped, "ab")
    kiosk.app._draw()
    assert erase.pressed, "the comment has gone on, and nothing else"
    kiosk.let_go(erase)
    assert written(kiosk) == "a"
