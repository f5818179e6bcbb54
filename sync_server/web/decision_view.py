"""From what was done about a time to what its card says. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sync_server.core.decisions.deadlines import Standing
from sync_server.core.decisions.published_wording import KINDS
from sync_server.core.decisions.states import State
from sync_server.core.names import printable
from sync_server.core.quarter import VIETNAM
from sync_server.core.rounding import count_text
from sync_server.store.decision_overview import TimeView
from sync_server.store.decisions import Kept
from sync_server.web import decision_wording as wording

FilesOf = Callable[[Kept], list[tuple[str, str]]]


@dataclass(frozen=True)
class VersionLine:
    """A version that has files, or was issued."""

    title: str
    state: str
    number: str
    files: Sequence[tuple[str, str, str]]  # address, words, what for
    fingerprint: str
    lacking: Sequence[str]
    gone_on: str
    forgotten: str


@dataclass(frozen=True)
class TimeLine:
    """A time as the page shows it."""

    title: str
    first: date
    last: date
    due: date
    state: State
    state_words: str
    standing: Standing
    standing_words: str
    figures: str | None
    late: Sequence[str]
    late_hint: str
    versions: Sequence[VersionLine]
    next_command: str
    last_step: str

    @property
    def is_late(self) -> bool:
        return self.standing is Standing.LATE


def time_line(time: TimeView, today: date, figures: str | None, files_of: FilesOf) -> TimeLine:
    """Return what the page says of a time."""
    running = time.standing is Standing.RUNNING and not time.versions
    late = _late(time)
    return TimeLine(
        title=time.span.label,
        first=time.first,
        last=time.last,
        due=time.deadline.due,
        state=time.state,
        state_words=wording.STILL_RUNNING if running else wording.STATES[time.state],
        standing=time.standing,
        standing_words=_standing(time, today),
        figures=figures,
        late=late,
        late_hint=wording.LATE_HINT.format(time.span) if late else "",
        versions=[_version(kept, files_of) for kept in reversed(time.versions) if kept.state is not State.DISCARDED],
        next_command="" if running else wording.NEXT.get(time.state, "").format(time.span),
        last_step=_last_step(time),
    )


def _standing(time: TimeView, today: date) -> str:
    words = wording.STANDINGS[time.standing]
    if time.standing is Standing.TOO_LATE and time.deadline.issued is not None:
        return words.format((time.deadline.issued - time.deadline.due).days)
    if time.deadline.rests_on_the_paper:
        return wording.BY_ITS_PAPER.format(time.deadline.entered)
    left = time.deadline.days_left(today)
    return wording.TODAY if not left and time.standing is Standing.AHEAD else words.format(abs(left))


def _late(time: TimeView) -> list[str]:
    counts = (
        (time.late.votes, wording.LATE_VOTES),
        (time.late.forms, wording.LATE_FORMS),
        (time.late.withdrawn, wording.WITHDRAWN_FORMS),
    )
    return [words.format(count_text(count)) for count, words in counts if count]


def _version(kept: Kept, files_of: FilesOf) -> VersionLine:
    change = ""
    if kept.version.change is not None:
        change = ", " + wording.CHANGES[kept.version.change].format(kept.version.amends)
    return VersionLine(
        title=f"{KINDS[kept.kind]}, bản {kept.version.number}{change}",
        state=wording.STATES[kept.state],
        number="" if kept.issued_at is None else _number(kept),
        files=[(address, *wording.FILES[name]) for address, name in files_of(kept)],
        fingerprint=(kept.fingerprint or "") if kept.issued_at is not None else "",
        lacking=[printable(words) for words in kept.lacking],
        gone_on=wording.GONE_ON.format(printable(kept.because)) if kept.because else "",
        forgotten="" if kept.forgotten_at is None else wording.FORGOTTEN.format(kept.forgotten_at.astimezone(VIETNAM)),
    )


def _number(kept: Kept) -> str:
    number = wording.NUMBER.format(printable(kept.number)) if kept.number else wording.BLANK_NUMBER
    entered = "" if kept.entered_on == kept.issued_on else f" ({wording.ENTERED.format(kept.entered_on)})"
    return f"{number}, {wording.OF_DAY.format(kept.issued_on)}{entered}"


def _last_step(time: TimeView) -> str:
    if not time.steps:
        return ""
    step = time.steps[-1]
    return f"{printable(step.by)}: {wording.STEPS[step.step]}, {step.at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
