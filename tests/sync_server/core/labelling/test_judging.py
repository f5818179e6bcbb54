"""All rules together, those that an office has, and what it may say of them."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.visits import VisitLabel
from sync_server.core.figures.period_wording import LABELS
from sync_server.core.labelling.cast import Cast
from sync_server.core.labelling.judging import OfficeDay, judged
from sync_server.core.labelling.names import ALL_LABELS, RuleName
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.opening import Opening
from sync_server.core.rules import Rules
from tests.sync_server.core.labelling.by_chance import votes

STRICT: dict[str, Any] = {"most_an_hour": 1, "votes_a_case": 1, "top_run": 5, "grace_minutes": 0}
some_rules = st.lists(st.sampled_from(RuleName), unique=True).map(tuple)


def an_office(rules: tuple[RuleName, ...]) -> OfficeDay:
    return OfficeDay(Labelling(rules, **STRICT), Opening("5", "07:30", "12:00").hours, 2, {"huong": 1})


@given(st.data(), votes(), some_rules)
def test_the_rules_of_the_office_alone_label_and_the_order_changes_nothing(
    data: st.DataObject, cast: list[Cast], rules: tuple[RuleName, ...]
) -> None:
    found = judged(cast, an_office(rules))
    everything = judged(cast, an_office(tuple(RuleName)))
    assert found == {(vote_id, rule) for vote_id, rule in everything if rule in rules}
    assert judged(data.draw(st.permutations(cast)), an_office(rules)) == found
    assert {vote_id for vote_id, _ in found} <= {vote.vote_id for vote in cast}


def test_every_label_has_a_name_for_the_report() -> None:
    assert set(LABELS) == set(ALL_LABELS) == {*VisitLabel, *RuleName}


def test_an_office_may_leave_out_what_rules_label_and_nothing_unheard_of() -> None:
    rules = msgspec.convert({"excluded": ["burst", "hasty"], "labelling": {"rules": ["burst"]}}, Rules)
    assert (rules.excluded, rules.labelling.rules) == (("burst", "hasty"), (RuleName.BURST,))
    with pytest.raises(ValueError, match="excluded: there is no label 'hastily'; there are hasty, repeat"):
        Rules(excluded=("hastily",))


@pytest.mark.parametrize(
    "said",
    [{"most_an_hour": 0}, {"votes_a_case": 0}, {"top_run": 4}, {"grace_minutes": -1}, {"rules": ["bursts"]}, {"x": 1}],
)
def test_what_makes_no_sense_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"labelling": said}, Rules)


def test_a_rule_stands_once() -> None:
    with pytest.raises(ValueError, match=r"labelling\.rules: a rule stands twice"):
        Labelling((RuleName.BURST, RuleName.BURST))
