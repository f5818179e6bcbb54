"""The figures of a quarter out of a few counts, without a database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from protocol.visits import VisitOutcome
from sync_server.core.book import Book
from sync_server.core.figures.period import figures_of
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.quarterly import Entry, Figures, Office, quarterly
from sync_server.core.figures.vote_cells import VoteCell
from sync_server.core.quarter import Quarter
from sync_server.core.rules import Rules
from sync_server.core.surveys import SURVEYS, Surveys

QUARTER = Quarter(2026, 4)
OFFICE = Office("sia", "Bộ phận Một cửa", "UBND thị trấn Sịa")


@dataclass(frozen=True)
class Count:
    """So many votes chose this level of the first question of their survey."""

    level: int
    votes: int = 1
    officer: str | None = None
    field: str | None = None
    procedure: str | None = None
    survey: int = 1
    labels: tuple[str, ...] = ()
    channel: str = "kiosk"


def counted(
    *counts: Count,
    before: Iterable[Count] = (),
    officers: dict[str, Entry],
    fields: dict[str, Entry],
    procedures: dict[str, Entry],
    rules: Rules,
    surveys: Surveys = SURVEYS,
    refused: int = 0,
    served: int = 0,
) -> Figures:
    """Return the figures of 2026-Q4."""
    period = figures_of(
        _cells(counts, surveys, QUARTER.first),
        _cells(before, surveys, QUARTER.previous().first),
        surveys,
        rules,
        QUARTER.first,
        QUARTER.last,
        served=served,
        reasons={},
    )
    names = names_of(Book("sia"), QUARTER.last)
    return quarterly(
        QUARTER,
        OFFICE,
        period,
        names,
        surveys[1].criteria[0],
        officers=officers,
        fields=fields,
        procedures=procedures,
        refused=refused,
    )


def _cells(counts: Iterable[Count], surveys: Surveys, half: date) -> Iterable[VoteCell]:
    for count in counts:
        about = (count.officer, count.field, count.procedure, None, "k-1", count.labels, count.votes, count.channel)
        yield VoteCell(half, half, VisitOutcome.ANSWERED, count.survey, None, None, *about)
        if count.survey in surveys:
            main = surveys[count.survey].main
            yield VoteCell(half, half, VisitOutcome.ANSWERED, count.survey, main, count.level, *about)
