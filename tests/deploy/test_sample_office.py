"""The sample office is whole: what names something names what is there, and every receipt can be scanned."""

import csv
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from protocol.codes import CaseCode, classify
from protocol.topics import Address
from sync_server.core.cases import Channel

FOLDER = Path(__file__).parents[2] / "deploy" / "sample_office"
LAST_DAY = date(2026, 11, 20)
KEY = re.compile(r"[a-z0-9-]{1,32}")
# Tone marks stand on the second vowel here (hoá, uỷ), never on the first (hóa, ủy); "quý" is another matter.
TONE_ON_THE_FIRST_VOWEL = re.compile(r"(?:[óòỏõọ][ae]|(?<![qQ])[úùủũụ]y)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def office() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "office.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def procedures() -> list[dict[str, str]]:
    return rows("procedures.csv")


@pytest.fixture(scope="module")
def cases() -> list[dict[str, str]]:
    return rows("cases.csv")


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source, strict=True))


def all_different(values: Iterable[object]) -> bool:
    listed = list(values)
    return len(set(listed)) == len(listed)


def test_it_has_the_size_of_the_office_it_is_modelled_on(
    office: dict[str, Any], procedures: list[dict[str, str]], cases: list[dict[str, str]]
) -> None:
    assert (len(office["fields"]), len(office["officers"]), len(office["counters"])) == (6, 7, 5)
    assert 155 <= len(procedures) <= 165
    assert len(cases) == 60


def test_the_files_have_the_columns_that_their_readme_explains(
    office: dict[str, Any], procedures: list[dict[str, str]], cases: list[dict[str, str]]
) -> None:
    said = ("site", "office", "unit", "place", "signer")
    assert set(office) == {*said, *("fields", "officers", "counters", "opening_hours", "thresholds")}
    assert set(office["signer"]) == {"name", "title", "capacity"}
    assert all(set(field) == {"field", "name"} for field in office["fields"])
    assert all(set(officer) == {"officer", "name", "title", "field"} for officer in office["officers"])
    assert all(set(counter) == {"counter", "officer", "fields"} for counter in office["counters"])
    assert all(list(row) == ["procedure", "name", "field"] for row in procedures)
    columns = ["case_code", "procedure", "officer", "counter", "received", "due", "returned", "channel"]
    assert all(list(row) == columns for row in cases)
    explained = (FOLDER / "README.md").read_text(encoding="utf-8")
    named = [*procedures[0], *cases[0], *office["counters"][0], *office["opening_hours"][0], *office["thresholds"]]
    assert all(f"`{column}`" in explained for column in named)


def test_keys_are_well_formed_and_nothing_is_named_twice(
    office: dict[str, Any], procedures: list[dict[str, str]], cases: list[dict[str, str]]
) -> None:
    fields = [field["field"] for field in office["fields"]]
    officers = [officer["officer"] for officer in office["officers"]]
    Address(office["site"], "kiosk-1")
    assert all(KEY.fullmatch(key) for key in fields + officers)
    assert all_different(fields)
    assert all_different(officers)
    assert all_different(officer["name"] for officer in office["officers"])
    assert [counter["counter"] for counter in office["counters"]] == [1, 2, 3, 4, 5]
    assert all_different(row["procedure"] for row in procedures)
    assert all_different(row["name"] for row in procedures)
    assert all(re.fullmatch(r"[12]\.[0-9]{6}", row["procedure"]) for row in procedures)
    assert all_different(row["case_code"] for row in cases)


def test_every_field_has_procedures_an_officer_and_a_counter(
    office: dict[str, Any], procedures: list[dict[str, str]]
) -> None:
    fields = {field["field"] for field in office["fields"]}
    assert {row["field"] for row in procedures} == fields
    assert {officer["field"] for officer in office["officers"]} == fields
    assert {field for counter in office["counters"] for field in counter["fields"]} == fields


def test_counters_and_cases_name_only_what_is_there_and_fits(
    office: dict[str, Any], procedures: list[dict[str, str]], cases: list[dict[str, str]]
) -> None:
    field_of_officer = {officer["officer"]: officer["field"] for officer in office["officers"]}
    field_of_procedure = {row["procedure"]: row["field"] for row in procedures}
    fields_of_counter = {str(counter["counter"]): counter["fields"] for counter in office["counters"]}
    for counter in office["counters"]:
        assert field_of_officer[counter["officer"]] in counter["fields"]
    for case in cases:
        field = field_of_procedure[case["procedure"]]
        assert field_of_officer[case["officer"]] == field
        assert field in fields_of_counter[case["counter"]]


def test_every_case_code_is_accepted_by_the_scanner_and_bears_the_day_it_was_received(
    cases: list[dict[str, str]],
) -> None:
    for case in cases:
        assert re.fullmatch(r"H57\.14-[0-9]{6}-[0-9]{4}", case["case_code"])
        code = classify(case["case_code"], LAST_DAY)
        assert isinstance(code, CaseCode)
        assert code.day == date.fromisoformat(case["received"])
        assert date(2026, 10, 1) <= code.day <= LAST_DAY


def test_every_case_has_days_in_their_order(cases: list[dict[str, str]]) -> None:
    for case in cases:
        assert case["received"] <= case["due"]
        assert not case["returned"] or case["received"] <= case["returned"] <= LAST_DAY.isoformat()
        assert case["channel"] in list(Channel)
    kept = [case["returned"] > case["due"] for case in cases if case["returned"]]
    assert 0 < sum(kept) < len(kept) < len(cases), "some are late, and some wait"


def test_every_officer_has_received_a_case(office: dict[str, Any], cases: list[dict[str, str]]) -> None:
    assert {case["officer"] for case in cases} == {officer["officer"] for officer in office["officers"]}


def test_names_are_tidy_vietnamese(office: dict[str, Any], procedures: list[dict[str, str]]) -> None:
    named = [*office["fields"], *office["officers"], *procedures]
    names = [thing["name"] for thing in named] + [officer["title"] for officer in office["officers"]]
    for name in names:
        assert name == unicodedata.normalize("NFC", name)
        assert name == " ".join(name.split())
        assert name[0].isupper()
        assert not name.endswith(".")
        assert not TONE_ON_THE_FIRST_VOWEL.search(name), name
