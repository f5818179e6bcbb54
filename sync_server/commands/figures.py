"""`figures`: what the page shows, for terminals, programs and spreadsheets."""

import sys
from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime

from sync_server.commands import Commands, opened
from sync_server.commands.sites import chosen_site
from sync_server.core.quarter import Quarter, local_day
from sync_server.core.renderings import as_csv, as_json, as_text
from sync_server.settings import Settings
from sync_server.store.figures import figures


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("figures", help="print the figures of a quarter")
    parser.add_argument("quarter", nargs="?", type=_quarter, help="like 2026-Q4; without it, the current quarter")
    parser.add_argument("--site", help="whose figures; needed when there are several sites")
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text", help="text is the default")
    parser.set_defaults(run=_run)


def _run(arguments: Namespace, settings: Settings) -> int:
    quarter: Quarter = arguments.quarter or Quarter.of(local_day(datetime.now(UTC)))
    with opened(settings) as database:
        counted = figures(database, chosen_site(database, arguments.site), quarter)
    match arguments.format:
        case "csv":
            text = "\N{ZERO WIDTH NO-BREAK SPACE}" + as_csv(counted)
        case "json":
            text = as_json(counted)
        case _:
            text = as_text(counted)
    # A terminal set to another encoding would refuse Vietnamese letters, or turn a file's into something else.
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
    return 0


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
