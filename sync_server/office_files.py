"""Reading an office's folder. Nothing is stored here."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from protocol.settings_file import SettingsMistake, read_settings
from sync_server.case_files import read_cases
from sync_server.core.book import Wanted
from sync_server.core.case_mapping import CaseMapping
from sync_server.core.case_rows import CaseReader
from sync_server.core.cases import Case
from sync_server.core.decisions.form import DecisionForm
from sync_server.core.entries import Entry
from sync_server.core.office_data import OfficeFile, Procedure, mistakes_in
from sync_server.core.rules import Rules
from sync_server.core.surveys import Survey
from sync_server.csv_files import RefusedRow, UnreadableFile, read_rows

PROCEDURE_COLUMNS = ("procedure", "name", "field")
LEVELS = ("1", "2", "3", "4")  # of the online service of a procedure

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
    """Read office.toml, procedures.csv and, where they are, survey.toml, rules.toml, decision.toml and cases.csv.

    OfficeMistakes lists all that is wrong.
    """
    mistakes: list[str] = []
    office = _read(folder / "office.toml", OfficeFile, mistakes)
    survey = _read_if_there(folder / "survey.toml", Survey, mistakes)
    rules = _read_if_there(folder / "rules.toml", Rules, mistakes)
    decision = _read_if_there(folder / "decision.toml", DecisionForm, mistakes)
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
            read = read_cases(folder / "cases.csv", CaseReader(today, CaseMapping(), known, officers))
            cases = read.cases
            mistakes += [f"{folder / 'cases.csv'}: {row}" for row in read.refused]
    except UnreadableFile as error:
        mistakes.append(str(error))
    if mistakes:
        raise OfficeMistakes(mistakes)
    return OfficeFolder(Wanted(office, procedures, survey, rules, decision), cases)


def _read(path: Path, kind: type[File], mistakes: list[str]) -> File | None:
    try:
        return read_settings(path, kind)
    except SettingsMistake as error:
        mistakes.append(str(error))
        return None


def _read_if_there(path: Path, kind: type[File], mistakes: list[str]) -> File | None:
    return _read(path, kind, mistakes) if path.exists() else None


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
