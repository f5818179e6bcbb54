"""`office import`: an office and its catalogue, from a folder."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.cases import tell_refused, tokenised
from sync_server.core.quarter import local_day
from sync_server.office_files import Case, OfficeMistake, RefusedLine, read_cases, read_office, read_procedures
from sync_server.settings import Settings
from sync_server.store.cases import register_cases
from sync_server.store.office import officer_keys, procedure_codes, save_office


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("office", help="what the office is: officers, fields, counters, procedures")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    read = actions.add_parser("import", help="read office.toml, procedures.csv and, if there, cases.csv")
    read.add_argument("folder", type=Path, help="where the files are; repeating an import changes nothing")
    read.set_defaults(run=_import)


def _import(arguments: Namespace, settings: Settings) -> int:
    folder: Path = arguments.folder
    try:
        office = read_office(folder / "office.toml")
        catalogue = read_procedures(folder / "procedures.csv", office)
        with opened(settings) as database, database.writing() as connection:
            save_office(connection, office, catalogue)
            cases_file = folder / "cases.csv"
            found: list[Case] = []
            refused: list[RefusedLine] = []
            if cases_file.exists():
                found, refused = read_cases(
                    cases_file,
                    procedure_codes(connection, office.site),
                    officer_keys(connection, office.site),
                    local_day(datetime.now(UTC)),
                )
                register_cases(connection, office.site, tokenised(found, settings, office.site))
    except OfficeMistake as mistake:
        raise CommandMistake(str(mistake)) from None
    tell_refused(cases_file, refused)
    print(
        f"site {office.site}: {len(office.officers)} officers, {len(office.fields)} fields,"
        f" {len(office.counters)} counters, {len(catalogue)} procedures, {len(found)} cases"
    )
    return 1 if refused else 0
