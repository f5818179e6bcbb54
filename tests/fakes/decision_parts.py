"""Parts of a Decision that are as small as can be, and yet read the votes, write files and check them."""

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sync_server.core.decisions.document import Document, Head, Signature
from sync_server.core.decisions.fields import literal
from sync_server.deciding import DOCX, PDF, Asked, Composed, DecidingTrouble, DecisionParts, Tell
from sync_server.store.database import Database
from sync_server.store.period import period_figures

DIGEST = "digest.txt"


def compose(database: Database, asked: Asked, folder: Path, tell: Tell) -> Composed:
    figures, _ = period_figures(database, asked.site, asked.span)
    computed = {"votes": str(figures.coverage.votes), "excluded": str(figures.excluded_votes)}
    (folder / "votes.txt").write_text(computed["votes"])
    said = [f"{{votes}} lượt {{stated.number}} {{stated.day}} {{stated.root}} {literal(asked.because)}"]
    said += [literal(lack) for lack in asked.lacking]
    if asked.amends is not None and asked.amends.figures is not None:
        said.append(f"trước {literal(asked.amends.figures['computed']['votes'])}")
    root = hashlib.sha256(json.dumps(computed).encode()).hexdigest()
    stated = {
        "stated.number": asked.number or "      ",
        "stated.day": "      " if asked.day is None else f"{asked.day:%d/%m/%Y}",
        "stated.root": root,
    }
    head = Head((), ("UBND",), "Số: {stated.number}/QĐ-UBND", "Sịa", "QUYẾT ĐỊNH", "Về việc đánh giá")
    document = Document(head, (), "QUYẾT ĐỊNH:", (), Signature(("CHỦ TỊCH",), "A"), (), opening=tuple(said))
    tell("votes", figures.coverage.votes, figures.coverage.votes)
    return Composed(document, computed, stated, root, root[::-1])


def render(document: Document, asked: Asked, tell: Tell) -> dict[str, bytes]:
    text = "\n".join((document.head.number, *document.opening)).encode()
    tell("documents", 1, 1)
    return {DOCX: b"DOCX\n" + text, PDF: f"PDF {asked.today:%Y}\n".encode() + text}


def write_archive(path: Path, asked: Asked, composed: Composed, files: Mapping[str, bytes], tell: Tell) -> str:
    members = {**files, "votes.txt": (path.parent / "votes.txt").read_bytes()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name), content)
        archive.writestr(zipfile.ZipInfo(DIGEST), _digest(members) + composed.computed["votes"])
    if differs := verify(path):
        raise DecidingTrouble("; ".join(differs))
    tell("archive", 1, 1)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def verify(path: Path) -> Sequence[str]:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != DIGEST}
        stands = archive.read(DIGEST).decode()
    return [] if stands == _digest(members) + members["votes.txt"].decode() else ["another digest"]


def _digest(members: Mapping[str, bytes]) -> str:
    return hashlib.sha256(b"\0".join(name.encode() + b"\0" + members[name] for name in sorted(members))).hexdigest()


SMALL_PARTS = DecisionParts(compose, render, write_archive)
