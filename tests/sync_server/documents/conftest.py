"""A Decision that is rendered once for all tests that look at it, and a short one."""

import io

import docx
import pytest
from docx.document import Document as Docx

from sync_server.core.decisions.document import Document
from sync_server.documents.docx_file import docx_bytes
from sync_server.documents.fitting import fitting_size
from sync_server.documents.pdf_file import pdf_bytes
from tests.fakes.a_decision import CREATED, Rendered, a_decision, a_short_document


@pytest.fixture(scope="session")
def rendered() -> Rendered:
    document = a_decision()
    size = fitting_size(document)
    made = (docx_bytes(document, size=size, created=CREATED), pdf_bytes(document, size=size, created=CREATED))
    return Rendered(document, size, *made)


@pytest.fixture
def opened(rendered: Rendered) -> Docx:
    return docx.Document(io.BytesIO(rendered.docx))


@pytest.fixture
def a_document() -> Document:
    return a_short_document()
