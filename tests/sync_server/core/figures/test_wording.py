"""What the computed figures are called, and what is said of a change."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.figures import wording
from sync_server.core.figures.change import SIGNIFICANCE, Change
from sync_server.core.figures.indicators import Indicator, OfficerBand, UnitBand
from sync_server.core.figures.verdict import Verdict
from sync_server.core.figures.wording import change_sentence
from sync_server.core.rounding import Mode, Rounding

TENTHS = Rounding(Mode.HALF_UP, 1)


def test_everything_has_a_name_of_its_own() -> None:
    for names, kind in (
        (wording.VERDICTS, Verdict),
        (wording.MODES, Mode),
        (wording.INDICATORS, Indicator),
        (wording.UNIT_BANDS, UnitBand),
        (wording.OFFICER_BANDS, OfficerBand),
    ):
        assert set(names) == set(kind)
        assert len({*names.values()}) == len(names)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, "Chưa có số liệu kỳ trước để so sánh."),
        (Change(Fraction(0), 1.0), "Không đổi so với kỳ trước."),
        (Change(Fraction(1, 5000), 0.9), "Hầu như không đổi so với kỳ trước."),
        (
            Change(Fraction(21, 1000), 0.012),
            "Tăng 2,1 điểm phần trăm so với kỳ trước; mức thay đổi có ý nghĩa thống kê (p = 0,012).",
        ),
        (
            Change(Fraction(-5, 100), 0.0000001),
            "Giảm 5,0 điểm phần trăm so với kỳ trước; mức thay đổi có ý nghĩa thống kê (p < 0,001).",
        ),
        (
            Change(Fraction(-5, 100), 0.3104),
            "Giảm 5,0 điểm phần trăm so với kỳ trước; chênh lệch chưa có ý nghĩa thống kê, có thể do ngẫu nhiên"
            " (p = 0,310).",
        ),
    ],
)
def test_a_change_is_said_in_a_sentence(change: Change | None, said: str) -> None:
    assert change_sentence(change, TENTHS) == said


@given(st.fractions(-1, 1), st.floats(0, 1))
def test_what_chance_explains_is_never_called_significant(difference: Fraction, probability: float) -> None:
    said = change_sentence(Change(difference, probability), TENTHS)
    assert ("mức thay đổi có ý nghĩa" not in said) or probability < SIGNIFICANCE
