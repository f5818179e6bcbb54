"""A visit as it is put into the outbox: a vote before it has an id, a number and an hour."""

from collections.abc import Sequence

import msgspec

from kiosk.core.survey import Survey
from kiosk.core.visit import Ballot
from protocol.messages import CaseToken, CounterNumber, CriterionKey, Key, Level, Number
from protocol.visits import VisitLabel, VisitOutcome


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """See `protocol.messages.Vote` for what its parts mean."""

    survey: Number
    answers: dict[CriterionKey, Level]
    counter: CounterNumber | None = None
    case_token: CaseToken | None = None
    outcome: Key = VisitOutcome.ANSWERED
    reasons: tuple[Key, ...] = ()
    comment: str = ""
    labels: tuple[Key, ...] = ()
    officer: Key | None = None
    best_first: bool = False
    spends: CaseToken | None = None  # what no second vote may spend; none: the case's token. It does not travel

    @property
    def spent(self) -> CaseToken | None:
        """What no second vote may spend: only an answered one spends anything."""
        return (self.spends or self.case_token) if self.outcome == VisitOutcome.ANSWERED else None


def draft_of(
    ballot: Ballot,
    survey: Survey,
    *,
    counter: CounterNumber | None,
    officer: Key | None,
    labels: Sequence[VisitLabel],
) -> Draft:
    """Return a visit as it is stored: *counter* is where the kiosk stands, *officer* who had signed in there."""
    visit = ballot.visit
    return Draft(
        survey=survey.revision,
        answers={answer.criterion: answer.level for answer in visit.answers},
        counter=visit.counter or counter,
        case_token=None if visit.case is None else visit.case.token,
        outcome=ballot.outcome,
        reasons=visit.reasons,
        comment=visit.comment,
        labels=tuple(labels),
        officer=officer,
        best_first=survey.best_first,
        spends=None if visit.case is None else visit.case.spends,
    )
