"""What an office writes itself is read strictly: an unknown field is refused by name, with those there are."""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.form import USUAL_FORM, AnnexKind, ArticleText, DecisionForm
from sync_server.core.decisions.form_fields import OF_A_SURVEY, OF_THE_TIME, with_values


def test_an_unknown_field_is_refused_by_name_with_the_possible_ones() -> None:
    with pytest.raises(ValueError, match=r"articles\[0\].paragraphs: there is no field \{tỉ lệ\}; there are") as told:
        DecisionForm(articles=(ArticleText(("Đạt {tỉ lệ}.",)),))
    for name in (*OF_THE_TIME, *OF_A_SURVEY):
        assert f"{{{name}}}" in str(told.value)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"about": "Về việc {x}"}, r"about: there is no field \{x\}"),
        ({"about": "Về việc {tỷ lệ hài lòng}"}, "about: holds a field of a single survey"),
        ({"proposal": "Theo {"}, "proposal: '{' stands alone"),
        ({"symbol": "QĐ UBND"}, "symbol: expected letters"),
        ({"report_symbol": ""}, "report_symbol: expected letters"),
        ({"annexes": (AnnexKind.TREND, AnnexKind.TREND)}, "annexes: one stands twice"),
        ({"recipients": ("  ",)}, "recipients: a text is empty"),
        ({"archive": "VT\nVP"}, "archive: holds a line break"),
        ({"parent": ("\x07",)}, "parent: holds a line break or another invisible character"),
        ({"articles": (ArticleText(("a",), ("{x}",)),)}, r"articles\[0\].without_votes: there is no field"),
        ({"report": ArticleText(("{x}",))}, "report.paragraphs: there is no field"),
    ],
)
def test_a_text_that_cannot_be_printed_is_refused_with_its_place(values: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        DecisionForm(**values)  # type: ignore[arg-type]


def test_names_of_fields_may_be_written_with_other_capitals_and_spaces() -> None:
    assert with_values("{ Tỷ  lệ hài LÒNG}", 2, "overall") == "{s2.overall.percent}"
    assert with_values("{kỳ} {{x}}", None, "") == "{stated.period} {{x}}"


def test_it_is_kept_as_json_and_read_back() -> None:
    assert msgspec.convert(msgspec.to_builtins(USUAL_FORM), DecisionForm) == USUAL_FORM


@given(st.text())
def test_any_text_is_a_form_or_refused(text: str) -> None:
    with suppress(ValueError):
        DecisionForm(about=text, proposal=text, recipients=(text,), articles=(ArticleText((text,)),))
