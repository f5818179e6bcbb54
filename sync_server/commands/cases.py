"""`cases import`: the case register, so that a scanned case leads to its procedure and officer."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.sites import chosen_site
from sync_server.core.quarter import local_day
from sync_server.csv_files import UnreadableFile
from sync_server.keys import KeyTrouble, site_key
from sync_server.office_files import read_cases
from sync_server.settings import Settings
from sync_server.store.cases import register_cases
from sync_server.store.records import book

ROWS_REFUSED = 1


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("cases", help="tell the server about received cases")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    read = actions.add_parser(
        "import", help="read a CSV file; rows that cannot be used are named, and make the exit code 1"
    )
    read.add_argument("file", type=Path, help="with the columns case_code, procedure, officer and received")
    read.add_argument("--site", help="whose cases; needed when there are several sites")
    read.set_defaults(run=_import)


def _import(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        try:
            key = site_key(settings.folder, site)
            with database.reading() as connection:
                known = book(connection, site)
            today = local_day(datetime.now(UTC))
            cases, refused = read_cases(arguments.file, today, known.procedures.keys, known.officers.keys)
            with database.writing() as connection:
                told = register_cases(connection, site, key, cases, datetime.now(UTC))
        except (KeyTrouble, UnreadableFile) as error:
            raise CommandMistake(str(error)) from None
    for row in refused:
        print(f"{arguments.file}: {row}", file=sys.stderr)
    print(f"{site}: {len(cases)} cases taken in, {len(refused)} rows refused, {told} earlier votes assigned")
    return ROWS_REFUSED if refused else 0
