"""Votes before they are stored."""

from datetime import datetime

from kiosk.outbox import Draft, Instant
from tests.fakes.clock import A_MORNING


def a_draft(level: int = 5, case_token: str | None = None, counter: int | None = None) -> Draft:
    return Draft(survey=1, answers={"overall": level}, counter=counter, case_token=case_token)


def an_instant(wall: datetime = A_MORNING) -> Instant:
    return Instant(wall, boot_id="5f3c…", boottime_ns=42_000_000_000)
