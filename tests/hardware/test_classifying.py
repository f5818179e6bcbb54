"""Texts of any length and kind are answered line by line, and what is refused is not in the answers."""

from datetime import date
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from hardware.classifying import LONGEST_INPUT, classified
from tests.fakes.cards import Card, a_card

TODAY = date(2026, 11, 23)
PIECES = st.sampled_from(
    [b"\n", b"\n", b"H57.14-261008-0975", b"A012", b"NV-0012", b"hello", b"|", b"x" * LONGEST_INPUT, b"\xff"]
)


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_each_line_has_one_answer(texts: bytes) -> None:
    lines = texts.split(b"\n")
    assert len(list(classified(BytesIO(texts), TODAY, ()))) == len(lines) - (lines[-1] == b"")


@given(st.randoms(use_true_random=False).map(a_card))
def test_no_answer_holds_what_is_on_a_card(card: Card) -> None:
    answers = list(classified(BytesIO(card.text.encode()), TODAY, ()))
    assert answers
    assert all(answer.startswith("refused ") for answer in answers)
    assert not any(field in answer for answer in answers for field in card.fields)
