"""Every way in which thanks and votes can differ is told."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.visits import VisitOutcome
from tests.soak.audit import Audit, Row, audit
from tests.soak.ledger import Account, Unthanked

Draft = dict[str, Any]

outcomes = st.sampled_from(VisitOutcome)


def a_draft(level: int = 4, token: str = "", outcome: str = "") -> Draft:
    draft: Draft = {"survey": 1, "answers": {"overall": level}}
    return draft | ({"case_token": token} if token else {}) | ({"outcome": outcome} if outcome else {})


def an_account(*drafts: Draft) -> tuple[Account, list[Row]]:
    """Return the account of a kiosk that stored all of these and thanked for each vote, and its outbox."""
    account, rows = Account(), []
    for place, draft in enumerate(drafts):
        vote_id, by = f"{place:032x}", 100.0 + place
        account.casts[by] = draft
        account.stored[vote_id] = by
        rows.append(Row(vote_id, dict(draft)))
        if rows[-1].outcome == VisitOutcome.ANSWERED:
            account.thanked.append(vote_id)
    return account, rows


@given(st.lists(st.tuples(st.integers(1, 5), outcomes), max_size=10), st.integers(0, 10))
def test_what_is_as_it_should_be_is_fine_wherever_it_is(visits: list[tuple[int, VisitOutcome]], sent: int) -> None:
    account, rows = an_account(*(a_draft(level, outcome=outcome) for level, outcome in visits))
    account.received = [{"vote_id": row.vote_id, "number": 1, **row.draft} for row in rows[:sent]]
    found = audit(account, rows[sent // 2 :])
    assert found.wrong == ()
    assert sum(found.outcomes.values()) == len(visits)


def of_two(**changes: Any) -> tuple[Account, list[Row]]:
    account, rows = an_account(a_draft(1, "1" * 32), a_draft(5, "2" * 32))
    return replace(account, **changes), rows


@pytest.mark.parametrize(
    ("account", "rows", "words"),
    [
        (of_two()[0], of_two()[1][:1], "thanked for and neither in the outbox nor sent"),
        (of_two()[0], of_two()[1] + of_two()[1][:1], "in the outbox twice"),
        (of_two(thanked=["0" * 32])[0], of_two()[1], "without thanks or reason"),
        (of_two(thanked=["0" * 32, "0" * 31 + "1", "0" * 32])[0], of_two()[1], "thanked for twice"),
        (of_two()[0], [of_two()[1][0], Row("0" * 31 + "1", a_draft(4, "2" * 32))], "not stored as they were cast"),
        (
            of_two(received=[{"vote_id": "0" * 32, **a_draft(1, "1" * 32)}] * 2)[0],
            of_two()[1],
            "sent to the server twice",
        ),
        (*an_account(a_draft(1, "1" * 32), a_draft(5, "1" * 32)), "cases rated twice"),
        (Account(casts={1.0: a_draft(outcome="declined")}), [], "declined and not noted"),
    ],
)
def test_what_is_not_as_it_should_be_is_told(account: Account, rows: list[Row], words: str) -> None:
    assert any(words in each for each in audit(account, rows).wrong)


def test_a_vote_may_lack_its_thanks_for_a_reason_that_was_noted() -> None:
    account, rows = of_two(thanked=["0" * 32], excused={101.0: Unthanked.FOLLOWED})
    found = audit(account, rows)
    assert found == Audit({VisitOutcome.ANSWERED: 2}, {Unthanked.FOLLOWED: 1}, ())
