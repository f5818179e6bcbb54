"""Cases by chance, and a shorthand for one."""

from datetime import date, timedelta

from hypothesis import strategies as st

from sync_server.core.cases import Channel
from sync_server.core.figures.on_time import CaseCell

FIRST, LAST = date(2026, 10, 1), date(2026, 12, 31)


def cell(
    received: date, due: date | None = None, returned: date | None = None, cases: int = 1, officer: str = "huong"
) -> CaseCell:
    return CaseCell("1.001193", officer, "ho-tich", Channel.DIRECT, received, due, returned, cases)


def _cell(received: date, allowed: int | None, took: int | None, about: tuple[str, str | None], cases: int) -> CaseCell:
    due = None if allowed is None else received + timedelta(days=allowed)
    returned = None if took is None else received + timedelta(days=took)
    officer, field = about
    channel = Channel.ONLINE if cases % 2 else None
    return CaseCell("1.001193", officer, field, channel, received, due, returned, cases)


cells_by_chance = st.lists(
    st.builds(
        _cell,
        st.dates(date(2026, 8, 1), date(2027, 3, 1)),
        st.none() | st.integers(0, 60),
        st.none() | st.integers(0, 120),
        st.sampled_from([("huong", "ho-tich"), ("bich", None), ("thang", "dat-dai")]),
        st.integers(1, 9),
    ),
    max_size=15,
)
