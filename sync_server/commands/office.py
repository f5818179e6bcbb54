"""`office import`: site, fields, officers, counters, procedures and cases out of a folder."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.core.quarter import local_day
from sync_server.keys import KeyTrouble, site_key
from sync_server.office_files import OfficeMistakes, read_folder
from sync_server.settings import Settings
from sync_server.store.cases import register_cases
from sync_server.store.changes import bump
from sync_server.store.office import save_office


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("office", help="tell the server about an office")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    read = actions.add_parser("import", help="read a folder with office.toml, procedures.csv and perhaps cases.csv")
    read.add_argument("folder", type=Path, help="the folder; deploy/sample_office shows what it holds")
    read.set_defaults(run=_import)


def _import(arguments: Namespace, settings: Settings) -> int:
    try:
        told = read_folder(arguments.folder, local_day(datetime.now(UTC)))
    except OfficeMistakes as error:
        raise CommandMistake("\n".join(["nothing was imported:", *error.mistakes])) from None
    office = told.office
    with opened(settings) as database:
        try:
            key = site_key(settings.folder, office.site)
        except KeyTrouble as error:
            raise CommandMistake(str(error)) from None
        with database.writing() as connection:
            save_office(connection, office, told.procedures)
            register_cases(connection, office.site, key, told.cases)
            bump(connection)
    print(
        f"{office.site}: {len(office.fields)} fields, {len(office.officers)} officers, "
        f"{len(office.counters)} counters, {len(told.procedures)} procedures, {len(told.cases)} cases"
    )
    return 0
