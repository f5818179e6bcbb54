"""`paper`: votes on paper, forms and slips of the suggestion box, in batches."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, date, datetime

from sync_server.commands import CommandMistake, Commands, opened, paper_entry, times
from sync_server.commands.person import add_by, tidy_text
from sync_server.commands.sites import chosen_site
from sync_server.core.channels import ON_PAPER, Channel
from sync_server.core.names import counted
from sync_server.core.paper import Batch
from sync_server.core.paper_opening import NotToBeOpened, survey_asked
from sync_server.core.quarter import local_day
from sync_server.core.rules import Period
from sync_server.core.spans import Span
from sync_server.settings import Settings
from sync_server.store.database import CannotBeStored
from sync_server.store.paper import (
    Contents,
    Deed,
    KeptBatch,
    PaperTrouble,
    close_batch,
    contents,
    kept_batch,
    kept_batches,
    open_batch,
    withdraw_batch,
)
from sync_server.store.records import book


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser(
        "paper",
        help="votes on paper: forms, and slips of the suggestion box",
        description="Forms are entered in batches, from files. A batch counts from when it is closed until it is"
        " withdrawn; nothing of it is ever changed or deleted.",
    )
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    begin = actions.add_parser("open", help="open a batch for forms of some days")
    _add_batch(begin)
    begin.add_argument(
        "--from", dest="first", type=times.day, required=True, metavar="DAY", help="the first day that forms are of"
    )
    begin.add_argument("--until", dest="last", type=times.day, metavar="DAY", help="the last one (default: the same)")
    begin.add_argument("--channel", choices=ON_PAPER, default=Channel.PAPER, help="forms (paper), or slips (box)")
    begin.add_argument("--issued", type=int, metavar="N", help="how many forms were handed out, where that is known")
    begin.add_argument("--survey", type=int, metavar="N", help="the revision asked (default: that of the days)")
    begin.add_argument("--note", type=tidy_text, help="anything worth knowing of it")
    add_by(begin)
    begin.set_defaults(run=_open)
    paper_entry.add_to(actions, _add_batch)
    close = actions.add_parser("close", help="end a batch; from now on its votes count")
    _add_batch(close)
    close.add_argument("--forms", type=int, metavar="N", help="how many forms lie on the table; they must be as many")
    add_by(close)
    close.set_defaults(run=_close)
    withdraw = actions.add_parser("withdraw", help="have a batch count no more; it is kept")
    _add_batch(withdraw)
    withdraw.add_argument("--because", type=tidy_text, required=True, metavar="TEXT", help="why, for the record")
    add_by(withdraw)
    withdraw.set_defaults(run=_withdraw)
    listed = actions.add_parser("list", help="the batches, and how each of them stands")
    listed.add_argument("--site", help="whose; needed when there are several sites")
    listed.set_defaults(run=_list)


def _add_batch(parser: ArgumentParser) -> None:
    parser.add_argument("batch", metavar="BATCH", help="its name, like 2026-11-a: letters a-z, digits and hyphens")
    parser.add_argument("--site", help="whose; needed when there are several sites")


def _open(arguments: Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    first: date = arguments.first
    last: date = arguments.last or first
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        with database.reading() as connection:
            known = book(connection, site)
        try:
            survey = survey_asked(known, first, last, local_day(now), arguments.survey)
            batch = Batch(arguments.batch, Channel(arguments.channel), first, last, survey, arguments.issued)
            with database.writing() as connection:
                is_new = open_batch(connection, site, batch, arguments.note, Deed(now, arguments.by))
        except NotToBeOpened as error:
            raise CommandMistake(f"--{error}") from None
        except (ValueError, PaperTrouble) as error:
            raise CommandMistake(str(error)) from None
        except CannotBeStored:
            raise CommandMistake("another one was opened under this name meanwhile; see: paper list") from None
    print(f"{batch.batch}: {'open' if is_new else 'was opened already'}, survey {survey}, {_days(batch)}")
    period = known.rules_on(last).period
    if _quarter(first, period) != _quarter(last, period):
        print("its days lie in more than one quarter: forms without a day of their own are counted in neither")
    return 0


def _close(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        deed = Deed(datetime.now(UTC), arguments.by)
        try:
            with database.writing() as connection:
                kept = kept_batch(connection, site, arguments.batch, to_change=True)
                held = close_batch(connection, kept, arguments.forms, deed)
        except PaperTrouble as error:
            raise CommandMistake(str(error)) from None
    state = "closed" if kept.closed is None else "was closed already"
    print(f"{kept.batch.batch}: {state}; {_counts(kept, held)}")
    if kept.batch.issued is not None and held.forms > kept.batch.issued:
        print("more forms were returned than issued: whoever signs the figures has to know why")
    return 0


def _withdraw(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        deed = Deed(datetime.now(UTC), arguments.by, arguments.because)
        try:
            with database.writing() as connection:
                kept = kept_batch(connection, site, arguments.batch, to_change=True)
                is_new = withdraw_batch(connection, kept, deed)
        except PaperTrouble as error:
            raise CommandMistake(str(error)) from None
    print(f"{kept.batch.batch}: {'withdrawn' if is_new else 'was withdrawn already'}; its votes do not count")
    return 0


def _list(arguments: Namespace, settings: Settings) -> int:
    found = 0
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        with database.reading() as connection:
            for kept in kept_batches(connection, site):
                found += 1
                held = contents(connection, kept)
                print(f"{kept.batch.batch}: {kept.batch.channel}, {_days(kept.batch)}, {_counts(kept, held)}")
                print(f"  {_standing(kept, held)}")
                if kept.note is not None:
                    print(f"  {kept.note}")
    if not found:
        print(f"there is no batch at {site} yet; 'paper open' opens one")
    return 0


def _counts(kept: KeptBatch, held: Contents) -> str:
    issued = "" if kept.batch.issued is None else f" of {kept.batch.issued:,} issued"
    return f"{counted(held.forms, 'form')}{issued}, {counted(held.votes, 'vote')}"


def _standing(kept: KeptBatch, held: Contents) -> str:
    if kept.withdrawn is not None:
        return f"{_done('withdrawn', kept.withdrawn)}: {kept.withdrawn.because}"
    if kept.closed is not None:
        return _done("closed", kept.closed)
    again = ""
    if held.again:
        again = f"; {counted(held.again, 'line')} entered again, {held.undecided:,} to be decided"
    return f"open since {local_day(kept.opened.at):%d/%m/%Y}, by {kept.opened.by}{again}"


def _done(what: str, deed: Deed) -> str:
    return f"{what} on {local_day(deed.at):%d/%m/%Y} by {deed.by}"


def _days(batch: Batch) -> str:
    first = f"{batch.first:%d/%m/%Y}"
    return first if batch.first == batch.last else f"{first} – {batch.last:%d/%m/%Y}"


def _quarter(day: date, period: Period) -> Span:
    return Span.quarter_of(day, period)
