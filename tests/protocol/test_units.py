"""Which unit a code is of, and whether it is ours."""

import pytest

from protocol.units import LONGEST_UNIT, belongs_to, is_unit


@pytest.mark.parametrize(
    "unit", ["H57", "H57.14", "H15.50.05.13", "000.00.12.H57", "09.H44", "000.A0.01.H26", "G09.20"]
)
def test_what_is_in_use_is_a_unit(unit: str) -> None:
    assert is_unit(unit)


@pytest.mark.parametrize(
    "text", ["", "h57", "Z57", "57", "H5", "H57.", ".H57", "H57-14", " H57", "H57\n", "H57" + ".1234" * 7, "Ｈ57"]
)
def test_what_is_no_unit(text: str) -> None:
    assert not is_unit(text)


def test_a_unit_is_no_longer_than_the_law_says() -> None:
    assert is_unit("H57.1234.1234.1234.1234.1234.1234")
    assert not is_unit("000.000.H57.1234.1234.1234.1234.1234"), "36 characters"
    assert LONGEST_UNIT == 35


@pytest.mark.parametrize(
    ("unit", "own", "ours"),
    [
        ("H57.14", (), True),
        ("H57.14", ("H57.14",), True),
        ("H57.14.03", ("H57.14",), True),
        ("H57.140", ("H57.14",), False),
        ("H57", ("H57.14",), False),
        ("000.17.12.H57", ("12.H57",), True),
        ("000.17.112.H57", ("12.H57",), False),
        ("G09.20", ("H57.14", "000.00.12.H57"), False),
        ("000.00.12.H57", ("H57.14", "000.00.12.H57"), True),
    ],
)
def test_own_is_what_was_named_and_what_lies_below_it(unit: str, own: tuple[str, ...], ours: bool) -> None:
    assert belongs_to(unit, own) is ours
