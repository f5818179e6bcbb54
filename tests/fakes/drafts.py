"""Votes before they are stored."""

from datetime import datetime, timedelta

from kiosk.core.draft import Draft
from kiosk.core.time_truth import Reading
from tests.fakes.clock import A_MORNING, FIRST_BOOT

WELL_SYNCHRONISED = timedelta(milliseconds=5)


def a_draft(level: int = 5, case_token: str | None = None, counter: int | None = None) -> Draft:
    return Draft(survey=1, answers={"overall": level}, counter=counter, case_token=case_token)


def a_reading(
    wall: datetime = A_MORNING,
    *,
    boot_id: str = FIRST_BOOT,
    boottime_ns: int = 42_000_000_000,
    max_error: timedelta | None = WELL_SYNCHRONISED,
) -> Reading:
    """The clocks of a machine that knows the time, unless told otherwise."""
    return Reading(boot_id, boottime_ns, wall, max_error)
