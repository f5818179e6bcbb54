"""The size in which a signature does not stand alone."""

from decimal import Decimal

import msgspec
import pypdfium2
import pytest

from sync_server.core.decisions.document import Article, Document
from sync_server.documents.fitting import fitting_size
from sync_server.documents.measures import SIZES, text_sizes
from sync_server.documents.pdf_file import pdf_bytes
from tests.fakes.a_decision import CREATED, a_decision
from tests.fakes.read_documents import letters, texts_of_pdf

LINE = "Công khai kết quả khảo sát mức độ hài lòng tại trụ sở và trên Trang thông tin điện tử của xã An Bình."


def with_lines(document: Document, number: int) -> Document:
    articles = tuple(Article(f"Điều {each}.", (LINE,)) for each in range(1, number + 1))
    return msgspec.structs.replace(document, articles=articles, annexes=())


def pages_of(document: Document, size: Decimal) -> int:
    with pypdfium2.PdfDocument(pdf_bytes(document, size=size, created=CREATED)) as made:
        return len(made)


def test_a_short_document_has_the_largest_size(a_document: Document) -> None:
    assert fitting_size(a_document) == Decimal(14)


def test_a_smaller_size_keeps_the_signature_with_its_text() -> None:
    without = msgspec.structs.replace(a_decision(), annexes=())
    size = fitting_size(without)
    assert size < Decimal(14)
    assert pages_of(without, size) < pages_of(without, Decimal(14))


@pytest.mark.parametrize("number", [9, 10, 11, 12, 13, 14])
def test_in_whatever_size_text_stands_on_the_page_of_the_signature(a_document: Document, number: int) -> None:
    document = with_lines(a_document, number)
    size = fitting_size(document)
    assert size in SIZES
    last = texts_of_pdf(pdf_bytes(document, size=size, created=CREATED))[-1]
    assert letters("xã An Bình.") in letters(last)
    assert letters(document.signature.name) in letters(last)


def test_the_annexes_have_no_say() -> None:
    assert fitting_size(a_decision()) == fitting_size(msgspec.structs.replace(a_decision(), annexes=()))


def test_no_other_size_is_set() -> None:
    with pytest.raises(ValueError, match=r"expected one of 14, 13\.5, 13"):
        text_sizes(Decimal(12))
