"""In what size a document is set, so that its signature does not stand alone on a page."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import msgspec

from sync_server.core.decisions.document import Document
from sync_server.documents.checking import check
from sync_server.documents.measures import SIZES
from sync_server.documents.pdf_file import TEMPLATE, template_inputs
from sync_server.documents.typesetting import Job, typeset


class _Places(msgspec.Struct, frozen=True):
    """On which page the text ends and on which the signature stands; nothing of a text that there is none of."""

    text: list[int]
    signature: list[int]


def fitting_size(document: Document, *, font_folders: Sequence[Path] = ()) -> Decimal:
    """Return the first of the sizes in which text stands on the signature's page, or else the largest.

    Where there is none, the last paragraph is moved to the signature. The annexes have no say.
    """
    check(document)
    without = msgspec.structs.replace(document, annexes=())
    jobs = [Job(TEMPLATE, template_inputs(without, size, final=False), "places") for size in SIZES]
    for size, result in zip(SIZES, typeset(jobs, font_folders), strict=True):
        places = msgspec.json.decode(result.value, type=_Places)
        if not places.text or places.text[-1] >= places.signature[0]:
            return size
    return SIZES[0]
