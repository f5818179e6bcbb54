"""The file that a DOCX is: without what a template brings along, and the same bytes for the same contents."""

import io
import zipfile
from datetime import datetime

from docx.document import Document as Docx
from docx.oxml.ns import qn

from sync_server.documents.checking import in_utc

_FIRST = "[Content_Types].xml"  # readers that look at the beginning of a file expect it there
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_UNIX = 3
# Of python-docx's template: nothing of it belongs to a document.
_LEFT_OUT = ("stylesWithEffects", "numbering", "customXml", "thumbnail")


def strip(docx: Docx) -> None:
    """Take out the template's parts that no document of ours uses."""
    for relations in (docx.part.rels, docx.part.package.rels):
        for name, relation in list(relations.items()):
            if any(relation.reltype.endswith(f"/{part}") for part in _LEFT_OUT):
                del relations[name]


def lay_out_as_today(docx: Docx) -> None:
    """Have Word place things as it does since 2013, tables within the margins, and not show it as an old file."""
    for setting in docx.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def describe(docx: Docx, *, title: str, author: str, created: datetime) -> None:
    """Say of the file what it is; every property that python-docx would fill in by itself is set."""
    properties = docx.core_properties
    moment = in_utc(created).replace(tzinfo=None)  # as python-docx wants it
    properties.title, properties.author, properties.last_modified_by = title[:255], author[:255], author[:255]
    properties.created = properties.modified = moment
    properties.comments, properties.keywords, properties.language, properties.revision = "", "", "vi-VN", 1


def packed(docx: Docx) -> bytes:
    """Return the file's bytes."""
    saved, file = io.BytesIO(), io.BytesIO()
    docx.save(saved)
    with zipfile.ZipFile(saved) as made, zipfile.ZipFile(file, "w") as archive:
        for name in sorted(made.namelist(), key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _READABLE
            archive.writestr(entry, made.read(name), compresslevel=9)
    return file.getvalue()
