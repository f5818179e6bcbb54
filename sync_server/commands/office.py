"""`office import`: site, fields, officers, counters, procedures and cases out of a folder; kiosks are told."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from protocol.codec import MalformedMessage
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.person import add_by
from sync_server.core.quarter import local_day
from sync_server.core.setup_draft import draft, newest_survey
from sync_server.keys import KeyTrouble, site_key
from sync_server.office_files import OfficeMistakes, read_folder
from sync_server.settings import Settings
from sync_server.store.cases import register_cases
from sync_server.store.changes import bump
from sync_server.store.database import CannotBeStored
from sync_server.store.office import save_office
from sync_server.store.orders import put_in_force, setups_in_force


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("office", help="tell the server about an office")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    read = actions.add_parser("import", help="read a folder with office.toml, procedures.csv and perhaps cases.csv")
    read.add_argument("folder", type=Path, help="the folder; deploy/sample_office shows what it holds")
    add_by(read)
    read.set_defaults(run=_import)


def _import(arguments: Namespace, settings: Settings) -> int:
    try:
        told = read_folder(arguments.folder, local_day(datetime.now(UTC)))
    except OfficeMistakes as error:
        raise CommandMistake("\n".join(["nothing was imported:", *error.mistakes])) from None
    office = told.office
    with opened(settings, making=True) as database:
        try:
            key = site_key(settings.folder, office.site)
        except KeyTrouble as error:
            raise CommandMistake(str(error)) from None
        try:
            with database.writing() as connection:
                save_office(connection, office, told.procedures)
                register_cases(connection, office.site, key, told.cases)
                setup = draft(office, newest_survey())
                made = put_in_force(connection, office.site, setup, arguments.by, datetime.now(UTC))
                in_force = made or setups_in_force(connection, [office.site])[office.site]
                bump(connection)
        except MalformedMessage as error:
            raise CommandMistake(f"nothing was imported: what kiosks would be told is {error}") from None
        except CannotBeStored:
            raise CommandMistake("nothing was imported: the office was changed meanwhile; try again") from None
    print(
        f"{office.site}: {len(office.fields)} fields, {len(office.officers)} officers, "
        f"{len(office.counters)} counters, {len(told.procedures)} procedures, {len(told.cases)} cases"
    )
    news = "stays in force: kiosks have nothing new to know" if made is None else "is in force; kiosks are told"
    print(f"setup revision {in_force.revision} {news}")
    return 0
