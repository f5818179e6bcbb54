"""Decisions and who did what with them. Every step is compared with what its writer has seen, and put on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from sync_server.core.decisions.late import Held
from sync_server.core.decisions.states import Change, Kind, NotNow, State, Step, Version
from sync_server.core.quarter import local_day
from sync_server.store.audit import Deed, note
from sync_server.store.changes import bump
from sync_server.store.columns import storable
from sync_server.store.labelling import hold_labels
from sync_server.store.schema import decision_steps, decisions


@dataclass(frozen=True)
class Kept:
    """A version as it is kept; *figures* are as printed, *lacking* in words."""

    site: str
    span: str
    version: Version
    kind: Kind
    turn: int
    first: date
    last: date
    due: date
    lacking: tuple[str, ...] = ()
    because: str = ""  # why it was gone on with all the same
    change_because: str = ""
    held: Held | None = None
    figures: Mapping[str, Mapping[str, str]] | None = None
    root: str | None = None
    fingerprint: str | None = None
    folder: str | None = None
    archive_sha256: str | None = None
    number: str | None = None
    day: date | None = None
    issued_at: datetime | None = None
    forgotten_at: datetime | None = None

    @property
    def state(self) -> State:
        return self.version.state

    @property
    def issued_on(self) -> date | None:
        """The day on the paper, or that on which it was issued here."""
        return self.entered_on if self.day is None else self.day

    @property
    def entered_on(self) -> date | None:
        """The day on which it was issued here, whatever its paper says."""
        return None if self.issued_at is None else local_day(self.issued_at)

    def __repr__(self) -> str:
        return f"Kept({self.site}, {self.span}, {self.version})"  # the rest is long


@dataclass(frozen=True)
class StepTaken:
    """Who did what with a version."""

    version: int
    at: datetime
    by: str
    step: Step
    state: State
    note: str


@dataclass(frozen=True)
class Doing:
    """A step that somebody takes."""

    step: Step
    by: str
    at: datetime
    note: str = ""


def kept_versions(connection: Connection, site: str, span: str | None = None) -> list[Kept]:
    """Return the versions about a time, or about every time, in order."""
    query = select(decisions).where(decisions.c.site == site)
    if span is not None:
        query = query.where(decisions.c.span == span)
    return [_kept(row) for row in connection.execute(query.order_by(decisions.c.span, decisions.c.version))]


def steps_taken(connection: Connection, site: str, span: str) -> list[StepTaken]:
    """Return what was done about a time, oldest first."""
    of_it = (decision_steps.c.site == site) & (decision_steps.c.span == span)
    rows = connection.execute(select(decision_steps).where(of_it).order_by(decision_steps.c.id))
    return [StepTaken(row.version, row.at, row.by, Step(row.step), State(row.state), row.note) for row in rows]


def alone_with(connection: Connection, site: str) -> None:
    """Have whoever else begins or ends a version of this site wait until the end of this transaction."""
    hold_labels(connection, site)


def begin(connection: Connection, kept: Kept, doing: Doing) -> None:
    """Write a new version down; its maker is `alone_with` its site."""
    version = kept.version
    connection.execute(
        insert(decisions).values(
            site=kept.site,
            span=kept.span,
            version=version.number,
            kind=kept.kind,
            state=version.state,
            turn=kept.turn,
            first=kept.first,
            last=kept.last,
            due=kept.due,
            amends=version.amends,
            change=version.change,
            lacking=list(kept.lacking),
            because=storable(kept.because),
            change_because=storable(kept.change_because),
            changed_at=doing.at,
        )
    )
    _put_on_record(connection, kept, version.state, doing)


def move(connection: Connection, seen: Kept, state: State, doing: Doing, **said: Any) -> None:
    """Take the version that was seen a step further; NotNow where somebody else has meanwhile."""
    if isinstance(said.get("held"), Held):
        said["held"] = msgspec.to_builtins(said["held"])
    moved = update(decisions).where(_is(seen), decisions.c.turn == seen.turn, decisions.c.state == seen.state)
    values = {"state": state, "turn": seen.turn + 1, "changed_at": doing.at, **said}
    if connection.execute(moved.values(**values)).rowcount != 1:
        raise NotNow(
            f"somebody else has just changed version {seen.version.number} of {seen.span}; look at it again:"
            f" decision show {seen.span}"
        )
    _put_on_record(connection, seen, state, doing)


def supersede(connection: Connection, seen: Kept, state: State, doing: Doing) -> None:
    """Say of an issued version what another one has made of it; NotNow where that was done already."""
    that = (decisions.c.state == State.ISSUED) & _is(seen)
    values = {"state": state, "turn": decisions.c.turn + 1, "changed_at": doing.at}
    if connection.execute(update(decisions).where(that).values(**values)).rowcount != 1:
        raise NotNow(f"version {seen.version.number} of {seen.span} is not in force any more")
    _put_on_record(connection, seen, state, doing)


def _put_on_record(connection: Connection, kept: Kept, state: State, doing: Doing) -> None:
    connection.execute(
        insert(decision_steps).values(
            site=kept.site,
            span=kept.span,
            version=kept.version.number,
            at=doing.at,
            by=storable(doing.by),
            step=doing.step,
            state=state,
            note=storable(doing.note),
        )
    )
    subject = f"{kept.kind} {kept.span}, version {kept.version.number}: {state}"
    details = {"span": kept.span, "version": kept.version.number, "state": str(state)}
    because = storable(doing.note) or "-"
    note(connection, Deed(f"decision {doing.step}", storable(doing.by), because, subject, kept.site, details), doing.at)
    bump(connection)


def _is(kept: Kept) -> ColumnElement[bool]:
    of_it = (decisions.c.site == kept.site) & (decisions.c.span == kept.span)
    return of_it & (decisions.c.version == kept.version.number)


def _kept(row: Row[Any]) -> Kept:
    lacking: Sequence[str] = row.lacking
    change = None if row.change is None else Change(row.change)
    return Kept(
        site=row.site,
        span=row.span,
        version=Version(row.version, State(row.state), row.amends, change),
        kind=Kind(row.kind),
        turn=row.turn,
        first=row.first,
        last=row.last,
        due=row.due,
        lacking=tuple(lacking),
        because=row.because,
        change_because=row.change_because,
        held=None if row.held is None else msgspec.convert(row.held, Held),
        figures=row.figures,
        root=row.root,
        fingerprint=row.fingerprint,
        folder=row.folder,
        archive_sha256=row.archive_sha256,
        number=row.number,
        day=row.day,
        issued_at=row.issued_at,
        forgotten_at=row.forgotten_at,
    )
