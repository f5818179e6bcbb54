"""Taking a quarter from open to issued: what others make is put in place whole, together with the step on record.

Files are made beside their place and renamed within the transaction that takes the step. Whoever is killed before its
end leaves the state before, and files that nothing refers to, which the next attempt clears away; after it everything
is there. One process at a time works on a version, whoever else tries is told so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sync_server.core.decisions.deadlines import doubt_about_paper_day
from sync_server.core.decisions.document import Document, filled
from sync_server.core.decisions.late import Held
from sync_server.core.decisions.lines import day_text
from sync_server.core.decisions.states import (
    SUPERSEDED,
    Change,
    Kind,
    NotNow,
    State,
    Step,
    amending,
    begun,
    current,
    in_force,
    moved,
)
from sync_server.core.quarter import local_day
from sync_server.core.spans import Span
from sync_server.decision_room import Room, at_work
from sync_server.store.database import Connection, Database
from sync_server.store.decisions import Doing, Kept, alone_with, begin, kept_versions, move, supersede
from sync_server.store.late_votes import held_now
from sync_server.store.setups_due import tell_kiosks

DOCX, PDF, ARCHIVE = "quyet-dinh.docx", "quyet-dinh.pdf", "ho-so.zip"
DRAFTED, ISSUED = "du-thao", "ban-hanh"
ATTEMPTS = 3
# What the clerk gives at the end: these may change between review and issue, and no figure.
BY_THE_CLERK = frozenset({"stated.number", "stated.day"})

Tell = Callable[[str, int, int | None], None]


class DecidingTrouble(Exception):
    """It cannot be drafted or issued; the text says why, and what to do."""


@dataclass(frozen=True)
class Asked:
    """Which document is to be made."""

    site: str
    span: Span
    kind: Kind
    version: int
    today: date  # on which it is made
    lacking: tuple[str, ...] = ()  # what was missing, in words, and
    because: str = ""  # why it was gone on with all the same
    amends: Kept | None = None  # the one that it changes, with number, day and figures
    change: Change | None = None
    change_because: str = ""
    number: str | None = None  # blank for the clerk
    day: date | None = None


@dataclass(frozen=True)
class Composed:
    """A document with its fields, their values, and what these rest on, which lies in the folder it was made in."""

    document: Document
    computed: Mapping[str, str]
    stated: Mapping[str, str]
    root: str
    fingerprint: str

    @property
    def values(self) -> dict[str, str]:
        """All fields."""
        return {**self.stated, **self.computed}


@dataclass(frozen=True)
class DecisionParts:
    """What others make: each a function."""

    compose: Callable[[Database, Asked, Path, Tell], Composed]  # of one view of the database; writes into the folder
    render: Callable[[Document, Asked, Tell], Mapping[str, bytes]]  # DOCX and PDF
    # Writes, verifies, and returns the SHA-256; DecidingTrouble where it would not hold.
    write_archive: Callable[[Path, Asked, Composed, Mapping[str, bytes], Tell], str]


@dataclass(frozen=True)
class Desk:
    """Where it is worked: the database, the server's folder, the parts."""

    database: Database
    folder: Path
    parts: DecisionParts
    tell: Tell = lambda _what, _done, _total: None


@dataclass(frozen=True)
class Paper:
    """Number and day as the clerk gives them; None is left blank."""

    number: str | None = None
    day: date | None = None


def close(database: Database, blank: Kept, lacking: Sequence[str], because: str, doing: Doing) -> Kept:
    """Close a time, of which nothing is lacking or a leader goes on all the same; *blank* tells a new version's days.

    NotNow where that is not possible.
    """
    with database.writing() as connection:
        alone_with(connection, blank.site)
        versions = kept_versions(connection, blank.site, blank.span)
        seen = _current(versions)
        if seen is None:
            version = replace(begun([kept.version for kept in versions]), state=State.CLOSING)
            begin(connection, replace(blank, version=version, lacking=tuple(lacking), because=because), doing)
        else:
            state = moved(seen.state, Step.CLOSE)
            kind = blank.kind if seen.version.change is None else seen.kind
            move(connection, seen, state, doing, lacking=list(lacking), because=because, kind=kind)
        return _now_current(connection, blank)


def amend(database: Database, blank: Kept, change: Change, doing: Doing) -> Kept:
    """Begin a version that changes the one in force; NotNow where there is none."""
    with database.writing() as connection:
        alone_with(connection, blank.site)
        versions = kept_versions(connection, blank.site, blank.span)
        version = amending([kept.version for kept in versions], change)
        kind = next(kept.kind for kept in versions if kept.version.number == version.amends)
        begin(connection, replace(blank, version=version, kind=kind, change_because=doing.note), doing)
        return _now_current(connection, blank)


def draft(desk: Desk, site: str, span: Span, doing: Doing) -> Kept:
    """Make the documents of a closed time, or anew; NotNow, DecidingTrouble."""
    seen = current_of(desk.database, site, span)
    state = moved(seen.state, doing.step)
    with at_work(_place(desk, seen)) as room:
        composed, held, _ = _made(desk, asked(desk.database, seen, local_day(doing.at)), room.new)
        room.leave_only({DOCX, PDF})
        name = f"{DRAFTED}-{seen.turn}"
        with desk.database.writing() as connection:
            move(
                connection,
                seen,
                state,
                doing,
                held=held,
                figures=_figures(composed),
                root=composed.root,
                fingerprint=composed.fingerprint,
                folder=_within(desk, room, name),
            )
            room.put_in_place(name)
        room.keep_only(name)
    return current_of(desk.database, site, span)


def review(database: Database, site: str, span: Span, doing: Doing) -> Kept:
    """Put on record that a draft was looked through; NotNow."""
    return _only_on_record(database, site, span, doing)


def discard(database: Database, site: str, span: Span, doing: Doing) -> None:
    """Give up the version in hand, which is kept; NotNow."""
    seen = current_of(database, site, span)
    with database.writing() as connection:
        alone_with(connection, site)
        move(connection, seen, moved(seen.state, doing.step), doing)


def issue(desk: Desk, site: str, span: Span, paper: Paper, doing: Doing) -> Kept:
    """Freeze what was reviewed: documents and archive, which its own verifier accepts; NotNow, DecidingTrouble."""
    seen = current_of(desk.database, site, span)
    state = moved(seen.state, doing.step)
    with desk.database.reading() as connection:
        _check_day(paper, seen, kept_versions(connection, site, str(span)), doing)
    with at_work(_place(desk, seen)) as room:
        wanted = replace(asked(desk.database, seen, local_day(doing.at)), number=paper.number, day=paper.day)
        composed, held, files = _made(desk, wanted, room.new)
        _check_unchanged(seen, composed)
        archive = room.new / ARCHIVE
        digest = desk.parts.write_archive(archive, wanted, composed, files, desk.tell)
        room.leave_only({DOCX, PDF, ARCHIVE})
        name = f"{ISSUED}-{seen.turn}"
        with desk.database.writing() as connection:
            alone_with(connection, site)
            if seen.version.change is not None:
                before = next(
                    kept
                    for kept in kept_versions(connection, site, str(span))
                    if kept.version.number == seen.version.amends
                )
                supersede(connection, before, SUPERSEDED[seen.version.change], doing)
            move(
                connection,
                seen,
                state,
                doing,
                held=held,
                figures=_figures(composed),
                root=composed.root,
                fingerprint=composed.fingerprint,
                folder=_within(desk, room, name),
                archive_sha256=digest,
                number=paper.number,
                day=paper.day,
                issued_at=doing.at,
            )
            tell_kiosks(connection, site, doing.by, doing.at)
            room.put_in_place(name)
        room.keep_only(name)
    return current_of(desk.database, site, span)


def give_number(
    database: Database,
    site: str,
    span: Span,
    version: int | None,
    paper: Paper,
    doing: Doing,
    *,
    correcting: bool = False,
) -> Kept:
    """Note the number and day that the clerk gave a paper after it was signed.

    NotNow where it has others already, unless *correcting* what was noted so.
    """
    with database.writing() as connection:
        versions = kept_versions(connection, site, str(span))
        seen = next((kept for kept in versions if kept.version.number == version), None)
        seen = seen or in_force_of(versions)
        if seen is None:
            raise NotNow(f"nothing was issued yet about {span}")
        state = moved(seen.state, doing.step)
        _check_day(paper, seen, versions, doing)
        if (seen.number or paper.number, seen.day or paper.day) != (paper.number, paper.day):
            has = f"it has number {seen.number or '(blank)'} and day {seen.day or '(blank)'} already"
            if _is_printed(seen):
                raise NotNow(f"{has}, and they stand in the document itself; it is changed by: decision amend")
            if not correcting:
                raise NotNow(f"{has}; to put right what was mistyped, say why: --because")
        move(connection, seen, state, doing, number=paper.number, day=paper.day)
        return replace(seen, number=paper.number, day=paper.day, turn=seen.turn + 1)


def current_of(database: Database, site: str, span: Span) -> Kept:
    """Return the version that a step is about; NotNow where nothing was begun."""
    with database.reading() as connection:
        seen = _current(kept_versions(connection, site, str(span)))
    if seen is None:
        raise NotNow(f"{span} is open; begin with: decision close {span}")
    return seen


def in_force_of(versions: Sequence[Kept]) -> Kept | None:
    """Return the one that was issued last."""
    found = in_force([kept.version for kept in versions])
    return None if found is None else next(kept for kept in versions if kept.version == found)


def asked(database: Database, seen: Kept, today: date) -> Asked:
    """Return what document a version is to be."""
    amends = None
    if seen.version.amends is not None:
        with database.reading() as connection:
            versions = kept_versions(connection, seen.site, seen.span)
        amends = next(kept for kept in versions if kept.version.number == seen.version.amends)
    return Asked(
        site=seen.site,
        span=Span.parse(seen.span),
        kind=seen.kind,
        version=seen.version.number,
        today=today,
        lacking=seen.lacking,
        because=seen.because,
        amends=amends,
        change=seen.version.change,
        change_because=seen.change_because,
    )


def _only_on_record(database: Database, site: str, span: Span, doing: Doing) -> Kept:
    seen = current_of(database, site, span)
    with database.writing() as connection:
        move(connection, seen, moved(seen.state, doing.step), doing)
    return current_of(database, site, span)


def _made(desk: Desk, wanted: Asked, folder: Path) -> tuple[Composed, Held, Mapping[str, bytes]]:
    composed, held = _composed(desk, wanted, folder)
    files = desk.parts.render(filled(composed.document, composed.values), wanted, desk.tell)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return composed, held, files


def _composed(desk: Desk, wanted: Asked, folder: Path) -> tuple[Composed, Held]:
    """Compose of a view of which is known which votes it held: no vote of the time came while it was looked at."""
    seen = current_of(desk.database, wanted.site, wanted.span)
    for _ in range(ATTEMPTS):
        before = _held(desk.database, seen)
        composed = desk.parts.compose(desk.database, wanted, folder, desk.tell)
        if before.is_same_time(_held(desk.database, seen)):
            return composed, before
    raise DecidingTrouble(f"votes of {wanted.span} are arriving at this moment; try again in a minute")


def _held(database: Database, seen: Kept) -> Held:
    with database.reading() as connection:
        return held_now(connection, seen.site, seen.first, seen.last)


def _check_unchanged(seen: Kept, composed: Composed) -> None:
    """What was reviewed is what is issued."""
    now, reviewed = _figures(composed), seen.figures or {}
    changed = sorted(
        name
        for kind, values in now.items()
        for name in values.keys() | reviewed.get(kind, {}).keys()
        if values.get(name) != reviewed.get(kind, {}).get(name) and name not in BY_THE_CLERK
    )
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        raise DecidingTrouble(
            f"{seen.span} has changed since it was reviewed ({', '.join(changed[:3])}{more}); draft and review it again"
        )


def _check_day(paper: Paper, seen: Kept, versions: Sequence[Kept], doing: Doing) -> None:
    if paper.day is None:
        return
    amended = next((kept.issued_on for kept in versions if kept.version.number == seen.version.amends), None)
    doubt = doubt_about_paper_day(paper.day, seen.last, local_day(doing.at), amended)
    if doubt is not None:
        raise NotNow(doubt)


def _is_printed(seen: Kept) -> bool:
    """Whether the clerk's number or day stand in the document, which is never written anew."""
    stated = (seen.figures or {}).get("stated", {})
    number, day = stated.get("stated.number", ""), stated.get("stated.day", "")
    return bool(number.strip()) or (seen.day is not None and day == day_text(seen.day))


def _figures(composed: Composed) -> dict[str, dict[str, str]]:
    return {"computed": dict(composed.computed), "stated": dict(composed.stated)}


def _place(desk: Desk, seen: Kept) -> Path:
    return desk.folder / "decisions" / seen.site / seen.span / str(seen.version.number)


def _within(desk: Desk, room: Room, name: str) -> str:
    return (room.place / name).relative_to(desk.folder).as_posix()


def _current(versions: Sequence[Kept]) -> Kept | None:
    found = current([kept.version for kept in versions])
    return None if found is None else next(kept for kept in versions if kept.version == found)


def _now_current(connection: Connection, like: Kept) -> Kept:
    found = _current(kept_versions(connection, like.site, like.span))
    assert found is not None
    return found
