"""However often something happens, it is said seldom, and every time is counted."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.seldom import MOST_KINDS, OTHERS, PAUSE_SECONDS, Seldom

happenings = st.lists(
    st.tuples(st.floats(0, 30), st.dictionaries(st.sampled_from("abc"), st.integers(1, 9))), max_size=40
)


@given(happenings)
def test_each_kind_is_said_at_once_then_seldom_and_nothing_is_left_uncounted(steps: list[tuple[float, dict]]) -> None:  # type: ignore[type-arg]
    seldom, now = Seldom(), 100.0
    said: Counter[str] = Counter()
    last: dict[str, float] = {}
    for pause, happened in steps:
        now += pause
        due = seldom.due(happened, now)
        assert set(happened) - last.keys() <= {what for what, _ in due}, "the first time is said at once"
        for what, times in due:
            assert now - last.get(what, -PAUSE_SECONDS) >= PAUSE_SECONDS
            last[what] = now
            said[what] += times
    for what, times in seldom.due({}, now + PAUSE_SECONDS):
        said[what] += times
    assert said == sum((Counter(happened) for _, happened in steps), Counter())


def test_it_remembers_no_more_kinds_than_a_few() -> None:
    seldom = Seldom()
    for number in range(10 * MOST_KINDS):
        assert seldom.due({f"kind {number}": 1}, number) == [(f"kind {number}", 1)]
        assert len(seldom._next) <= MOST_KINDS


@given(st.integers(0, 3), st.integers(1, 3))
def test_a_burst_of_kinds_is_summed_up_beyond_a_few_and_every_time_is_counted(earlier: int, bursts: int) -> None:
    seldom = Seldom()
    said = Counter(dict(seldom.due({f"earlier {number}": 1 for number in range(earlier)}, 0.0)))
    for burst in range(bursts):
        due = seldom.due({f"kind {burst}.{number}": 2 for number in range(10 * MOST_KINDS)}, 1.0 + burst)
        assert len(due) <= MOST_KINDS + 1
        assert len(seldom._next) <= MOST_KINDS + 1 and len(seldom._untold) <= MOST_KINDS + 1
        said.update(dict(due))
    assert len(said) == MOST_KINDS + 1
    assert 0 < said[OTHERS] < bursts * 20 * MOST_KINDS
    later = seldom.due({"kind": 1}, 3.0 + PAUSE_SECONDS)
    assert ("kind", 1) in later, "there is room again"
    said.update(dict(later))
    assert said.total() == earlier + bursts * 20 * MOST_KINDS + 1
