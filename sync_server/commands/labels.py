"""`labels …`: what votes are labelled as, by kiosks and by rules, and what a person decides about it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime, timedelta

from sync_server.commands import CommandMistake, Commands, opened, times
from sync_server.commands.person import tidy_text
from sync_server.commands.progress import Progress
from sync_server.commands.sites import chosen_site
from sync_server.core.columns import aligned
from sync_server.core.dated import ALWAYS
from sync_server.core.labelling.names import ALL_LABELS
from sync_server.core.names import counted
from sync_server.core.quarter import local_day
from sync_server.core.rules import Period
from sync_server.core.spans import Span
from sync_server.settings import Settings
from sync_server.store.labelling import CONFIRMED, LIFTED, judge
from sync_server.store.records import book
from sync_server.store.reviews import (
    SHOWN,
    Decision,
    LabelsThere,
    SeveralVotes,
    Which,
    decide,
    labels_there,
)
from sync_server.store.unjudged import mark_days_since, unjudged

_HEADING = ["day", "kiosk", "label", "given by", "votes", "reviewed"]


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("labels", help="what votes are labelled as, and what a person decides about it")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    shown = actions.add_parser("list", help="print the labels of a time, by day and kiosk; never what was chosen")
    shown.add_argument("--time", type=times.span, metavar="TIME", help="like 2026-Q4, 2026-11 (default: this quarter)")
    shown.add_argument("--label", choices=ALL_LABELS, metavar="LABEL", help="only this one: " + ", ".join(ALL_LABELS))
    shown.add_argument("--unreviewed", action="store_true", help="only what nobody has decided on")
    shown.add_argument("--votes", action="store_true", help="vote by vote, with their ids")
    shown.set_defaults(run=_list)
    for name, decision, what in (
        ("confirm", CONFIRMED, "put on record that a label is right; it stays, whatever the rules say later"),
        ("lift", LIFTED, "put on record that a label does not hold; it counts in no figure any more"),
    ):
        parser = actions.add_parser(name, help=what, description=what[0].upper() + what[1:] + ".")
        _add_which(parser)
        parser.set_defaults(run=_decide, decision=decision)
    runs = actions.add_parser(
        "run",
        help="have the rules label votes now; 'serve' does it by itself once a day's votes have been quiet",
        description="Judging again gives the same labels. What does not apply any more is withdrawn, unless confirmed.",
    )
    runs.add_argument("--anew", action="store_true", help="every day, not only those of which something has come")
    runs.set_defaults(run=_run)
    for each in actions.choices.values():
        each.add_argument("--site", help="which office; needed when there are several")


def _add_which(parser: ArgumentParser) -> None:
    parser.add_argument("label", choices=ALL_LABELS, metavar="LABEL", help=", ".join(ALL_LABELS))
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument(
        "--vote",
        action="append",
        type=_beginning,
        default=[],
        metavar="ID",
        help="the first characters of a vote's id, as 'labels list --votes' names it; repeatable",
    )
    whose.add_argument(
        "--day", type=times.day, metavar="DAY", help="every vote of a day that carries it, like 2026-11-20"
    )
    parser.add_argument("--kiosk", help="with --day: of this kiosk only")
    parser.add_argument("--by", type=tidy_text, required=True, metavar="NAME", help="who decides that")
    parser.add_argument(
        "--because", type=tidy_text, required=True, metavar="TEXT", help="why, in words that stand in the record"
    )


def _list(arguments: Namespace, settings: Settings) -> int:
    span: Span = arguments.time or Span.quarter_of(local_day(datetime.now(UTC)))
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        with database.reading() as connection:
            first, last = span.days(book(connection, site).rules_on(span.days(Period.CALENDAR)[1]).period)
            rows = [
                _row(there)
                for there in labels_there(
                    connection,
                    site,
                    first,
                    last,
                    label=arguments.label,
                    unreviewed=arguments.unreviewed,
                    each=arguments.votes,
                )
            ]
    print(f"{site}, {first} to {last}")
    heading = [*_HEADING, "vote"] if arguments.votes else _HEADING
    print("\n".join(aligned([heading, *rows])) if rows else "no such labels")
    return 0


def _row(there: LabelsThere) -> list[str]:
    row = [f"{there.day}", there.kiosk, there.label, there.given_by, f"{there.votes:,}", there.decision or "no"]
    return row if there.vote_id is None else [*row, there.vote_id[:SHOWN]]


def _decide(arguments: Namespace, settings: Settings) -> int:
    if arguments.kiosk is not None and arguments.day is None:
        raise CommandMistake("--kiosk goes with --day; a vote's id says which kiosk it is of")
    decision = Decision(arguments.decision, arguments.by, arguments.because)
    with opened(settings) as database:
        which = Which(
            chosen_site(database, arguments.site), arguments.label, arguments.vote, arguments.day, arguments.kiosk
        )
        try:
            with database.writing() as connection:
                done = decide(connection, which, decision, datetime.now(UTC))
        except SeveralVotes as error:
            raise CommandMistake(f"several votes begin with {error}; give more characters") from None
    if not done:
        raise CommandMistake(f"no such vote carries {which.label!r}; 'labels list --votes' names those that do")
    print(f"{which.label} of {counted(done, 'vote')} {decision.decision}; that stays on record")
    return 0


def _run(arguments: Namespace, settings: Settings) -> int:
    progress = Progress()
    days = given = withdrawn = 0
    now = datetime.now(UTC)
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        if arguments.anew:
            with database.writing() as connection:
                mark_days_since(connection, site, ALWAYS)
        # A mark of this very hour is as old as its beginning; one by a clock that is ahead is taken too.
        ahead = timedelta(days=1)
        with database.reading() as connection:
            waiting = len(unjudged(connection, now + ahead, site))
        for done in judge(database, now, -ahead, site):
            days, given, withdrawn = days + 1, given + done.given, withdrawn + done.withdrawn
            progress("days", days, waiting)
    print(f"{counted(days, 'day')} looked at: {counted(given, 'label')} given, {withdrawn:,} withdrawn")
    return 0


def _beginning(text: str) -> str:
    if not 4 <= len(text) <= 32 or not set(text) <= set("0123456789abcdef"):
        raise ArgumentTypeError("expected 4 to 32 of the digits 0-9 and a-f")
    return text
