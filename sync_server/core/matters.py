"""Comments and low scores as work: each is a matter that somebody answers for, until a day. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sync_server.core.surveys import Criterion
from sync_server.core.working_days import after_working_days

WORKING_DAYS = 15  # a default of this program; an office may be bound to fewer
LONGEST_NOTE = 2000  # characters


class MatterKind(StrEnum):
    """What brought it about."""

    COMMENT = "comment"
    LOW_SCORE = "low-score"


class MatterState(StrEnum):
    """How far it has come."""

    NEW = "new"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"


# From where one may go where; a closed matter can be taken up again by assigning it.
_NEXT = {
    MatterState.NEW: {MatterState.ASSIGNED, MatterState.ANSWERED, MatterState.CLOSED},
    MatterState.ASSIGNED: {MatterState.ASSIGNED, MatterState.ANSWERED, MatterState.CLOSED},
    MatterState.ANSWERED: {MatterState.ASSIGNED, MatterState.CLOSED},
    MatterState.CLOSED: {MatterState.ASSIGNED},
}


class NotNow(ValueError):
    """That cannot be done with a matter in its state; the text says why and what can be."""


@dataclass(frozen=True)
class Matter:
    """A comment or a low score, and what became of it."""

    number: int
    kind: MatterKind
    day: date  # of the vote
    due: date
    state: MatterState = MatterState.NEW
    owner: str = ""
    cause: str = ""
    action: str = ""

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and nobody has answered."""
        return self.state in (MatterState.NEW, MatterState.ASSIGNED) and today > self.due


def next_states(state: MatterState) -> tuple[MatterState, ...]:
    """Return where a matter may go from a state, in the order of the states."""
    return tuple(each for each in MatterState if each in _NEXT[state])


def due_day(came_in: date, working_days: int = WORKING_DAYS) -> date:
    """Return the day until which a matter is to be answered."""
    return after_working_days(came_in, working_days)


def is_low(level: int, asked: Criterion) -> bool:
    """Whether a level is low: the lowest, and of four or more also the second, as long as it does not satisfy."""
    return level <= (2 if len(asked.levels) > 3 else 1) and level not in asked.satisfied


def moved(matter: Matter, state: MatterState, *, owner: str = "", cause: str = "", action: str = "") -> Matter:
    """Return a matter one step further; NotNow says why it cannot go there."""
    if state not in _NEXT[matter.state]:
        able = ", ".join(sorted(_NEXT[matter.state]))
        raise NotNow(f"matter {matter.number} is {matter.state}; it can become: {able}")
    if state is MatterState.ASSIGNED and not owner:
        raise NotNow(f"matter {matter.number}: who answers for it must be named")
    if state is MatterState.ANSWERED and not action:
        raise NotNow(f"matter {matter.number}: what was done must be said")
    return replace(
        matter,
        state=state,
        owner=owner or matter.owner,
        cause=cause or matter.cause,
        action=action or matter.action,
    )
