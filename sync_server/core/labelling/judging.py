"""All rules over a day of a site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from protocol.messages import CaseToken, OpeningHours, VoteId
from sync_server.core.labelling.beyond_served import beyond_served
from sync_server.core.labelling.bursts import bursts
from sync_server.core.labelling.cast import Cast
from sync_server.core.labelling.names import RuleName
from sync_server.core.labelling.out_of_hours import out_of_hours
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.labelling.top_runs import top_runs

Given = frozenset[tuple[VoteId, RuleName]]


@dataclass(frozen=True)
class OfficeDay:
    """What an office has said of a day; its case register too."""

    labelling: Labelling
    opening_hours: Sequence[OpeningHours] = ()
    counters: int = 0
    received: Mapping[str, int] = field(default_factory=dict)  # cases taken in, by officer
    registered: Mapping[CaseToken, date] = field(default_factory=dict)  # when cases that votes name were received


def judged(votes: Sequence[Cast], office: OfficeDay) -> Given:
    """Return what the rules that look at a single day say of its votes; `duplicates` looks at all days of a case."""
    told = office.labelling
    found = {
        RuleName.BURST: bursts(votes, told.most_an_hour, office.counters),
        RuleName.BEYOND_SERVED: beyond_served(votes, office.received, office.registered, told.votes_a_case),
        RuleName.TOP_RUN: top_runs(votes, told.top_run),
        RuleName.OUT_OF_HOURS: out_of_hours(votes, office.opening_hours, told.grace_minutes),
    }
    return frozenset((vote_id, rule) for rule, ids in found.items() if rule in told.rules for vote_id in ids)
