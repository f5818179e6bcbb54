"""What a Decision that was issued tells everyone: on the public page, the lobby's screen, the poster and kiosks. Pure."""

from dataclasses import dataclass
from datetime import date

from protocol.messages import Published
from sync_server.core.decisions.document import Document
from sync_server.core.rules import Period
from sync_server.core.spans import Kind, Span

@dataclass(frozen=True)
class LevelShare:
    """A level as it was chosen, in words as they are printed."""

    words: str
    votes: str
    percent: str
    satisfied: bool


@dataclass(frozen=True)
class Headline:
    """The question that stands for all; without votes its texts say nothing."""

    question: str
    votes: int
    percent: str  # "78,0%"
    interval: str  # "74,5% – 81,2%"
    verdict: str  # "Gần đạt"
    target: str  # "80%"
    levels: tuple[LevelShare, ...]  # worst first


@dataclass(frozen=True)
class Result:
    """A result as it was issued; every number stands in its document."""

    site: str
    office: str
    unit: str
    span: Span
    version: int  # 1; 2 and more amend or replace earlier ones
    issued: date
    name: str  # "Quyết định số 15/QĐ-UBND ngày 05 tháng 10 năm 2026"
    headline: Headline
    document: Document  # filled
    root: str
    fingerprint: str
    replaced: bool = False  # a later version holds instead

    @property
    def kiosks_are_told(self) -> Published | None:
        """Return what stands on the kiosks' thank-you screen; None when it has no room for such a result."""
        if self.span.kind is not Kind.QUARTER or not self.headline.votes:
            return None
        return Published(self.span.year, self.span.number, self.headline.percent, self.headline.votes)


def newest(results: tuple[Result, ...]) -> Result | None:
    """Return the result of the latest time, in its latest version; None when there is none."""
    return max(results, key=_age, default=None)


def _age(result: Result) -> tuple[date, int]:
    return result.span.days(Period.CALENDAR)[1], result.version
