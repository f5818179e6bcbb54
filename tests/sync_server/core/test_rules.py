"""How an office counts, and what it may not say."""

from decimal import Decimal

import pytest

from protocol.visits import VisitLabel
from sync_server.core.rules import USUAL_RULES, Rules


def test_where_nothing_is_said_four_in_five_are_to_be_satisfied() -> None:
    assert (USUAL_RULES.target, USUAL_RULES.least_shown, USUAL_RULES.excluded) == (Decimal(80), 5, ())


@pytest.mark.parametrize("target", ["-0.1", "100.1", "1000"])
def test_a_target_is_a_percentage(target: str) -> None:
    with pytest.raises(ValueError, match="target: expected a percentage from 0 to 100"):
        Rules(target=Decimal(target))


def test_a_label_is_left_out_once() -> None:
    with pytest.raises(ValueError, match="excluded: a label stands twice"):
        Rules(excluded=(VisitLabel.HASTY, VisitLabel.HASTY))
