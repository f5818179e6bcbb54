"""Reads what an office is from files: a folder with office.toml, procedures.csv and cases.csv.

The form of the files is described beside the sample, in deploy/sample_office/README.md.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from protocol.codes import CaseCode, classify
from protocol.settings_file import SettingsMistake, read_settings
from protocol.topics import NAME, NAME_RULE

LONGEST_NAME = 300


class OfficeMistake(ValueError):
    """A file cannot be used; the text names the file, the line or field, and what is expected."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Field(_Part, frozen=True):
    """A field of work (lĩnh vực)."""

    field: str
    name: str


class Officer(_Part, frozen=True):
    """A person at work."""

    officer: str
    name: str
    title: str
    field: str


class Counter(_Part, frozen=True):
    """A counter (quầy), and who sits there."""

    counter: int
    officer: str
    fields: list[str]


class OfficeFile(_Part, frozen=True):
    """What office.toml holds."""

    site: str
    office: str
    unit: str
    fields: list[Field]
    officers: list[Officer]
    counters: list[Counter]


@dataclass(frozen=True)
class Procedure:
    """A procedure (thủ tục hành chính)."""

    procedure: str
    name: str
    field: str


@dataclass(frozen=True, repr=False)
class Case:
    """A case (hồ sơ) that was received; it holds the code, hence no repr."""

    code: CaseCode
    procedure: str
    officer: str
    received: date


@dataclass(frozen=True)
class RefusedLine:
    """A line that cannot be used, and why; nothing of the line itself."""

    line: int
    reason: str


def read_office(path: Path) -> OfficeFile:
    """Read office.toml; OfficeMistake when it is wrong or does not fit together."""
    try:
        office = read_settings(path, OfficeFile)
    except SettingsMistake as error:
        raise OfficeMistake(str(error)) from None
    for problem in _problems(office):
        raise OfficeMistake(f"{path}: {problem}")
    return office


def read_procedures(path: Path, office: OfficeFile) -> list[Procedure]:
    """Read procedures.csv; OfficeMistake at the first line that is wrong."""
    fields = {field.field for field in office.fields}
    found: dict[str, Procedure] = {}
    for number, row in _rows(path, ("procedure", "name", "field")):
        procedure = Procedure(row["procedure"], row["name"], row["field"])
        if not procedure.procedure or len(procedure.procedure) > 64:
            raise OfficeMistake(f"{path}: line {number}: procedure: expected 1 to 64 characters")
        if not 0 < len(procedure.name) <= LONGEST_NAME:
            raise OfficeMistake(f"{path}: line {number}: name: expected 1 to {LONGEST_NAME} characters")
        if procedure.field not in fields:
            raise OfficeMistake(f"{path}: line {number}: field: there is no field {procedure.field!r} in office.toml")
        if procedure.procedure in found:
            raise OfficeMistake(f"{path}: line {number}: procedure: {procedure.procedure!r} is there twice")
        found[procedure.procedure] = procedure
    return list(found.values())


def read_cases(
    path: Path, procedures: set[str], officers: set[str], today: date
) -> tuple[list[Case], list[RefusedLine]]:
    """Read a CSV file of cases: what can be used, and which lines cannot. OfficeMistake for the file itself."""
    cases: dict[str, Case] = {}
    refused: list[RefusedLine] = []
    for number, row in _rows(path, ("case_code", "procedure", "officer", "received")):
        code = classify(row["case_code"], today)
        received = _day(row["received"])
        if not isinstance(code, CaseCode):
            refused.append(RefusedLine(number, "case_code: not a case code"))
        elif code.canonical in cases:
            refused.append(RefusedLine(number, "case_code: the same as in an earlier line"))
        elif row["procedure"] not in procedures:
            refused.append(RefusedLine(number, "procedure: not in the catalogue of this site"))
        elif row["officer"] not in officers:
            refused.append(RefusedLine(number, "officer: not an officer of this site"))
        elif received is None:
            refused.append(RefusedLine(number, "received: expected a day as YYYY-MM-DD"))
        else:
            cases[code.canonical] = Case(code, row["procedure"], row["officer"], received)
    return list(cases.values()), refused


def _problems(office: OfficeFile) -> Iterator[str]:
    if not NAME.fullmatch(office.site):
        yield f"site: expected {NAME_RULE}"
    for what, keys in (
        ("fields", [field.field for field in office.fields]),
        ("officers", [officer.officer for officer in office.officers]),
    ):
        for key in keys:
            if not NAME.fullmatch(key):
                yield f"{what}: {key!r}: expected {NAME_RULE}"
            if keys.count(key) > 1:
                yield f"{what}: {key!r} is there twice"
    fields = {field.field for field in office.fields}
    officers = {officer.officer for officer in office.officers}
    for officer in office.officers:
        if officer.field not in fields:
            yield f"officers: {officer.officer}: there is no field {officer.field!r}"
    numbers = [counter.counter for counter in office.counters]
    for counter in office.counters:
        if not 1 <= counter.counter <= 999:
            yield f"counters: {counter.counter}: expected a number from 1 to 999"
        if numbers.count(counter.counter) > 1:
            yield f"counters: {counter.counter} is there twice"
        if counter.officer not in officers:
            yield f"counters: {counter.counter}: there is no officer {counter.officer!r}"
        for field in counter.fields:
            if field not in fields:
                yield f"counters: {counter.counter}: there is no field {field!r}"


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise OfficeMistake(f"{path}: line 1: the column {missing[0]!r} is missing")
            for row in reader:
                yield reader.line_num, {column: row[column].strip() for column in columns}
    except OSError as error:
        raise OfficeMistake(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise OfficeMistake(f"{path}: not UTF-8 text") from None
    except csv.Error as error:
        raise OfficeMistake(f"{path}: not a CSV file: {error}") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
