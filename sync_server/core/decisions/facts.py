"""Everything that a Decision is made of: what was counted, and what is said of the occasion. Pure.

The figures, and the names of what they tell apart, are of the time's last day; office, signer, texts and legal bases
are of the day on which the document is drafted: an office that is gone signs nothing any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from sync_server.core.decisions.form import USUAL_FORM, DecisionForm
from sync_server.core.figures.indicators import Indicator, Points
from sync_server.core.figures.on_time import OnTime, OnTimeFigures
from sync_server.core.figures.period import PeriodFigures
from sync_server.core.figures.period_names import PeriodNames
from sync_server.core.letterhead import Letterhead
from sync_server.core.rounding import Rounding
from sync_server.core.spans import Span


class Act(StrEnum):
    """What kind of document it is."""

    DECISION = "decision"
    AMENDMENT = "amendment"  # a Decision that corrects an earlier one
    REPORT = "report"  # without legal effect


@dataclass(frozen=True)
class Counted:
    """Official answers to the first question of one survey."""

    revision: int
    satisfied: int
    answered: int

    @property
    def share(self) -> Fraction | None:
        """The satisfied part, exact; None where nothing was answered."""
        return Fraction(self.satisfied, self.answered) if self.answered else None


@dataclass(frozen=True)
class Earlier:
    """A time as a trend or a table of years shows it; surveys are never added to each other."""

    span: Span
    surveys: tuple[Counted, ...]
    served: int = 0
    on_time: OnTime | None = None

    def of(self, revision: int) -> Counted:
        """Return what was answered to one survey."""
        return next((each for each in self.surveys if each.revision == revision), Counted(revision, 0, 0))


@dataclass(frozen=True)
class Child:
    """An office below this one: its newest survey of the time."""

    site: str
    office: str
    counted: Counted
    points: Mapping[Indicator, Points] = field(default_factory=dict)


@dataclass(frozen=True)
class Amended:
    """The Decision that is corrected or replaced, with the figures that it printed."""

    number: str
    day: date
    because: str
    old: Mapping[str, str]  # the computed values


@dataclass(frozen=True)
class Facts:
    """What a document says, and of which occasion."""

    site: str
    span: Span
    figures: PeriodFigures
    names: PeriodNames
    letterhead: Letterhead
    drafted: date
    form: DecisionForm = USUAL_FORM
    legal_bases: tuple[str, ...] = ()
    field_of: Mapping[str, str] = field(default_factory=dict)  # the name of a procedure's field, by its key
    trend: tuple[Earlier, ...] = ()  # the times before, the oldest first
    years: tuple[Earlier, ...] = ()
    children: tuple[Child, ...] = ()
    officer_points: Mapping[int, Mapping[str, Mapping[Indicator, Points]]] = field(default_factory=dict)
    on_time: OnTimeFigures | None = None
    # Of the occasion.
    act: Act = Act.DECISION
    number: str = ""  # none: left to the clerk
    day: date | None = None
    findings: tuple[str, ...] | None = None  # sentences on completeness; None: nobody has looked
    reason: str = ""  # why a leader went on all the same
    late: int = 0  # votes that came after an earlier Decision on this time was issued
    amended: Amended | None = None  # by an amendment; what is none replaces it as a whole
    root: str = ""
    fingerprint: str = ""

    def __post_init__(self) -> None:
        if self.act is Act.AMENDMENT and self.amended is None:
            raise ValueError("an amendment names what it amends")

    @property
    def rounding(self) -> Rounding:
        """As the rules of the time declare it."""
        return Rounding(self.figures.rules.rounding, self.figures.rules.decimals)

    @property
    def has_votes(self) -> bool:
        """Whether any vote counts."""
        return any(survey.votes for survey in self.figures.surveys)

    @property
    def symbol(self) -> str:
        """What stands behind the number."""
        return self.form.report_symbol if self.act is Act.REPORT else self.form.symbol
