"""`cases import`: the case register, from a file."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from protocol.tokens import case_token
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.figures import only_office
from sync_server.core.quarter import local_day
from sync_server.keys import site_key
from sync_server.office_files import Case, OfficeMistake, RefusedLine, read_cases
from sync_server.settings import Settings
from sync_server.store.cases import RegisteredCase, register_cases
from sync_server.store.office import officer_keys, procedure_codes

MOST_TOLD = 20


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("cases", help="the register of received cases")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    read = actions.add_parser("import", help="read a CSV file: case_code, procedure, officer, received")
    read.add_argument("file", type=Path, help="UTF-8, comma-separated, with a heading line")
    read.add_argument("--site", help="whose cases; needed when there are several sites")
    read.set_defaults(run=_import)


def _import(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = only_office(database, arguments.site).site
        with database.writing() as connection:
            try:
                found, refused = read_cases(
                    arguments.file,
                    procedure_codes(connection, site),
                    officer_keys(connection, site),
                    local_day(datetime.now(UTC)),
                )
            except OfficeMistake as mistake:
                raise CommandMistake(str(mistake)) from None
            learned = register_cases(connection, site, tokenised(found, settings, site))
    tell_refused(arguments.file, refused)
    print(f"{len(found)} cases registered, {len(refused)} lines refused; {learned} cases had been rated before")
    return 1 if refused else 0


def tokenised(found: list[Case], settings: Settings, site: str) -> list[RegisteredCase]:
    """Replace the codes of cases by their tokens."""
    key = site_key(settings.folder, site)
    return [RegisteredCase(case_token(key, case.code), case.procedure, case.officer, case.received) for case in found]


def tell_refused(file: Path, refused: list[RefusedLine]) -> None:
    """Say which lines of a file were refused and why; of many, the first."""
    for entry in refused[:MOST_TOLD]:
        print(f"{file}: line {entry.line}: {entry.reason}", file=sys.stderr)
    if len(refused) > MOST_TOLD:
        print(f"{file}: and {len(refused) - MOST_TOLD} more", file=sys.stderr)
