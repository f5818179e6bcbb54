"""Which functions make a Decision's parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from sync_server.archives.ground import ArchiveTrouble, Ground, lay_ground
from sync_server.archives.keys import signing_key
from sync_server.archives.writing import About, Papers, write_archive
from sync_server.core.decisions.contents import compose
from sync_server.core.decisions.document import Document
from sync_server.core.decisions.facts import Act, Amended
from sync_server.core.decisions.stated import stated_of
from sync_server.core.decisions.states import Change, Kind
from sync_server.core.quarter import VIETNAM
from sync_server.deciding import DOCX, PDF, Asked, Composed, DecidingTrouble, DecisionParts, Tell
from sync_server.documents.checking import DocumentTrouble
from sync_server.documents.docx_file import docx_bytes
from sync_server.documents.fitting import fitting_size
from sync_server.documents.pdf_file import pdf_bytes
from sync_server.keys import KeyTrouble
from sync_server.settings import Settings
from sync_server.store.ballots import reading_ballots
from sync_server.store.database import Database
from sync_server.store.decision_facts import facts_in
from sync_server.store.decisions import Kept
from sync_server.store.late_votes import late_votes


@dataclass(frozen=True)
class Grounded(Composed):
    """A document with the votes and rules that it rests on."""

    ground: Ground
    office: str


def parts_of(settings: Settings) -> DecisionParts:
    """Return the parts, as the settings want them."""
    return DecisionParts(_compose, partial(_render, settings.font_folders), partial(_write_archive, settings.folder))


def _compose(database: Database, asked: Asked, folder: Path, tell: Tell) -> Grounded:
    with reading_ballots(database, asked.site, asked.span) as ballots:
        facts = replace(facts_in(ballots.connection, asked.site, asked.span, asked.today), **_occasion(asked))
        before = asked.amends
        if before is not None and before.held is not None:
            late = late_votes(ballots.connection, before.site, before.first, before.last, before.held)
            facts = replace(facts, late=late.votes + late.forms)
        try:
            ground = lay_ground(folder, ballots, facts.figures, tell)
        except ArchiveTrouble as trouble:
            raise DecidingTrouble(str(trouble)) from None
    facts = replace(facts, root=ground.root, fingerprint=ground.fingerprint)
    return Grounded(
        compose(facts),
        ground.computed,
        stated_of(facts),
        ground.root,
        ground.fingerprint,
        ground,
        facts.letterhead.office,
    )


def _occasion(asked: Asked) -> dict[str, Any]:
    return {
        "act": _act(asked),
        "number": asked.number or "",
        "day": asked.day,
        "findings": asked.lacking,
        "reason": asked.because,
        "amended": None if asked.amends is None else _amended(asked.amends, asked.change_because),
    }


def _act(asked: Asked) -> Act:
    if asked.kind is Kind.REPORT:
        return Act.REPORT
    return Act.AMENDMENT if asked.change is Change.AMENDS else Act.DECISION


def _amended(kept: Kept, because: str) -> Amended:
    assert kept.figures is not None and kept.issued_on is not None
    return Amended(kept.number or "", kept.issued_on, because, kept.figures["computed"])


def _render(fonts: Sequence[Path], document: Document, asked: Asked, tell: Tell) -> dict[str, bytes]:
    # Midnight of a day: who issues the same once more that day gets the same bytes.
    created = datetime.combine(asked.day or asked.today, time(), VIETNAM)
    try:
        size = fitting_size(document, font_folders=fonts)
        tell("documents", 1, 3)
        docx = docx_bytes(document, size=size, created=created, font_folders=fonts)
        tell("documents", 2, 3)
        return {DOCX: docx, PDF: pdf_bytes(document, size=size, created=created, font_folders=fonts)}
    except DocumentTrouble as trouble:
        raise DecidingTrouble(str(trouble)) from None


def _write_archive(
    folder: Path, path: Path, asked: Asked, composed: Composed, files: Mapping[str, bytes], tell: Tell
) -> str:
    assert isinstance(composed, Grounded)  # what _compose returns
    about = About(asked.site, composed.office, str(asked.span), asked.version, asked.day or asked.today)
    papers = Papers(composed.document, composed.stated, files[DOCX], files[PDF])
    try:
        key = signing_key(folder, asked.site)
        return write_archive(path, composed.ground, papers, about, key, replace=True, progress=tell)
    except (ArchiveTrouble, KeyTrouble) as trouble:
        raise DecidingTrouble(str(trouble)) from None
