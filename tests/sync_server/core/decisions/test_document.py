"""The parts of a document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.document import Document, as_json, filled, from_json
from sync_server.core.decisions.fields import UnknownField

documents = st.from_type(Document)


@given(documents)
def test_a_document_is_read_as_it_was_written(document: Document) -> None:
    assert from_json(as_json(document)) == document


def test_fields_are_filled_wherever_they_stand(a_document: Document) -> None:
    document = filled(a_document, {"percent": "97,9%", "place": "Sịa"})
    assert "{" not in as_json(document).decode().replace("{\n", "")
    assert document.head.place_and_day == "Sịa, ngày      tháng 01 năm 2027"
    assert document.articles[0].paragraphs == ("Đạt 97,9%.",)
    assert document.annexes[0].blocks[1].rows[0].cells == ("1", "97,9%")  # type: ignore[union-attr]


def test_a_field_without_a_value_is_named(a_document: Document) -> None:
    with pytest.raises(UnknownField, match="percent"):
        filled(a_document, {"place": "Sịa"})
