"""Whether what was thanked for, what is in the outbox and what the server has are the same. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from protocol.messages import VoteId
from protocol.visits import VisitOutcome
from tests.soak.ledger import Account, Unthanked

CUT_SHORT = (VisitOutcome.ABANDONED, VisitOutcome.TIMED_OUT, VisitOutcome.DECLINED)
TOLD = ("survey", "answers", "counter", "case_token", "outcome", "reasons", "comment", "labels", "officer")


@dataclass(frozen=True)
class Row:
    """A vote in the outbox: its id and its draft."""

    vote_id: VoteId
    draft: Mapping[str, Any]

    @property
    def outcome(self) -> str:
        return str(self.draft.get("outcome", VisitOutcome.ANSWERED))

    @property
    def spent(self) -> str | None:
        """What no second vote may spend."""
        if self.outcome != VisitOutcome.ANSWERED:
            return None
        return self.draft.get("spends") or self.draft.get("case_token")


@dataclass(frozen=True)
class Audit:
    """*wrong*: what does not hold, in words."""

    outcomes: Mapping[str, int]
    unthanked: Mapping[Unthanked, int]
    wrong: tuple[str, ...]


def audit(account: Account, outbox: Iterable[Row]) -> Audit:
    """Compare; a vote that the server has may be gone from the outbox, and only such a one."""
    rows = list(outbox)
    times = Counter(row.vote_id for row in rows)
    kept = {row.vote_id: row for row in rows}
    received = {vote["vote_id"]: vote for vote in account.received}
    held = {**received, **{vote_id: row.draft for vote_id, row in kept.items()}}
    wrong = [
        *_some(len([1 for count in times.values() if count > 1]), "in the outbox twice"),
        *_some(len(account.received) - len(received), "sent to the server twice"),
        *_some(len(account.thanked) - len(set(account.thanked)), "thanked for twice"),
        *_some(len(set(account.thanked) - held.keys()), "thanked for and neither in the outbox nor sent"),
        *_some(len(account.stored.keys() - held.keys()), "said to be stored and neither in the outbox nor sent"),
        *_some(
            len([1 for vote_id, by in account.stored.items() if not _same(held.get(vote_id), account.casts.get(by))]),
            "not stored as they were cast",
        ),
    ]
    answered = {vote_id for vote_id, draft in held.items() if Row(vote_id, draft).outcome == VisitOutcome.ANSWERED}
    lacking = answered - set(account.thanked)
    excuses = {vote_id: account.excused.get(account.stored.get(vote_id, 0.0)) for vote_id in lacking}
    wrong += _some(len([1 for why in excuses.values() if why is None]), "stored as answered without thanks or reason")
    spent = Counter(cast_spent for cast_spent in (_spent(account, vote_id) for vote_id in answered) if cast_spent)
    wrong += _some(len([1 for count in spent.values() if count > 1]), "cases rated twice")
    outcomes = Counter(Row(vote_id, draft).outcome for vote_id, draft in held.items())
    asked = Counter(Row("", draft).outcome for draft in account.casts.values())
    for outcome in CUT_SHORT:
        wrong += _some(asked[outcome] - outcomes[outcome], f"{outcome} and not noted")
    return Audit(outcomes, Counter(why for why in excuses.values() if why is not None), tuple(wrong))


def _spent(account: Account, vote_id: VoteId) -> str | None:
    return Row(vote_id, account.casts.get(account.stored.get(vote_id, 0.0), {})).spent


def _same(stored: Mapping[str, Any] | None, cast: Mapping[str, Any] | None) -> bool:
    if stored is None or cast is None:
        return stored is cast
    return all((stored.get(part) or None) == (cast.get(part) or None) for part in TOLD if part != "outcome") and (
        Row("", stored).outcome == Row("", cast).outcome
    )


def _some(count: int, what: str) -> list[str]:
    return [f"{abs(count)} visits: {what}"] if count else []
