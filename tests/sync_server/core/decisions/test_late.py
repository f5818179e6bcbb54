"""What came after a Decision."""

from sync_server.core.decisions.late import Held, Late, late_forms


def test_batches_that_are_new_and_batches_that_are_gone() -> None:
    assert late_forms({"a": 5, "b": 2}, {"b": 2, "c": 7}) == (7, 5)


def test_a_time_is_the_same_while_only_other_votes_come() -> None:
    held = Held(5, {"s": 5}, {})
    assert held.is_same_time(Held(5, {"s": 9}, {}))
    assert not held.is_same_time(Held(6, {"s": 6}, {}))
    assert not held.is_same_time(Held(5, {"s": 5}, {"a": 1}))


def test_nothing_is_late_until_something_is() -> None:
    assert not Late()
    assert Late(withdrawn=1)
