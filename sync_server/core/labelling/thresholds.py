"""From where on a rule labels, as an office may say in `[labelling]` of rules.toml; dated as all rules are."""

from typing import Annotated

from msgspec import Meta

from sync_server.core.entries import Entry
from sync_server.core.labelling.names import RuleName

# Whoever hands a case in or fetches a result sits down, is asked, signs and gets a receipt; no counter goes through
# that in under two minutes all hour long. This project's judgement.
MOST_AN_HOUR = 30
# A case brings its citizen twice: to hand it in and to fetch the result (NĐ 61/2018/NĐ-CP, Điều 17 and 20). The
# register knows of the first day; on any day about as many come for the second.
VOTES_A_CASE = 2
# SIPAS 2022, asked at home, found 80,08 % satisfied, in both upper levels together. Where 80 % choose the best level, a
# run of 50 comes by chance once in 350,000 votes; where 90 % do, once in 2,000.
TOP_RUN = 50
# Who is being served when the office closes leaves later, and the first of the day wait at the door.
GRACE_MINUTES = 30


class Labelling(Entry, frozen=True):
    """Which rules label votes, and from where on; ValueError says which value is not usable."""

    rules: tuple[RuleName, ...] = tuple(RuleName)
    most_an_hour: Annotated[int, Meta(ge=1, le=1000)] = MOST_AN_HOUR  # votes at one counter
    votes_a_case: Annotated[int, Meta(ge=1, le=10)] = VOTES_A_CASE
    top_run: Annotated[int, Meta(ge=5, le=10_000)] = TOP_RUN  # votes in a row
    grace_minutes: Annotated[int, Meta(ge=0, le=240)] = GRACE_MINUTES

    def __post_init__(self) -> None:
        if len(set(self.rules)) < len(self.rules):
            raise ValueError("labelling.rules: a rule stands twice")
