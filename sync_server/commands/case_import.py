"""`cases import`: the case register out of a file, CSV or XLSX."""

import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from protocol.settings_file import SettingsMistake, read_settings
from sync_server.case_files import read_cases
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.progress import Progress
from sync_server.commands.sites import chosen_site
from sync_server.core.case_mapping import LONGEST_WORD, CaseMapping
from sync_server.core.case_rows import CaseReader
from sync_server.core.cases import COLUMNS, Case
from sync_server.core.names import counted
from sync_server.core.quarter import local_day
from sync_server.csv_files import UnreadableFile
from sync_server.keys import KeyTrouble, site_key
from sync_server.settings import Settings
from sync_server.store.case_sources import file_mapping, keep_file_mapping
from sync_server.store.cases import Registered, register_cases
from sync_server.store.database import Database
from sync_server.store.records import book

ROWS_REFUSED = 1
MOST_REASONS = 1000  # lines; a file of nothing but mistakes has one cause, and the first lines tell it
A_LOT = 2000  # cases of one transaction: kiosks' votes wait no longer than that takes


def add_import(actions: Commands) -> None:
    """Add the command."""
    read = actions.add_parser(
        "import",
        help="read a CSV or XLSX file; rows that cannot be used are named, and make the exit code 1",
        description="Reading the same file again changes nothing. How the columns are called is given once and"
        " remembered for the site.",
    )
    read.add_argument(
        "file",
        type=Path,
        help=f"with a heading line and the columns {', '.join(COLUMNS)}; the last three may be missing",
    )
    read.add_argument("--site", help="whose cases; needed when there are several sites")
    read.add_argument(
        "--map",
        action="append",
        default=[],
        type=_mapped,
        metavar="COLUMN=HEADING",
        help='how the file calls a column, like case_code="Mã hồ sơ"; may be given several times',
    )
    read.add_argument("--mapping", type=Path, metavar="FILE", help="TOML file with all of that, and words for keys")
    read.add_argument("--sheet", help="which sheet of an XLSX file (default: the first)")
    read.set_defaults(run=_import)


def _import(arguments: Namespace, settings: Settings) -> int:
    progress = Progress()
    now = datetime.now(UTC)
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        with database.reading() as connection:
            known, kept = book(connection, site), file_mapping(connection, site)
        try:
            key = site_key(settings.folder, site)
            mapping = _mapping(arguments, kept)
            reader = CaseReader(local_day(now), mapping, known.procedures.keys, known.officers.keys)
            read = read_cases(arguments.file, reader, arguments.sheet, lambda line: progress("lines", line))
        except (KeyTrouble, UnreadableFile, SettingsMistake) as error:
            raise CommandMistake(str(error)) from None
        if mapping != kept:
            with database.writing() as connection:
                keep_file_mapping(connection, site, mapping, now)
        done = store(database, site, key, read.cases, progress)
    name_refused(f"{arguments.file}: {row}" for row in read.refused)
    print(f"{site}: {account(done, len(read.refused))}")
    return ROWS_REFUSED if read.refused else 0


def store(database: Database, site: str, key: bytes, cases: Sequence[Case], progress: Progress) -> Registered:
    """Register cases, some thousands in a transaction; who is interrupted begins again and loses nothing."""
    done = Registered()
    for first, lot in _lots(cases):
        with database.writing() as connection:
            done += register_cases(connection, site, key, lot, datetime.now(UTC))
        progress("cases", first + len(lot), len(cases))
    return done


def account(done: Registered, refused: int) -> str:
    """Return what became of rows, and of votes cast before, in one line."""
    return (
        f"{counted(done.new, 'case')} new, {done.changed:,} changed, {done.unchanged:,} unchanged;"
        f" {counted(refused, 'row')} refused; {counted(done.votes, 'earlier vote')} assigned"
    )


def name_refused(reasons: Iterable[str]) -> None:
    """Write to standard error why rows were refused, not without end."""
    for number, reason in enumerate(reasons):
        if number == MOST_REASONS:
            print(f"… and others: only the first {MOST_REASONS:,} are named", file=sys.stderr)
            return
        print(reason, file=sys.stderr)


def _lots(cases: Sequence[Case]) -> Iterator[tuple[int, Sequence[Case]]]:
    for first in range(0, len(cases), A_LOT):
        yield first, cases[first : first + A_LOT]


def _mapping(arguments: Namespace, kept: CaseMapping) -> CaseMapping:
    base = kept if arguments.mapping is None else read_settings(arguments.mapping, CaseMapping)
    return base.with_columns(dict(arguments.map))


def _mapped(text: str) -> tuple[str, str]:
    column, sign, heading = text.partition("=")
    if column not in COLUMNS or not sign or not 1 <= len(heading.strip()) <= LONGEST_WORD:
        raise ArgumentTypeError(f"expected one of {', '.join(COLUMNS)}, an equals sign and a heading")
    return column, heading.strip()
