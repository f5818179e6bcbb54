"""Whatever a document says, both files say it, letter by letter."""

import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync_server.core.decisions.document import (
    Align,
    Annex,
    Article,
    Code,
    Column,
    Document,
    Head,
    Paragraph,
    Row,
    Signature,
    Subtitle,
    Table,
)
from sync_server.documents.docx_file import docx_bytes
from sync_server.documents.measures import SIZES
from sync_server.documents.pdf_file import pdf_bytes
from tests.fakes.a_decision import CREATED
from tests.fakes.read_documents import letters, printed, schema_faults, texts_of_docx, texts_of_pdf

# What means something to typst, to XML or to Word; Vietnamese; and words that are too long for any line.
NASTY = "#*_$\\<>&\"'`@/=-+[]{}()~^%;:., "
_letters = st.text(alphabet=NASTY + "ađĐêƯỹẶộ09", min_size=1, max_size=30).map(lambda text: f"x{text}x")
texts = st.one_of(
    _letters,
    st.sampled_from(
        ("xW" * 90, "#panic()", "]]>", "<w:p/>", "&amp;", "\\u{41}", "x\nx", "x" * 400, "-- --- ...", "'x'")
    ),
)
some = st.lists(texts, max_size=3).map(tuple)
few = st.lists(texts, min_size=1, max_size=2).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    number = draw(st.integers(1, 6))
    cells = st.lists(st.one_of(st.just(""), texts), min_size=number, max_size=number).map(tuple)
    column = st.builds(Column, title=texts, width=st.integers(1, 9), align=st.sampled_from(Align))
    columns = draw(st.lists(column, min_size=number, max_size=number).map(tuple))
    rows = draw(st.lists(st.builds(Row, cells=cells, bold=st.booleans()), max_size=4).map(tuple))
    return Table(columns, rows, draw(st.one_of(st.just(""), texts)))


blocks = st.one_of(
    st.builds(Paragraph, text=texts, italic=st.booleans()),
    st.builds(Subtitle, text=texts),
    tables(),
    st.builds(Code, content=st.text(alphabet="AZaz09:-", min_size=1, max_size=80), caption=texts),
)
heads = st.builds(
    Head, parent=some, issuer=few, number=texts, place_and_day=texts, kind=texts, about=texts,
    authority=st.one_of(st.just(""), texts),
)  # fmt: skip
documents = st.builds(
    Document,
    head=heads,
    bases=some,
    resolved=st.one_of(st.just(""), texts),
    articles=st.lists(st.builds(Article, label=texts, paragraphs=some), max_size=3).map(tuple),
    signature=st.builds(Signature, lines=few, name=texts),
    recipients=some,
    annexes=st.lists(
        st.builds(
            Annex, label=texts, title=texts, attached=st.one_of(st.just(""), texts), landscape=st.booleans(),
            blocks=st.lists(blocks, max_size=3).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    title=texts,
    opening=some,
)  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents, st.sampled_from(SIZES))
def test_both_files_say_exactly_what_the_document_says(document: Document, size: Decimal) -> None:
    wanted = printed(document)
    word = docx_bytes(document, size=size, created=CREATED)
    assert sorted(texts_of_docx(word)) == sorted(wanted)
    with tempfile.TemporaryDirectory() as folder:
        assert schema_faults(word, Path(folder)) == []
    # Where a page ends within a text its number stands between, so letters are counted.
    said = Counter(letters("".join(texts_of_pdf(pdf_bytes(document, size=size, created=CREATED)))))
    assert Counter(letters("".join(wanted))) - said == Counter()
