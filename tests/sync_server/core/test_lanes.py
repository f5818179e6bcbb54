"""What waits for the ingest: bounded, in order, and nobody waits for a crowd."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.lanes import LONGEST_PACE, MOST_A_SENDER, SMALL_BYTES, UNHURRIED, Lanes, pace

offers = st.lists(st.tuples(st.sampled_from("abcde"), st.integers(1, 3 * SMALL_BYTES)), max_size=60)


@given(offers, st.integers(1, 20), st.integers(1, 30_000))
def test_everything_that_is_let_in_comes_out_once_in_its_sender_s_order(
    offered: list[tuple[str, int]], most: int, most_bytes: int
) -> None:
    lanes = Lanes[tuple[str, int, int]](most_bytes=60_000, most_a_sender=10)
    let_in = [
        (sender, size, place)
        for place, (sender, size) in enumerate(offered)
        if lanes.offer(sender, size, (sender, size, place))
    ]
    assert len(lanes) == len(let_in)
    came_out = []
    while lanes:
        taken = lanes.take(most, most_bytes)
        assert 1 <= len(taken) <= most + 1
        came_out += taken
    assert sorted(came_out, key=lambda item: item[2]) == let_in
    for sender in "abcde":
        for small in (True, False):
            mine = [item for item in came_out if item[0] == sender and (item[1] <= SMALL_BYTES) == small]
            assert mine == sorted(mine, key=lambda item: item[2])
    assert (len(lanes), lanes.fullness) == (0, 0.0)
    assert lanes.take(1, 1) == []


@given(offers)
def test_neither_the_room_nor_a_sender_s_share_is_exceeded(offered: list[tuple[str, int]]) -> None:
    lanes = Lanes[str](most_bytes=40_000, most_a_sender=4)
    let_in = [(sender, size) for sender, size in offered if lanes.offer(sender, size, sender)]
    assert sum(size for _, size in let_in) <= 40_000
    assert all(count <= 4 for count in Counter(sender for sender, _ in let_in).values())
    assert lanes.fullness <= 1


def test_a_flood_takes_no_more_than_a_sender_s_share() -> None:
    lanes = Lanes[str]()
    assert sum(lanes.offer("flood", 10, "noise") for _ in range(10_000)) == MOST_A_SENDER
    assert lanes.offer("other", 10, "vote")
    assert "vote" in lanes.take(2, 1_000_000)


def test_a_fresh_vote_overtakes_every_backlog_and_a_backlog_still_moves() -> None:
    lanes = Lanes[str]()
    for kiosk in range(50):
        lanes.offer(f"back {kiosk}", 30_000, "backlog")
    for kiosk in range(5):
        lanes.offer(f"live {kiosk}", 200, "fresh")
    assert lanes.take(4, 100_000) == ["backlog", "fresh", "fresh", "fresh"]
    assert lanes.take(4, 100_000) == ["backlog", "fresh", "fresh", "backlog"]


def test_a_message_larger_than_a_turn_is_taken_alone() -> None:
    lanes = Lanes[str]()
    lanes.offer("a", 50_000, "large")
    assert lanes.take(10, 1000) == ["large"]


def test_every_sender_has_its_turn_before_any_has_a_second() -> None:
    lanes = Lanes[str]()
    for number in range(3):
        for sender in "abc":
            lanes.offer(sender, 10, f"{sender}{number}")
    assert lanes.take(2, 1000) == ["a0", "b0"]
    assert lanes.take(9, 1000) == ["c0", "a1", "b1", "c1", "a2", "b2", "c2"]


def test_a_turn_takes_as_many_bytes_as_it_may_and_not_one_more() -> None:
    def filled() -> Lanes[str]:
        lanes = Lanes[str]()
        for sender in "abcd":
            lanes.offer(sender, 100, sender)
        lanes.offer("e", 2 * SMALL_BYTES, "large")
        return lanes

    large = 2 * SMALL_BYTES
    assert filled().take(9, large + 99) == ["large"]
    assert filled().take(9, large + 200) == ["large", "a", "b"]
    assert filled().take(9, large + 399) == ["large", "a", "b", "c"]
    lanes = filled()
    lanes.take(9, large)
    assert [lanes.take(9, 300), lanes.take(9, 99)] == [["a", "b", "c"], ["d"]]


def test_the_room_can_be_filled_to_the_last_byte() -> None:
    lanes = Lanes[str](most_bytes=100)
    assert lanes.offer("a", 60, "a")
    assert not lanes.offer("b", 41, "b")
    assert lanes.offer("b", 40, "b")
    assert lanes.fullness == 1


def test_what_counts_as_small_is_that_and_no_more() -> None:
    lanes = Lanes[str]()
    lanes.offer("a", SMALL_BYTES + 1, "large")
    lanes.offer("b", SMALL_BYTES + 1, "another")
    lanes.offer("c", SMALL_BYTES, "small")
    assert lanes.take(2, 1_000_000) == ["large", "small"]


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_fuller_it_is_the_slower_a_backlog_may_come(one: float, other: float) -> None:
    assert 0 <= pace(one) <= LONGEST_PACE
    assert (pace(one) <= pace(other)) or one > other
    assert (pace(one) == 0) or one > UNHURRIED


def test_only_an_office_that_is_nearly_drowned_waits_a_minute() -> None:
    assert [pace(0), pace(UNHURRIED), pace(0.4), pace(1)] == [0, 0, 20.0, LONGEST_PACE]
    assert pace(0.123) == 1.5, "to a tenth of a second"
