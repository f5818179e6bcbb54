"""What keeps a time from being closed, and what to do about it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from sync_server.core.completeness import KioskLedger, assess
from sync_server.core.decisions import readiness_wording as wording
from sync_server.core.figures.period_wording import LABELS
from sync_server.core.labelling.names import RuleName
from sync_server.core.rounding import count_text
from sync_server.core.working_days import is_working_day

# So many working days without a case at the end of a quarter mean that the register was not brought up to date: an
# office with a few hundred cases a year has one nearly every day.
LAST_WORKING_DAYS = 3
_RULES = frozenset(map(str, RuleName))


class Topic(StrEnum):
    """What is lacking."""

    KIOSK = "kiosk"
    UNDATED = "undated"
    LABEL = "label"
    CASES = "cases"
    PAPER = "paper"
    RULES = "rules"


@dataclass(frozen=True)
class Lack:
    """One thing that is lacking: what it is, and what to do."""

    topic: Topic
    words: str
    cure: str


@dataclass(frozen=True)
class OpenBatch:
    """Forms that were entered and do not count yet; *differing*: how many whose two entries are to be decided on."""

    name: str
    differing: int = 0


@dataclass(frozen=True)
class Looked:
    """What is known of a time."""

    span: str
    last: date
    kiosks: Sequence[KioskLedger] = ()
    undated: int = 0
    unreviewed: Mapping[str, int] = field(default_factory=dict)  # votes under each label that nobody decided on
    excluded: Sequence[str] = ()  # labels that the rules leave out
    newest_case: date | None = None  # received by the last day; None: the office keeps no register
    cases_unknown: int = 0  # votes for cases that are in no register
    batches: Sequence[OpenBatch] = ()
    unjudged_days: int = 0


def lacking(looked: Looked, now: datetime) -> tuple[Lack, ...]:
    """Return all that is lacking of a time, what may bring further votes first."""
    return (
        *_of_kiosks(looked, now),
        *_of_paper(looked),
        *_of_cases(looked),
        *_of_labels(looked),
        *_of_days(looked),
    )


def _of_kiosks(looked: Looked, now: datetime) -> Iterator[Lack]:
    for kiosk in looked.kiosks:
        for finding in assess(kiosk, looked.last, now).findings:
            if finding.missing:
                yield Lack(Topic.KIOSK, *wording.of_kiosk(kiosk.kiosk, finding))


def _of_paper(looked: Looked) -> Iterator[Lack]:
    for batch in looked.batches:
        what, cure = wording.BATCH_DIFFERS if batch.differing else wording.BATCH_OPEN
        yield Lack(Topic.PAPER, what.format(batch.name, count_text(batch.differing)), cure)


def _of_cases(looked: Looked) -> Iterator[Lack]:
    if looked.newest_case is None:
        return
    if looked.newest_case < _last_working_days_from(looked.last):
        what, cure = wording.CASES_BEHIND
        yield Lack(Topic.CASES, what.format(f"{looked.newest_case:%d/%m/%Y}"), cure)
    if looked.cases_unknown:
        what, cure = wording.CASES_UNKNOWN
        yield Lack(Topic.CASES, what.format(count_text(looked.cases_unknown)), cure)


def _of_labels(looked: Looked) -> Iterator[Lack]:
    # What kiosks note beside, such as that no code was scanned, changes no figure and is nobody's to decide on.
    for label, votes in sorted(looked.unreviewed.items()):
        if label in looked.excluded:
            what, cure = wording.UNREVIEWED_EXCLUDED
        elif label in _RULES:
            what, cure = wording.UNREVIEWED
        else:
            continue
        yield Lack(Topic.LABEL, what.format(count_text(votes), LABELS.get(label, label)), cure.format(looked.span))


def _of_days(looked: Looked) -> Iterator[Lack]:
    if looked.unjudged_days:
        what, cure = wording.UNJUDGED
        yield Lack(Topic.RULES, what.format(count_text(looked.unjudged_days)), cure)
    if looked.undated:
        what, cure = wording.UNDATED
        yield Lack(Topic.UNDATED, what.format(count_text(looked.undated)), cure)


def _last_working_days_from(last: date) -> date:
    left, day = LAST_WORKING_DAYS, last
    while True:
        left -= is_working_day(day)
        if not left:
            return day
        day -= timedelta(days=1)
