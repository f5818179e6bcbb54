"""Named fields in the texts of documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.fields import UnknownField, fill, literal, names_in, renamed


@given(st.text())
def test_a_literal_text_stands_for_itself(text: str) -> None:
    assert fill(literal(text), {}) == text
    assert names_in(literal(text)) == ()


@given(st.text(), st.text(), st.text())
def test_a_value_is_put_in_as_it_is_whatever_it_holds(before: str, value: str, after: str) -> None:
    assert fill(f"{literal(before)}{{name}}{literal(after)}", {"name": value}) == before + value + after


@given(st.text(alphabet="{}ab"))
def test_every_text_is_filled_or_refused(text: str) -> None:
    try:
        names = names_in(text)
    except ValueError:
        with pytest.raises(ValueError, match="stands alone"):
            fill(text, {})
    else:
        fill(text, dict.fromkeys(names, ""))


def test_a_field_that_there_is_none_of_is_named() -> None:
    with pytest.raises(UnknownField, match=r"there is no field \{tỷ lệ\}"):
        fill("đạt {tỷ lệ}", {"tỉ lệ": "97,9%"})


@pytest.mark.parametrize("text", ["{", "}", "a } b", "{a", "{}", "{a{b}"])
def test_a_brace_alone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="stands alone"):
        names_in(text)


@given(st.text(), st.text())
def test_fields_are_renamed_and_all_else_stays(before: str, after: str) -> None:
    text = f"{literal(before)}{{cũ}}{literal(after)}"
    assert renamed(text, lambda name: f"{name} mới") == text.replace("{cũ}", "{cũ mới}")
