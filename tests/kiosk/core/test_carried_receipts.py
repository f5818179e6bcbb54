"""A receipt from a stick counts if it is newer than what is known: in whatever order they come, the newest does."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.carried_receipts import Advance, GoBack, Known, NothingNew, Outdated, judge

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
EARLIER, LATER = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
times = st.integers(0, 20).map(lambda hours: NOON + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("stored_up_to", "time", "known", "verdict"),
    [
        (7, NOON, Known(5, 1, EARLIER, None), Advance(7)),
        (7, NOON, Known(5, 1, LATER, None), Advance(7)),
        (5, NOON, Known(5, 1, EARLIER, NOON), NothingNew()),
        (3, NOON, Known(5, 1, EARLIER, None), GoBack(3)),
        (3, NOON, Known(5, 1, NOON, None), Outdated()),
        (3, NOON, Known(5, 1, LATER, None), Outdated()),
        (3, NOON, Known(5, 1, None, None), Outdated()),
        (7, NOON, Known(5, 1, EARLIER, LATER), Outdated()),
        (2, NOON, Known(5, 4, EARLIER, None), GoBack(3)),
        (2, NOON, Known(5, 6, None, None), NothingNew()),
        (0, NOON, Known(0, 1, None, None), NothingNew()),
    ],
)
def test_what_a_receipt_means(
    stored_up_to: int, time: datetime, known: Known, verdict: Advance | GoBack | NothingNew | Outdated
) -> None:
    assert judge(stored_up_to, time, known) == verdict


@given(st.lists(st.tuples(st.integers(0, 50), times), max_size=20), st.data())
def test_in_whatever_order_receipts_come_the_newest_counts(
    receipts: list[tuple[int, datetime]], data: st.DataObject
) -> None:
    # One server that says at each hour one thing; its receipts are carried in any order, some again and again.
    said = {time: stored_up_to for stored_up_to, time in receipts}
    order = data.draw(st.lists(st.sampled_from(sorted(said)), max_size=30)) if said else []
    stored_up_to, newest = 0, None
    confirmed: dict[int, datetime] = {}  # as the outbox keeps it, vote by vote
    for time in order:
        verdict = judge(said[time], time, Known(stored_up_to, 1, confirmed.get(stored_up_to), newest))
        if not isinstance(verdict, Outdated):
            newest = time
        if isinstance(verdict, Advance | GoBack):
            confirmed |= dict.fromkeys(range(stored_up_to + 1, verdict.stored_up_to + 1), time)
            stored_up_to = verdict.stored_up_to
            confirmed = {number: since for number, since in confirmed.items() if number <= stored_up_to}
    if order:
        assert stored_up_to == said[max(order)]
