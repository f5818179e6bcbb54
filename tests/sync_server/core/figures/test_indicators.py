"""The nine indicators of TT 01/2018/TT-VPCP."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures.indicators import (
    OF_A_UNIT,
    OF_AN_OFFICER,
    Indicator,
    OfficerBand,
    Points,
    UnitBand,
    officer_band,
    score,
    unit_band,
)

points = st.builds(Points, st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000))
full = {indicator: Points(two=1) for indicator in Indicator}


@pytest.mark.parametrize(
    ("these", "average"),
    [
        (Points(two=3), "2.0"),
        (Points(none=1, two=2), "1.3"),
        (Points(none=1, one=1, two=18), "1.9"),  # 1.85: a half goes up, and is not cut off
        (Points(none=7, two=1), "0.3"),  # 0.25
    ],
)
def test_averages_have_one_decimal_half_up(these: Points, average: str) -> None:
    assert str(these.average) == average


def test_a_unit_can_have_eighteen_points_and_an_officer_ten() -> None:
    assert score(full).total == 18
    assert score(full).attainable == 18
    assert score(full, OF_AN_OFFICER).total == 10
    assert {int(indicator) for indicator in OF_AN_OFFICER} == {1, 2, 3, 4, 7}


def test_indicators_without_data_are_left_out_and_named() -> None:
    some = {Indicator.WHOLE_TIME: Points(two=1), Indicator.ATTITUDE: Points()}
    told = score(some, OF_AN_OFFICER)
    assert told.averages == {Indicator.WHOLE_TIME: Decimal("2.0")}
    assert [int(indicator) for indicator in told.left_out] == [2, 3, 4, 7]
    assert (told.total, told.attainable) == (Decimal("2.0"), 2)


def test_what_an_officer_is_not_measured_by_does_not_count() -> None:
    assert score({Indicator.ONLINE: Points(two=1)}, OF_AN_OFFICER).total is None


def test_without_any_data_there_is_no_total() -> None:
    assert (score({}).total, score({}).attainable, len(score({}).left_out)) == (None, 0, 9)


def test_the_total_adds_what_was_rounded() -> None:
    third = Points(none=2, one=1)  # 0.33…, shown as 0.3
    assert score({indicator: third for indicator in (Indicator(1), Indicator(2), Indicator(3))}).total == Decimal("0.9")


@pytest.mark.parametrize(
    ("total", "band"),
    [
        ("18", UnitBand.EXCELLENT),
        ("15.0", UnitBand.EXCELLENT),
        ("14.9", UnitBand.GOOD),
        ("12.0", UnitBand.GOOD),
        ("11.9", UnitBand.FAIR),
        ("9.0", UnitBand.FAIR),
        ("8.9", UnitBand.AVERAGE),
        ("6.0", UnitBand.AVERAGE),
        ("5.9", UnitBand.WEAK),
        ("0", UnitBand.WEAK),
    ],
)
def test_a_unit_s_bands_include_their_lower_bound(total: str, band: UnitBand) -> None:
    assert unit_band(Decimal(total)) is band


@pytest.mark.parametrize(
    ("total", "band"),
    [
        ("10", OfficerBand.ALL),
        ("5.0", OfficerBand.ALL),
        ("4.9", OfficerBand.MOST),
        ("3.5", OfficerBand.MOST),
        ("3.4", OfficerBand.LITTLE),
        ("0", OfficerBand.LITTLE),
    ],
)
def test_an_officer_s_bands_include_their_lower_bound(total: str, band: OfficerBand) -> None:
    assert officer_band(Decimal(total)) is band


@given(st.dictionaries(st.sampled_from(Indicator), points), st.sampled_from([OF_A_UNIT, OF_AN_OFFICER]))
def test_every_indicator_is_averaged_or_left_out_and_no_total_is_beyond_what_can_be_had(
    these: dict[Indicator, Points], indicators: frozenset[Indicator]
) -> None:
    told = score(these, indicators)
    assert {*told.averages, *told.left_out} == indicators
    assert len(told.averages) + len(told.left_out) == len(indicators)
    assert told.total is None or 0 <= told.total <= told.attainable


@pytest.mark.parametrize("these", [(-1, 0, 0), (0, -1, 0), (0, 0, -1)])
def test_counts_are_not_negative(these: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="not negative"):
        Points(*these)
