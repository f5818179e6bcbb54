"""Another program's columns and words are said once."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.case_mapping import CaseMapping, Unplaced
from sync_server.core.cases import COLUMNS, REQUIRED, Channel

HUE = CaseMapping(
    columns={"case_code": "Mã hồ sơ", "due": "Ngày hẹn trả"},
    procedures={"Khai sinh": "1.001193"},
    officers={"Nguyễn Thị Hương": "huong"},
    channels={"DVC": Channel.ONLINE},
)


@given(st.permutations(COLUMNS), st.integers(0, 3))
def test_columns_are_found_in_any_order(columns: list[str], further: int) -> None:
    heading = [*["Ghi chú"] * further, *columns]
    assert CaseMapping().places(heading) == {column: heading.index(column) for column in COLUMNS}


@given(st.permutations(REQUIRED))
def test_columns_that_may_be_missing_may_be_missing(columns: list[str]) -> None:
    assert set(CaseMapping().places(columns)) == set(REQUIRED)


def test_a_heading_is_the_same_in_every_spelling() -> None:
    composed, decomposed = "MÃ  HỒ SƠ", "Ma\u0303 ho\u0302\u0300 so\u031b"
    for heading in (composed, decomposed):
        assert HUE.places([" procedure", heading, "Officer", "received"])["case_code"] == 1


def test_a_mapped_column_is_also_found_under_its_own_name() -> None:
    assert HUE.places(list(COLUMNS)) == {column: place for place, column in enumerate(COLUMNS)}


@pytest.mark.parametrize(
    ("heading", "message"),
    [
        (["procedure", "officer"], r"the heading lacks case_code \('Mã hồ sơ'\), received"),
        (
            ["Mã hồ sơ", "procedure", "officer", "received", "mã hồ sơ"],
            r"the heading has case_code \('Mã hồ sơ'\) twice",
        ),
        (["Mã hồ sơ", "procedure", "officer", "received", "channel", "channel"], "the heading has channel twice"),
    ],
)
def test_a_heading_that_will_not_do_is_named(heading: list[str], message: str) -> None:
    with pytest.raises(Unplaced, match=message):
        HUE.places(heading)


def test_words_stand_for_keys() -> None:
    assert HUE.procedure("Khai sinh") == HUE.procedure("khai  SINH") == "1.001193"
    assert HUE.officer("nguyễn thị hương") == "huong"
    assert (HUE.procedure("1.000894"), HUE.officer("bich")) == ("1.000894", "bich")
    assert HUE.channel("dvc") is HUE.channel("Trực tuyến") is HUE.channel("online") is Channel.ONLINE
    assert HUE.channel("Bưu chính công ích") is Channel.POST
    assert HUE.channel("bồ câu") is None


def test_columns_can_be_mapped_anew_one_by_one() -> None:
    changed = HUE.with_columns({"due": "Hẹn trả"})
    assert changed.columns == {"case_code": "Mã hồ sơ", "due": "Hẹn trả"}
    assert changed.officers == HUE.officers


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"columns": {"code": "Mã"}}, "columns: expected only case_code, procedure"),
        ({"columns": {"case_code": ""}}, "length >= 1"),
        ({"channels": {"DVC": "pigeon"}}, "pigeon"),
        ({"colums": {}}, "unknown field"),
        ({"officers": {str(number): "a" for number in range(2001)}}, "length <= 2000"),
    ],
)
def test_a_mapping_that_will_not_do_is_named(values: dict[str, object], message: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert(values, CaseMapping)
