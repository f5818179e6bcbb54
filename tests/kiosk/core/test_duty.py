"""Who has signed in at the counter."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.duty import Duty

TODAY = date(2026, 11, 23)
officers = st.sampled_from(["an", "binh"])


def test_a_badge_signs_in_and_once_more_out() -> None:
    there = Duty().scanned("an", TODAY)
    assert there.on(TODAY) == "an"
    assert there.scanned("an", TODAY).on(TODAY) is None


def test_the_next_officer_takes_over() -> None:
    assert Duty().scanned("an", TODAY).scanned("binh", TODAY).on(TODAY) == "binh"


@given(officers, st.integers(-10, 10).filter(bool))
def test_a_day_that_is_over_signs_everybody_out(officer: str, days: int) -> None:
    another = TODAY + timedelta(days=days)
    there = Duty().scanned(officer, TODAY)
    assert there.on(another) is None
    assert there.scanned(officer, another).on(another) == officer, "in, not out"


@given(st.lists(officers))
def test_somebody_is_there_who_scanned_last_or_nobody(scans: list[str]) -> None:
    duty = Duty()
    assert duty.on(TODAY) is None
    for officer in scans:
        was_there = duty.on(TODAY) == officer
        duty = duty.scanned(officer, TODAY)
        assert duty.on(TODAY) == (None if was_there else officer)
