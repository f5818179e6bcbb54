"""Decisions as lines of text."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from sync_server.core.decisions.deadlines import Standing
from sync_server.core.decisions.late import Late
from sync_server.core.decisions.readiness import Lack
from sync_server.core.names import counted, printable
from sync_server.core.quarter import VIETNAM
from sync_server.store.decision_overview import TimeView
from sync_server.store.decisions import Kept

_HEADING = ["time", "days", "state", "due", "", "number", "late votes"]


def as_list(times: Sequence[TimeView], today: date) -> str:
    """Return every time in a line."""
    if not times:
        return "no votes yet, so nothing is to be decided on\n"
    rows = [
        [
            str(time.span),
            f"{time.first} to {time.last}",
            str(time.state),
            str(time.deadline.due),
            _standing(time, today),
            _number(time.issued[0]) if time.issued else "",
            _late(time.late),
        ]
        for time in times
    ]
    widths = [max(len(cell) for cell in column) for column in zip(_HEADING, *rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (_HEADING, *rows))
    return "".join(f"{line.rstrip()}\n" for line in lines)


def as_reminders(times: Sequence[TimeView], today: date, within: int) -> str:
    """Return what is to be done within so many days, or should have been."""
    due = [time for time in times if time.deadline.is_to_be_reminded_of(today, within)]
    lines = [f"{time.span}: {_standing(time, today)}, due on {time.deadline.due}; {_next(time)}" for time in due]
    lines += [f"{time.span}: {_late(time.late)} since it was issued; decision amend" for time in times if time.late]
    return "".join(f"{line}\n" for line in lines)


def as_lacking(lacks: Sequence[Lack]) -> str:
    """Return what is lacking, each with what to do."""
    return "".join(f"! {printable(lack.words)}\n  → {lack.cure}\n" for lack in lacks)


def as_text(time: TimeView, today: date, folder: Path) -> str:
    """Return all about one time."""
    head = (
        f"{time.span}, {time.first} to {time.last}: {time.state}, due on {time.deadline.due} {_standing(time, today)}"
    )
    return "".join(f"{line}\n" for line in (head.rstrip(), *_details(time, folder)))


def files_of(kept: Kept, folder: Path) -> str:
    """Return the files of a version, a line each."""
    if kept.folder is None:
        return ""
    return "".join(f"  {path}\n" for path in sorted((folder / kept.folder).glob("*")))


def _details(time: TimeView, folder: Path) -> Iterator[str]:
    if time.late:
        yield f"since it was issued: {_late(time.late)}"
    for kept in time.versions:
        change = f", {kept.version.change} version {kept.version.amends}" if kept.version.change else ""
        yield f"version {kept.version.number}, {kept.kind}: {kept.state}{change}"
        if kept.issued_at is not None:
            yield f"  number {_number(kept)}, issued here on {kept.entered_on}"
        for words in kept.lacking:
            yield f"  lacking: {printable(words)}"
        if kept.because:
            yield f"  gone on with because: {printable(kept.because)}"
        if kept.archive_sha256 is not None:
            yield f"  root {kept.root}"
            yield f"  fingerprint {kept.fingerprint}"
            yield f"  SHA-256 of the archive {kept.archive_sha256}"
        if kept.forgotten_at is not None:
            yield f"  its votes have forgotten their cases since {kept.forgotten_at.astimezone(VIETNAM):%Y-%m-%d}"
        yield from files_of(kept, folder).splitlines()
    for step in time.steps:
        at = f"{step.at.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
        said = f": {printable(step.note)}" if step.note else ""
        yield f"{at}  {printable(step.by)}  version {step.version} {step.step}, now {step.state}{said}"


def _number(kept: Kept) -> str:
    number = printable(kept.number) if kept.number else "(blank)"
    return f"{number} of {kept.day}" if kept.day else number


def _standing(time: TimeView, today: date) -> str:
    left = time.deadline.days_left(today)
    match time.standing:
        case Standing.AHEAD:
            return f"in {counted(left, 'day')}" if left else "today"
        case Standing.LATE:
            return f"LATE by {counted(-left, 'day')}"
        case Standing.RUNNING:
            return "still running"
        case Standing.ON_TIME if time.deadline.rests_on_the_paper:
            return f"on time by its paper, issued here on {time.deadline.entered}"
        case standing:
            return str(standing)


def _late(late: Late) -> str:
    parts = []
    if late.votes:
        parts.append(f"{counted(late.votes, 'vote')} late")
    if late.forms:
        parts.append(f"{counted(late.forms, 'form')} late")
    if late.withdrawn:
        parts.append(f"{counted(late.withdrawn, 'form')} withdrawn")
    return ", ".join(parts)


def _next(time: TimeView) -> str:
    steps = {"open": "close", "closing": "draft", "draft": "review", "reviewed": "issue"}
    return f"next: decision {steps[time.state]} {time.span}"
