"""What is asked: questions with their levels, reasons, and whether a comment may be written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from protocol.messages import CriterionKey, Key, Level

__all__ = ["SURVEY", "Criterion", "Level", "Reason", "Survey"]

Said = Mapping[str, str]  # language → text; empty: the wording files say it


@dataclass(frozen=True)
class Criterion:
    """One question. Levels are worst first, however they stand on the screen."""

    key: CriterionKey
    levels: tuple[Level, ...]
    stars: bool = False
    question: Said = field(default_factory=dict, hash=False)
    labels: Mapping[Level, Said] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Reason:
    """A reason that can be touched after the questions."""

    key: Key
    label: Said = field(hash=False)


@dataclass(frozen=True)
class Survey:
    """What is asked of each visitor, in this order."""

    revision: int
    criteria: tuple[Criterion, ...]
    reasons: tuple[Reason, ...] = ()
    reasons_after: frozenset[Level] = frozenset()  # none: after every level
    comments: bool = False
    best_first: bool = False
    smile: bool = False  # the middle face smiles a little
    daily: bool = False  # a case may be rated again on another day

    @property
    def words(self) -> int:
        """How many words the questions have together, in the language that needs the fewest."""
        return sum(min((len(text.split()) for text in asked.question.values()), default=0) for asked in self.criteria)

    def shown(self, criterion: Criterion) -> tuple[Level, ...]:
        """Return the levels of a question as they stand on the screen, from the left."""
        return criterion.levels[::-1] if self.best_first else criterion.levels

    def offers_more(self, levels: frozenset[Level]) -> bool:
        """Whether reasons or a comment are asked for once these levels were chosen; leaving them out costs nothing."""
        offered = not self.reasons_after or not self.reasons_after.isdisjoint(levels)
        return offered and (bool(self.reasons) or self.comments)


# Five levels as in SIPAS (QĐ 1001/QĐ-BNV 2023).
SURVEY = Survey(revision=1, criteria=(Criterion("overall", (1, 2, 3, 4, 5)),))
