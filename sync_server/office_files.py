"""Reading an office's folder, and files of cases. Nothing is stored here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from protocol.codes import CaseCode, RefusedReason, classify
from protocol.codes import Refused as RefusedCode
from protocol.settings_file import SettingsMistake, read_settings
from sync_server.core.book import Wanted
from sync_server.core.entries import Entry
from sync_server.core.office_data import Case, OfficeFile, Procedure, mistakes_in
from sync_server.core.rules import Rules
from sync_server.core.surveys import Survey
from sync_server.csv_files import RefusedRow, Row, UnreadableFile, read_rows

CASE_COLUMNS = ("case_code", "procedure", "officer", "received")
PROCEDURE_COLUMNS = ("procedure", "name", "field")
LEVELS = ("1", "2", "3", "4")  # of the online service of a procedure

_NOT_A_CASE = "case_code: not a case code, or dated in the future"
_REFUSED = {
    RefusedReason.IDENTITY_CARD: "case_code: this is an identity number; it was not kept",
    RefusedReason.HEALTH_CARD: "case_code: this is a health insurance number; it was not kept",
    RefusedReason.AMBIGUOUS: "case_code: there is more than one case code",
}


File = TypeVar("File", bound=Entry)


class OfficeMistakes(Exception):
    """The folder cannot be imported; each mistake names its file and its line or field."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class OfficeFolder:
    """Everything a folder describes, checked."""

    wanted: Wanted
    cases: tuple[Case, ...]


def read_folder(folder: Path, today: date) -> OfficeFolder:
    """Read office.toml, procedures.csv and, where they are, survey.toml, rules.toml and cases.csv.

    OfficeMistakes lists all that is wrong.
    """
    mistakes: list[str] = []
    office = _read(folder / "office.toml", OfficeFile, mistakes)
    survey = _read_if_there(folder / "survey.toml", Survey, mistakes)
    rules = _read_if_there(folder / "rules.toml", Rules, mistakes)
    if office is None:
        raise OfficeMistakes(mistakes)
    mistakes += [f"{folder / 'office.toml'}: {mistake}" for mistake in mistakes_in(office)]
    fields = {entry.field for entry in office.fields}
    officers = {entry.officer for entry in office.officers}
    procedures: tuple[Procedure, ...] = ()
    cases: tuple[Case, ...] = ()
    try:
        procedures, refused = _read_procedures(folder / "procedures.csv", fields)
        mistakes += [f"{folder / 'procedures.csv'}: {row}" for row in refused]
        if (folder / "cases.csv").exists():
            known = {entry.procedure for entry in procedures}
            cases, refused = read_cases(folder / "cases.csv", today, known, officers)
            mistakes += [f"{folder / 'cases.csv'}: {row}" for row in refused]
    except UnreadableFile as error:
        mistakes.append(str(error))
    if mistakes:
        raise OfficeMistakes(mistakes)
    return OfficeFolder(Wanted(office, procedures, survey, rules), cases)


def _read(path: Path, kind: type[File], mistakes: list[str]) -> File | None:
    try:
        return read_settings(path, kind)
    except SettingsMistake as error:
        mistakes.append(str(error))
        return None


def _read_if_there(path: Path, kind: type[File], mistakes: list[str]) -> File | None:
    return _read(path, kind, mistakes) if path.exists() else None


def read_cases(
    path: Path, today: date, procedures: Iterable[str], officers: Iterable[str]
) -> tuple[tuple[Case, ...], tuple[RefusedRow, ...]]:
    """Read a file of cases; rows that cannot be used come back apart. UnreadableFile when it is none."""
    known_procedures, known_officers = frozenset(procedures), frozenset(officers)
    first_lines: dict[str, int] = {}
    cases: list[Case] = []
    refused: list[RefusedRow] = []
    for row in read_rows(path, CASE_COLUMNS):
        outcome = row if isinstance(row, RefusedRow) else _case(row, today, known_procedures, known_officers)
        if isinstance(outcome, RefusedRow):
            refused.append(outcome)
        elif (first := first_lines.setdefault(outcome.code.canonical, row.line)) != row.line:
            refused.append(RefusedRow(row.line, f"case_code: the same case as in line {first}"))
        else:
            cases.append(outcome)
    return tuple(cases), tuple(refused)


def _case(row: Row, today: date, procedures: frozenset[str], officers: frozenset[str]) -> Case | RefusedRow:
    code = classify(row.cells["case_code"], today)
    if isinstance(code, RefusedCode):
        return RefusedRow(row.line, _REFUSED.get(code.reason, _NOT_A_CASE))
    if not isinstance(code, CaseCode):
        return RefusedRow(row.line, _NOT_A_CASE)
    if row.cells["procedure"] not in procedures:
        return RefusedRow(row.line, "procedure: there is no such procedure")
    if row.cells["officer"] not in officers:
        return RefusedRow(row.line, "officer: there is no such officer")
    try:
        received = date.fromisoformat(row.cells["received"])
    except ValueError:
        return RefusedRow(row.line, "received: expected a day like 2026-10-02")
    return Case(code, row.cells["procedure"], row.cells["officer"], received)


def _read_procedures(path: Path, fields: set[str]) -> tuple[tuple[Procedure, ...], tuple[RefusedRow, ...]]:
    procedures: dict[str, Procedure] = {}
    refused: list[RefusedRow] = []
    for row in read_rows(path, PROCEDURE_COLUMNS, ("level",)):
        if isinstance(row, RefusedRow):
            refused.append(row)
            continue
        level = row.cells["level"]
        if level not in ("", *LEVELS):
            refused.append(RefusedRow(row.line, f"level: expected one of {', '.join(LEVELS)}, or nothing"))
            continue
        procedure, name, field = (row.cells[column] for column in PROCEDURE_COLUMNS)
        try:
            entry = Procedure(procedure, name, field, int(level) if level else None)
        except ValueError as error:
            refused.append(RefusedRow(row.line, str(error)))
            continue
        if entry.field not in fields:
            refused.append(RefusedRow(row.line, "field: there is no such field in office.toml"))
        elif entry.procedure in procedures:
            refused.append(RefusedRow(row.line, "procedure: stands in an earlier line too"))
        else:
            procedures[entry.procedure] = entry
    return tuple(procedures.values()), tuple(refused)
