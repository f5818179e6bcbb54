"""What may stand as a name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.names import LONGEST_NAME, counted, printable, tidy_name


def test_a_name_is_kept_in_one_spelling() -> None:
    assert tidy_name(unicodedata.normalize("NFD", "  Nguyễn Thị Hương ")) == "Nguyễn Thị Hương"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "nothing"), ("  ", "nothing"), ("a\nb", "invisible"), ("a\u202eb", "invisible"), ("a" * 301, "longer")],
)
def test_what_is_no_name_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        tidy_name(text)


@given(st.text())
def test_a_tidy_name_stays_as_it_is(text: str) -> None:
    try:
        name = tidy_name(text)
    except ValueError:
        return
    assert tidy_name(name) == name
    assert 0 < len(name) <= LONGEST_NAME


def test_other_people_s_text_is_shown_without_what_is_invisible() -> None:
    assert printable("Máy quét\x1b[2J\u202e ổn\n") == "Máy quét?[2J? ổn?"


def test_things_are_counted_in_the_singular_and_the_plural() -> None:
    assert [counted(number, "vote") for number in (0, 1, 2, 1234)] == ["0 votes", "1 vote", "2 votes", "1,234 votes"]
