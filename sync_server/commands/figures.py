"""`figures`: what the page shows, or what a sheet of counts comes to, for terminals, programs and spreadsheets."""

from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime
from pathlib import Path

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.printing import print_text
from sync_server.commands.sites import chosen_site
from sync_server.core.figures.checks import mismatches
from sync_server.core.figures.sheet_renderings import sheet_as_csv, sheet_as_json, sheet_as_text
from sync_server.core.quarter import Quarter, local_day
from sync_server.core.renderings import as_csv, as_json, as_text
from sync_server.settings import Settings
from sync_server.sheet_files import SheetFileMistake, read_sheet
from sync_server.store.figures import figures

NEEDS_A_PERSON = 1
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # by which spreadsheets know UTF-8


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "figures",
        help="print the figures of a quarter",
        description="Prints the figures of a quarter. With --from-counts, those of a sheet of counts instead: every"
        " percentage in each way of rounding, with its interval, and what does not fit together, which makes the"
        " exit code 1. docs/figures.md says what the sheet holds.",
    )
    parser.add_argument("quarter", nargs="?", type=_quarter, help="like 2026-Q4; without it, the current quarter")
    parser.add_argument("--site", help="whose figures; needed when there are several sites")
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text", help="text is the default")
    parser.add_argument(
        "--from-counts", type=Path, metavar="FILE", help="a sheet of counts (.toml, .json or .csv) instead of the votes"
    )
    parser.set_defaults(run=_run)


def _run(arguments: Namespace, settings: Settings) -> int:
    if arguments.from_counts is not None:
        return _from_counts(arguments)
    quarter: Quarter = arguments.quarter or Quarter.of(local_day(datetime.now(UTC)))
    with opened(settings) as database:
        counted = figures(database, chosen_site(database, arguments.site), quarter)
    match arguments.format:
        case "csv":
            text = _MARK + as_csv(counted)
        case "json":
            text = as_json(counted)
        case _:
            text = as_text(counted)
    print_text(text)
    return 0


def _from_counts(arguments: Namespace) -> int:
    if arguments.quarter is not None or arguments.site is not None:
        raise CommandMistake("--from-counts: a sheet of counts has no quarter and no site; leave them out")
    try:
        sheet = read_sheet(arguments.from_counts)
    except SheetFileMistake as error:
        raise CommandMistake(str(error)) from None
    match arguments.format:
        case "csv":
            text = _MARK + sheet_as_csv(sheet)
        case "json":
            text = sheet_as_json(sheet)
        case _:
            text = sheet_as_text(sheet)
    print_text(text)
    return NEEDS_A_PERSON if any(mismatches(sheet)) else 0


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
