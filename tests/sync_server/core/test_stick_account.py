"""Every vote of a file is accounted for once: stored, here already, refused, or waiting."""

from hypothesis import given
from hypothesis import strategies as st

from protocol.messages import Refusal
from sync_server.core.acceptance import STORED_ALREADY
from sync_server.core.stick_account import Account, in_words

REASONS = ["no such survey", STORED_ALREADY]


@given(
    first=st.integers(1, 50),
    sizes=st.lists(st.integers(1, 20), min_size=1, max_size=5),
    before=st.integers(0, 160),
    elsewhere=st.lists(st.integers(0, 30), min_size=5, max_size=5),
    refused=st.sets(st.integers(1, 200)),
    reason=st.sampled_from(REASONS),
)
def test_each_vote_is_counted_once(
    first: int, sizes: list[int], before: int, elsewhere: list[int], refused: set[int], reason: str
) -> None:
    last = first + sum(sizes) - 1
    account = Account(first, last)
    begin = first
    stood = before
    for size, moved in zip(sizes, elsewhere, strict=False):
        end = begin + size - 1
        takes = stood >= begin - 1
        after = max(stood, end) + moved if takes else stood  # the network goes on meanwhile
        account = account.taken(begin, end, stood, after, [Refusal(number, reason) for number in refused])
        stood = after
        if not takes:
            account = account.stopped(range(stood + 1, begin))
            break
        begin = end + 1
    assert account.stored >= 0 and account.had >= 0 and account.waiting >= 0
    assert account.stored + account.had + sum(account.refused.values()) + account.waiting == last - first + 1
    assert (account.waiting > 0) == (account.missing is not None) == (before < first - 1)
    if reason == STORED_ALREADY:
        assert account.refused == {}
    assert str(account.stored) in in_words(account)


def test_what_was_here_already_needs_nobody() -> None:
    account = Account(1, 10).taken(1, 10, 10, 10, [])
    assert (account.had, account.stored, account.needs_a_person) == (10, 0, False)
    assert in_words(account) == "votes 1 to 10: 0 stored, 10 were here already"


def test_a_refused_vote_of_a_gap_is_refused_and_not_called_here_already() -> None:
    account = Account(1, 5).taken(1, 5, 4, 5, [Refusal(2, "no such survey"), Refusal(3, STORED_ALREADY)])
    assert (account.stored, account.had, account.refused) == (1, 3, {"no such survey": 1})
    assert account.needs_a_person


def test_what_a_person_has_to_look_at_is_said_with_what_to_do() -> None:
    refused = Account(1, 3).taken(1, 3, 0, 3, [Refusal(2, "no such survey")])
    assert in_words(refused) == "votes 1 to 3: 2 stored, 1 refused (no such survey)"
    gap = Account(11, 20).stopped(range(3, 11))
    assert in_words(gap) == (
        "votes 11 to 20: 0 stored; 10 wait, because numbers 3 to 10 are missing: import the stick that has them, or"
        " carry the receipt to the kiosk and export again"
    )
    erased = Account(11, 20).stopped(range(10, 11), erased=True)
    assert "because number 10 is missing: the kiosk has erased them" in in_words(erased)
    assert "--give-up-missing" in in_words(erased)
    copied = Account(1, 2, had=2, conflicts=2)
    assert "2 of them are other votes than those here" in in_words(copied)
    assert all(account.needs_a_person for account in (refused, gap, erased, copied))
