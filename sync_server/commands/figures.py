"""`figures`: what the page shows, for terminals, programs and spreadsheets."""

import sys
from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.core.figures import Office
from sync_server.core.quarter import Quarter, local_day
from sync_server.core.renderings import as_csv, as_json, as_text
from sync_server.settings import Settings
from sync_server.store.database import Database
from sync_server.store.figures import figures, offices


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("figures", help="print the figures of a quarter")
    parser.add_argument("quarter", nargs="?", type=_quarter, help="like 2026-Q4; without it, the current quarter")
    parser.add_argument("--site", help="whose figures; needed when there are several sites")
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text", help="text is the default")
    parser.set_defaults(run=_run)


def only_office(database: Database, site: str | None) -> Office:
    """Return the office of a site, or the only one there is; CommandMistake names the sites otherwise."""
    known = {office.site: office for office in offices(database)}
    if not known:
        raise CommandMistake("no office data yet; run: python -m sync_server office import FOLDER")
    if site is None and len(known) == 1:
        return next(iter(known.values()))
    if site is None:
        raise CommandMistake(f"there are several sites; say which with --site: {', '.join(known)}")
    if site not in known:
        raise CommandMistake(f"there is no site {site!r}; known sites: {', '.join(known)}")
    return known[site]


def _run(arguments: Namespace, settings: Settings) -> int:
    quarter: Quarter = arguments.quarter or Quarter.of(local_day(datetime.now(UTC)))
    with opened(settings) as database:
        counted = figures(database, only_office(database, arguments.site).site, quarter)
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
