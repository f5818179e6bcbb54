"""Whoever floods is named once a window; nobody else ever is."""

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.flood import MOST_A_SECOND, MOST_NAMED, WINDOW_SECONDS, FloodWatch

MANY = int(MOST_A_SECOND * WINDOW_SECONDS)


def test_a_flood_is_named_once_a_window_beside_others_who_are_not() -> None:
    watch = FloodWatch()
    for start in (100.0, 100.0 + WINDOW_SECONDS):
        named = [watch.count("quay-1", start + place / MANY) for place in range(2 * MANY)]
        assert named.index(True) == MANY - 1
        assert sum(named) == 1
        assert not any(watch.count("quay-2", start + 1) for _ in range(MANY - 1))


@given(st.lists(st.floats(0, 0.1), max_size=300))
def test_a_busy_kiosk_is_never_named(pauses: list[float]) -> None:
    watch, now = FloodWatch(), 0.0
    for pause in pauses:
        now += 1 / MOST_A_SECOND + pause
        assert not watch.count("quay-1", now)


def test_no_more_senders_than_there_are_kiosks_are_counted() -> None:
    watch = FloodWatch()
    for number in range(MOST_NAMED + 10):
        watch.count(f"quay-{number}", 1.0)
    assert not any(watch.count("quay-x", 1.0) for _ in range(MANY))
    assert sum(watch.count("quay-0", 1.0) for _ in range(MANY)) == 1
