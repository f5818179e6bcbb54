"""What an issued Decision tells everyone: on the public page, the lobby's screen, the poster and kiosks. Pure."""

from dataclasses import dataclass
from datetime import date

from protocol.messages import Published
from sync_server.core.decisions import published_wording as wording
from sync_server.core.decisions.headline import Headline
from sync_server.core.decisions.states import Change
from sync_server.core.decisions.states import Kind as DecisionKind
from sync_server.core.rules import Period
from sync_server.core.spans import Kind, Span


@dataclass(frozen=True)
class Result:
    """A result as it was issued; a version that was amended or replaced stays readable under its own number."""

    site: str
    office: str
    unit: str
    span: Span
    version: int
    name: str  # "Quyết định số 15/QĐ-UBND ngày 05 tháng 10 năm 2026"
    headline: Headline | None  # None: nobody has voted
    folder: str  # of its files, within that of the server
    root: str
    fingerprint: str
    issued: date
    in_force: bool

    @property
    def for_kiosks(self) -> Published | None:
        """What stands on the kiosks' thank-you screen; None where it has no words for such a time, or nobody voted."""
        if self.span.kind is not Kind.QUARTER or self.headline is None:
            return None
        return Published(self.span.year, self.span.number, self.headline.percent, self.headline.votes)


def newest_first(results: list[Result]) -> list[Result]:
    """Return results with that of the latest time first, and its latest version."""
    return sorted(results, key=_age, reverse=True)


def _age(result: Result) -> tuple[date, int]:
    return result.span.days(Period.CALENDAR)[1], result.version


def name_of(kind: DecisionKind, change: Change | None, number: str | None, day: date | None, issued: date) -> str:
    """Return how people call a document; before the clerk has given it a number, by the day on which it was issued."""
    words = wording.KINDS[kind] if change is None else wording.CHANGES[change]
    if number is None:
        return wording.UNNUMBERED.format(words, issued)
    return wording.NUMBERED.format(words, number, day or issued)
