"""Writing an archive: one form, the same bytes for the same contents, and checked before it takes its place."""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import msgspec

from sync_server.archives import wording
from sync_server.archives.ground import ArchiveTrouble, Ground, Progress, silent
from sync_server.archives.keys import SigningKey, public_key_text
from sync_server.core.decisions.document import Document, as_json
from sync_server.core.decisions.votes_file import canonical
from sync_server.core.exports.lines import CsvLines
from sync_server.core.exports.tables import Column
from sync_server.exports.drafts import ExportTrouble, drafting
from sync_server.verifier import verify

FORMAT = 1
BLOCK = 1 << 20
MOST_BYTES = (1 << 32) - (1 << 20)  # a ZIP without its extension for larger ones

_DAY_1980 = 0x21
_MODE = 0o100644 << 16
_CSV = (
    Column("kind", "Loại", "computed: đếm từ lượt đánh giá; stated: từ nơi khác"),
    Column("name", "Trường", "Tên trường"),
    Column("value", "Giá trị", "Như được in"),
)


@dataclass(frozen=True)
class About:
    """Which Decision it is."""

    site: str
    office: str
    span: str
    version: int
    issued_day: date


@dataclass(frozen=True)
class Papers:
    """The document: with its fields, what they are filled with beside the computed ones, and as it was rendered."""

    document: Document
    stated: Mapping[str, str]  # names begin with "stated."
    docx: bytes
    pdf: bytes


def write_archive(
    path: Path,
    ground: Ground,
    papers: Papers,
    about: About,
    key: SigningKey,
    *,
    replace: bool = False,
    progress: Progress = silent,
) -> str:
    """Write an archive, have it verified, put it in its place, and return its SHA-256.

    ArchiveTrouble where it would not hold or cannot be written: then there is nothing new.
    """
    try:
        with drafting(path, replace=replace) as draft:
            with draft.open("r+b") as file:
                _write(file, _members(ground, papers, about, key))
            found = verify.verify(draft, key=key.public, tell=progress)
            if not found.holds:
                wrong = [line for line in found.lines if line.startswith("[KHÁC]")]
                raise ArchiveTrouble(f"{path}: would not hold: {'; '.join(wrong)}")
            return _hash_of(draft)
    except ExportTrouble as error:
        raise ArchiveTrouble(str(error)) from None


def _members(ground: Ground, papers: Papers, about: About, key: SigningKey) -> dict[str, bytes | Path]:
    figures = {"computed": dict(ground.computed), "stated": dict(papers.stated)}
    members: dict[str, bytes | Path] = {
        "DOC-TOI.txt": wording.READ_ME.format(
            office=about.office,
            span=about.span,
            version=about.version,
            root=ground.root,
            fingerprint=ground.fingerprint,
        ).encode(),
        "document.json": as_json(papers.document),
        "figures.csv": "".join(_csv(figures)).encode(CsvLines.encoding),
        "figures.json": _json({"format": FORMAT, **figures}),
        "public-key.txt": public_key_text(key.public, about.office).encode(),
        "quyet-dinh.docx": papers.docx,
        "quyet-dinh.pdf": papers.pdf,
        "rules.json": ground.rules,
        "verify.py": Path(verify.__file__).read_bytes(),
        "votes.sqlite": ground.votes_file,
    }
    manifest = {
        "format": FORMAT,
        **{"site": about.site, "office": about.office, "span": about.span, "version": about.version},
        **{"issued_day": about.issued_day.isoformat(), "root": ground.root, "fingerprint": ground.fingerprint},
        "members": {name: _hash_of(content) for name, content in members.items()},
    }
    members["manifest.json"] = _json(manifest)
    members["manifest.sig"] = key.sign(_json(manifest))
    return members


def _json(value: object) -> bytes:
    return msgspec.json.format(canonical(value), indent=1) + b"\n"


def _csv(figures: Mapping[str, Mapping[str, str]]) -> Iterable[str]:
    rows = (
        [CsvLines.part(_CSV, (kind, CsvLines.text(name), CsvLines.text(text)))]
        for kind, texts in sorted(figures.items())
        for name, text in sorted(texts.items())
    )
    return CsvLines.file(_CSV, rows)


def _write(file: BinaryIO, members: Mapping[str, bytes | Path]) -> None:
    """Write a ZIP whose bytes follow from names and contents alone: sorted, stored, of one day, readable by all."""
    central = []
    for name, content in sorted(members.items()):
        place, size, checked = file.tell(), 0, 0
        for block in _blocks(content):
            size, checked = size + len(block), zlib.crc32(block, checked)
        if place + size > MOST_BYTES:
            raise ArchiveTrouble("larger than 4 GiB: an archive cannot be that large")
        encoded = name.encode("ascii")
        common = (20, 0, 0, 0, _DAY_1980, checked, size, size, len(encoded), 0)
        file.write(struct.pack("<4s5H3I2H", b"PK\x03\x04", *common) + encoded)
        for block in _blocks(content):
            file.write(block)
        central.append(struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 0x0314, *common, 0, 0, 0, _MODE, place) + encoded)
    place, listed = file.tell(), b"".join(central)
    number = len(members)
    file.write(listed + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, number, number, len(listed), place, 0))
    file.truncate()
    file.flush()
    os.fsync(file.fileno())


def _blocks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _hash_of(content: bytes | Path) -> str:
    digest = sha256()
    for block in _blocks(content):
        digest.update(block)
    return digest.hexdigest()
