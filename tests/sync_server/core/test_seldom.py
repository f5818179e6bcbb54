"""However often something happens, it is said seldom, and every time is counted."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.seldom import MOST_KINDS, PAUSE_SECONDS, Seldom

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
    assert len(seldom._next) <= MOST_KINDS + 1
