"""What one citizen has said so far, and what is stored of it at the end."""

import unicodedata
from dataclasses import dataclass, replace

from protocol.messages import LONGEST_COMMENT, CaseToken, CounterNumber, CriterionKey, Key, Level
from protocol.visits import VisitOutcome


@dataclass(frozen=True)
class Case:
    """The case that a visit is about: its token, and the end of its code for the screen.

    *spends*: what no second vote may spend, where that is not the case as such but the case on this day.
    """

    token: CaseToken
    masked: str
    spends: CaseToken | None = None
    foreign: bool = False  # another office's
    rated_before: bool = False  # on an earlier day


@dataclass(frozen=True)
class Answer:
    """A level that was touched, and how many seconds after its question had been put."""

    criterion: CriterionKey
    level: Level
    after: float


@dataclass(frozen=True)
class Visit:
    """Times are monotonic seconds; *asked_at* is when the present question was put."""

    began: float
    asked_at: float
    case: Case | None = None
    counter: CounterNumber | None = None  # as chosen on the screen
    answers: tuple[Answer, ...] = ()
    reasons: tuple[Key, ...] = ()
    comment: str = ""  # sent with the visit, or left where it may still be sent

    @property
    def levels(self) -> frozenset[Level]:
        return frozenset(answer.level for answer in self.answers)

    def answered(self, criterion: CriterionKey, level: Level, at: float) -> "Visit":
        """Return the visit with one more answer; the next question is put at once."""
        answer = Answer(criterion, level, at - self.asked_at)
        return replace(self, answers=(*self.answers, answer), asked_at=at)

    def without_the_last_answer(self, at: float) -> "Visit":
        """Return the visit with its last question put again."""
        return replace(self, answers=self.answers[:-1], asked_at=at)

    def without_comment(self) -> "Visit":
        """Return the visit without what was written and not sent: that is nobody's to read."""
        return replace(self, comment="")

    def toggled(self, reason: Key) -> "Visit":
        """Return the visit with a reason more, or less if it was there."""
        if reason in self.reasons:
            return replace(self, reasons=tuple(each for each in self.reasons if each != reason))
        return replace(self, reasons=(*self.reasons, reason))


def legible(text: str) -> str:
    """Return a comment as it may travel: NFC, on one line, cut to 500 characters, nothing that is no character."""
    visible = (" " if letter in "\t\n\r" else letter for letter in unicodedata.normalize("NFC", text))
    return "".join(letter for letter in visible if unicodedata.category(letter) not in ("Cc", "Cs"))[:LONGEST_COMMENT]


@dataclass(frozen=True)
class Ballot:
    """A visit that has ended, and how."""

    visit: Visit
    outcome: VisitOutcome
    ended: float
