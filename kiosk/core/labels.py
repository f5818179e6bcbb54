"""What is noted about the circumstances of a visit, from exact times that never leave the kiosk.

Pure; times are monotonic seconds. A label hides nothing: the figures are shown with and without labelled votes.
"""

from collections import deque
from dataclasses import dataclass

from kiosk.core.visit import Ballot
from protocol.visits import VisitLabel, VisitOutcome

# Under the least time in which an answer can be thought of, answers are set apart (patent US 2009/0055245); choosing
# one of five pictures takes a grown person longer than this.
HASTY_SECONDS = 0.8
# Faster than this a question is not read: Zhang & Conrad 2014, "Speeding in Web Surveys".
READING_SECONDS_PER_WORD = 0.3
# HappyOrNot, FAQ: presses within 5 s of the one before are left out of its results.
LOCKOUT_SECONDS = 5.0
# Without a case nothing says that the next vote is another person's; who leaves and who comes takes this long at least.
NEXT_PERSON_SECONDS = 20.0
# Nobody is served by the minute: four visits in one are a game (children at public terminals).
PLAY_VISITS, PLAY_SECONDS = 4, 60.0
# The disk answers one vote before the next is cast, unless it hangs; what was cut short may wait beside it.
MOST_UNANSWERED = 16
# Who has shown a badge has left by then, and whom a key calls has read; a named threat since US 8335709.
NEAR_OFFICER_SECONDS = 3.0


@dataclass(frozen=True)
class Circumstances:
    """What is known beside the visit itself."""

    is_open: bool = True
    being_served: bool = False  # the queue system says that somebody is, at this counter
    words: int = 0  # that the questions have together, in the language they were read in


class Labeller:
    """Remembers when visits ended and officers were at work; gives each visit its labels. One per kiosk.

    What a visit is labelled for rests on stored ones alone: a second vote for a case leaves no trace.
    """

    def __init__(self) -> None:
        self._voted_at: float | None = None
        self._ended: deque[float] = deque(maxlen=PLAY_VISITS - 1)
        self._officer_at: float | None = None
        self._called_at: float | None = None
        self._unanswered: dict[float, Ballot] = {}

    def officer_at_work(self, at: float) -> None:
        """An officer's badge was scanned: whoever holds it stands at this screen."""
        self._officer_at = at

    def officer_called(self, at: float) -> None:
        """An officer asked for a rating, by a key at the counter.

        Where that is the way of the office every visit begins so; it says something only of an answer that comes at
        once, before anybody could be asked, look up and read.
        """
        self._called_at = at

    def stored(self, by: float) -> None:
        """The visit that was labelled under this name is on the disk; any other is ignored."""
        ballot = self._unanswered.pop(by, None)
        if ballot is not None:
            self._ended.append(ballot.ended)
            if ballot.outcome is VisitOutcome.ANSWERED:
                self._voted_at = ballot.ended

    def labels(self, ballot: Ballot, by: float, circumstances: Circumstances) -> tuple[VisitLabel, ...]:
        """Return the labels of a visit that has just ended, in alphabetical order; *by* names it, as its CastVote."""
        if len(self._unanswered) == MOST_UNANSWERED:
            del self._unanswered[next(iter(self._unanswered))]
        self._unanswered[by] = ballot
        found = {
            VisitLabel.OUT_OF_HOURS: not circumstances.is_open,
            VisitLabel.FOREIGN: ballot.visit.case is not None and ballot.visit.case.foreign,
            VisitLabel.PLAY: self._is_play(ballot.ended),
        }
        if ballot.outcome is VisitOutcome.ANSWERED:
            found |= {
                VisitLabel.HASTY: _is_hasty(ballot, circumstances.words),
                VisitLabel.REPEAT: self._is_repeated(ballot),
                VisitLabel.DUPLICATE: ballot.visit.case is not None and ballot.visit.case.rated_before,
                VisitLabel.UNCONTEXTED: ballot.visit.case is None and not circumstances.being_served,
                VisitLabel.NEAR_OFFICER: self._is_near_an_officer(ballot),
            }
        return tuple(sorted(label for label, holds in found.items() if holds))

    def _is_play(self, ended: float) -> bool:
        return len(self._ended) == PLAY_VISITS - 1 and ended - self._ended[0] <= PLAY_SECONDS

    def _is_repeated(self, ballot: Ballot) -> bool:
        if self._voted_at is None:
            return False
        apart = LOCKOUT_SECONDS if ballot.visit.case is not None else NEXT_PERSON_SECONDS
        return ballot.visit.began - self._voted_at < apart

    def _is_near_an_officer(self, ballot: Ballot) -> bool:
        visit = ballot.visit
        answered_at = visit.began + visit.answers[0].after
        stood_there = (
            self._officer_at is not None and visit.began - NEAR_OFFICER_SECONDS <= self._officer_at <= ballot.ended
        )
        called = self._called_at is not None and 0 <= answered_at - self._called_at < NEAR_OFFICER_SECONDS
        return stood_there or called


def _is_hasty(ballot: Ballot, words: int) -> bool:
    answers = ballot.visit.answers
    whole = sum(answer.after for answer in answers)
    return answers[0].after < HASTY_SECONDS or (len(answers) > 1 and whole < READING_SECONDS_PER_WORD * words)
