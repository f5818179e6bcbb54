"""Nothing that is written is lost between two lines."""

from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.ui.wrapping import wrapped

TEXTS = st.text(st.sampled_from("ab  "), max_size=40)


@given(TEXTS, st.integers(1, 12))
@example("", 1)
def test_the_lines_are_the_text_and_fit(text: str, room: int) -> None:
    lines = wrapped(text, lambda line: len(line) <= room)
    assert "".join(lines) == text
    assert all(len(line.rstrip()) <= room for line in lines)
    assert all(line.strip() or len(lines) == 1 or set(text[:1]) == {" "} for line in lines)


@given(TEXTS, st.integers(1, 12))
def test_a_word_is_broken_only_if_no_line_has_room_for_it(text: str, room: int) -> None:
    words = {word for line in wrapped(text, lambda line: len(line) <= room) for word in line.split()}
    assert {word for word in text.split() if len(word) <= room} <= words


def test_lines_are_filled() -> None:
    assert wrapped("một hai ba bốn", lambda line: len(line) <= 7) == ["một hai ", "ba bốn"]
    assert wrapped("abcdefgh i", lambda line: len(line) <= 3) == ["abc", "def", "gh ", "i"]
