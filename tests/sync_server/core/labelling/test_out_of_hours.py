"""An hour in which nobody was there to serve, as far as whole hours can tell."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.messages import OpeningHours
from sync_server.core.labelling.cast import Cast
from sync_server.core.labelling.out_of_hours import out_of_hours
from sync_server.core.opening import Opening
from sync_server.core.quarter import VIETNAM
from tests.sync_server.core.labelling.by_chance import a_cast, votes

OFFICE = tuple(
    hours for opening in (Opening("1-5", "07:30", "11:30"), Opening("1-5", "13:30", "17:00")) for hours in opening.hours
)
openings = st.lists(
    st.builds(
        lambda day, opens, length: OpeningHours(day, opens, min(opens + length, 1440)),
        st.sampled_from([4, 5, 6]),
        st.integers(0, 1400),
        st.integers(1, 600),
    ),
    min_size=1,
    max_size=3,
)


@given(st.data(), votes(days=2), openings, st.integers(0, 90))
def test_the_order_of_arrival_changes_nothing(
    data: st.DataObject, cast: list[Cast], hours: list[OpeningHours], grace: int
) -> None:
    assert out_of_hours(data.draw(st.permutations(cast)), hours, grace) == out_of_hours(cast, hours, grace)


@given(votes(days=2), openings, st.integers(0, 90))
def test_a_vote_is_labelled_when_the_office_was_closed_in_every_minute_of_its_hour(
    cast: list[Cast], hours: list[OpeningHours], grace: int
) -> None:
    found = out_of_hours(cast, hours, grace)
    for vote in cast:
        local = vote.hour.astimezone(VIETNAM)
        minutes = range(local.hour * 60, local.hour * 60 + 60)
        is_open = any(
            opening.weekday == local.isoweekday() and opening.opens - grace <= minute < opening.closes + grace
            for opening in hours
            for minute in minutes
        )
        assert (vote.vote_id in found) == (vote.hour == vote.until_hour and not is_open)


@pytest.mark.parametrize(
    ("hour", "grace", "labelled"),
    [
        (6, 0, True),
        (6, 30, True),  # the door is besieged from 7:00 on
        (6, 31, False),
        (7, 0, False),  # opens at half past: nobody here knows the minute
        (11, 0, False),
        (12, 30, True),
        (12, 31, False),
        (17, 0, True),
        (17, 30, False),
        (18, 30, True),
    ],
)
def test_the_office_opens_and_closes_and_a_little_longer(hour: int, grace: int, labelled: bool) -> None:
    cast = a_cast(hour=datetime(2026, 11, 20, hour, tzinfo=VIETNAM))
    assert out_of_hours([cast], OFFICE, grace) == ({cast.vote_id} if labelled else frozenset())


def test_on_a_day_off_every_hour_is_out_of_hours() -> None:
    saturday = a_cast(hour=datetime(2026, 11, 21, 9, tzinfo=VIETNAM))
    assert out_of_hours([saturday], OFFICE, 30) == {saturday.vote_id}


def test_without_opening_hours_and_without_an_hour_nothing_is_known() -> None:
    night = datetime(2026, 11, 20, 2, tzinfo=VIETNAM)
    assert out_of_hours([a_cast(hour=night)], (), 0) == frozenset()
    assert out_of_hours([a_cast(hour=night, unsure=timedelta(hours=1))], OFFICE, 0) == frozenset()
