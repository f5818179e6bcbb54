"""`paper heading`, `enter` and `decide`: what stands on the forms of a batch."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.person import add_by, tidy_text
from sync_server.commands.sites import chosen_site
from sync_server.core.names import counted
from sync_server.core.paper import FIRST_ENTRY, HIGHEST_NUMBER, SECOND_ENTRY
from sync_server.core.paper_csv import Reader
from sync_server.core.quarter import local_day
from sync_server.paper_files import PaperFileMistake, read_paper
from sync_server.settings import Settings
from sync_server.store.database import Database
from sync_server.store.paper import Deed, PaperTrouble, kept_batch
from sync_server.store.paper_entry import decide, enter, twins
from sync_server.store.paper_lines import undecided
from sync_server.store.records import book

DIFFER = 1
ENTRIES = {"first": FIRST_ENTRY, "second": SECOND_ENTRY}


def add_to(actions: Commands, add_batch: Callable[[ArgumentParser], None]) -> None:
    """Add the commands."""
    heading = actions.add_parser("heading", help="print the first line of a file for this batch")
    add_batch(heading)
    _add_tally(heading)
    heading.set_defaults(run=_heading)
    read = actions.add_parser(
        "enter",
        help="read a CSV file with a line for each form; all of it, or nothing if anything is wrong",
        description="Entering the same again changes nothing. With --again the forms are entered a second time, by"
        " somebody else say, and both entries are compared: exit code 1 when they differ.",
    )
    add_batch(read)
    read.add_argument("file", type=Path, metavar="FILE", help="as 'paper heading' begins it")
    _add_tally(read)
    read.add_argument("--again", action="store_true", help="a second time, to be compared with the first")
    add_by(read)
    read.set_defaults(run=_enter)
    choose = actions.add_parser("decide", help="say which entry of a form counts, where the two differ")
    add_batch(choose)
    choose.add_argument("form", type=_number, metavar="FORM", help="its number")
    choose.add_argument("--take", choices=tuple(ENTRIES), required=True, help="the entry that is right")
    choose.add_argument("--because", type=tidy_text, required=True, metavar="TEXT", help="why, for the record")
    add_by(choose)
    choose.set_defaults(run=_decide)


def _add_tally(parser: ArgumentParser) -> None:
    parser.add_argument("--tally", action="store_true", help="each line counts several forms by level")


def _heading(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        reader = _reader(database, site, arguments)
    print(",".join(reader.heading))
    return 0


def _enter(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        reader = _reader(database, site, arguments)
        try:
            lines = read_paper(arguments.file, reader)
            with database.writing() as connection:
                kept = kept_batch(connection, site, arguments.batch, to_change=True)
                deed = Deed(datetime.now(UTC), arguments.by)
                new = enter(connection, kept, lines, deed, again=arguments.again)
                left = undecided(connection, site, arguments.batch) if kept.is_open else ()
                alike = twins(connection, kept) if new else []
        except (PaperFileMistake, PaperTrouble) as error:
            raise CommandMistake(str(error)) from None
    print(f"{arguments.batch}: {counted(new, 'line')} entered, {len(lines) - new:,} there already")
    for name in alike:
        print(f"exactly the same forms stand in {name}: if it is the same stack, withdraw one of the two")
    for difference in left:
        print(f"form {difference}")
    if left:
        print(f"the two entries of {counted(len(left), 'form')} differ: look at the paper, then 'paper decide'")
    return DIFFER if left else 0


def _decide(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        deed = Deed(datetime.now(UTC), arguments.by, arguments.because)
        try:
            with database.writing() as connection:
                kept = kept_batch(connection, site, arguments.batch, to_change=True)
                decide(connection, kept, arguments.form, ENTRIES[arguments.take], deed)
                left = undecided(connection, site, arguments.batch)
        except PaperTrouble as error:
            raise CommandMistake(str(error)) from None
    print(f"{arguments.batch}: of form {arguments.form} the {arguments.take} entry counts; {len(left):,} to be decided")
    return 0


def _reader(database: Database, site: str, arguments: Namespace) -> Reader:
    with database.reading() as connection:
        known = book(connection, site)
        try:
            batch = kept_batch(connection, site, arguments.batch).batch
        except PaperTrouble as error:
            raise CommandMistake(str(error)) from None
    today = local_day(datetime.now(UTC))
    return Reader(batch, known.all_surveys[batch.survey], known, today, arguments.tally)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= HIGHEST_NUMBER):
        raise ArgumentTypeError(f"expected the number of a form, from 1 to {HIGHEST_NUMBER}")
    return int(text)
