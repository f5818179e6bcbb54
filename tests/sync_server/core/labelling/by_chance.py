"""Votes by chance: few cases, kiosks and hours, so that they often agree."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from sync_server.core.labelling.cast import Cast
from sync_server.core.quarter import local_day

BEGIN = datetime(2026, 11, 20, 1, tzinfo=UTC)  # Friday, 8 in the morning
DAY = local_day(BEGIN)


def a_cast(
    number: int = 1,
    *,
    stream: str = "a",
    kiosk: str = "k-1",
    hour: datetime = BEGIN,
    unsure: timedelta = timedelta(0),
    survey: int = 1,
    counter: int | None = 1,
    case_token: str | None = None,
    officer: str | None = "huong",
    all_best: bool = False,
) -> Cast:
    """A vote whose id tells stream and number."""
    until = hour + unsure
    return Cast(
        vote_id=f"{stream}{number}",
        stream=stream,
        number=number,
        kiosk=kiosk,
        hour=hour,
        until_hour=until,
        day=local_day(hour),
        until_day=local_day(until),
        survey=survey,
        counter=counter,
        case_token=case_token,
        officer=officer,
        all_best=all_best,
    )


def hours(days: int = 1) -> st.SearchStrategy[datetime]:
    """Some hours of some days."""
    return st.builds(
        lambda day, hour: BEGIN + timedelta(days=day, hours=hour),
        st.integers(0, days - 1),
        st.sampled_from([-1, 0, 3, 4, 9]),
    )


def votes(days: int = 1) -> st.SearchStrategy[list[Cast]]:
    """Votes of which no two have the same stream and number, in an order by chance."""
    one = st.builds(
        a_cast,
        st.integers(1, 30),
        stream=st.sampled_from("abc"),
        kiosk=st.sampled_from(["k-1", "k-2"]),
        hour=hours(days),
        unsure=st.sampled_from([timedelta(0)] * 4 + [timedelta(hours=2), timedelta(days=3)]),
        survey=st.sampled_from([1, 2]),
        counter=st.sampled_from([None, 1, 2]),
        case_token=st.sampled_from([None, None, "x", "y", "z"]),
        officer=st.sampled_from([None, "huong", "thang"]),
        all_best=st.booleans(),
    )
    return st.lists(one, max_size=25, unique_by=lambda vote: vote.vote_id)
