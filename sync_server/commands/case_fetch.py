"""`cases fetch`: the case register from another program's server."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from protocol.settings_file import SettingsMistake
from sync_server.case_fetching import Fetched, fetch, read_feed, read_token
from sync_server.case_source import CaseSource, SourceTrouble
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.case_import import MOST_REASONS, ROWS_REFUSED, account
from sync_server.commands.progress import Progress
from sync_server.commands.sites import chosen_site
from sync_server.core.case_rows import CaseReader
from sync_server.core.names import counted
from sync_server.core.quarter import local_day
from sync_server.keys import KeyTrouble, site_key
from sync_server.settings import Settings
from sync_server.store.records import book


def add_fetch(actions: Commands) -> None:
    """Add the command."""
    parser = actions.add_parser(
        "fetch",
        help="ask another server for what is new; items that cannot be used are named, and make the exit code 1",
        description="Where the cases are, and what their fields mean, stands in a TOML file that the settings name"
        " under cases.feeds. A repeated fetch brings only what has changed, where that server can tell.",
    )
    parser.add_argument("--site", help="whose cases; needed when there are several sites")
    parser.add_argument("--feed", type=Path, metavar="FILE", help="TOML file; instead of that of the settings")
    parser.add_argument("--all", action="store_true", help="everything there is, not only what has changed")
    parser.set_defaults(run=_fetch)


def _fetch(arguments: Namespace, settings: Settings) -> int:
    progress, fetched, now = Progress(), Fetched(), datetime.now(UTC)
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        named = arguments.feed or settings.cases.feeds.get(site)
        if named is None:
            raise CommandMistake(f"{site}: no feed is known: name its file as cases.feeds or with --feed")
        try:
            feed = read_feed(Path(named))
            source = CaseSource(feed, read_token(feed))
            key = site_key(settings.folder, site)
            with database.reading() as connection:
                known = book(connection, site)
            reader = CaseReader(local_day(now), feed, known.procedures.keys, known.officers.keys)
            fetch(
                database,
                site,
                key,
                source,
                reader,
                feed,
                fetched=fetched,
                refuse=lambda reason: _name(reason, fetched.refused),
                everything=arguments.all,
                told=lambda done: progress("cases", done),
            )
        except (KeyTrouble, SettingsMistake) as error:
            raise CommandMistake(str(error)) from None
        except SourceTrouble as error:
            before = "" if not fetched.pages else f"\nbefore that: {account(fetched.done, fetched.refused)}"
            raise CommandMistake(f"{error}{before}") from None
    unchanged = f", {fetched.unchanged:,} of them unchanged" if fetched.unchanged else ""
    print(f"{site}: {counted(fetched.pages, 'page')}{unchanged}; {account(fetched.done, fetched.refused)}")
    return ROWS_REFUSED if fetched.refused else 0


def _name(reason: str, number: int) -> None:
    if number <= MOST_REASONS:
        print(reason, file=sys.stderr)
    elif number == MOST_REASONS + 1:
        print(f"… and others: only the first {MOST_REASONS:,} are named", file=sys.stderr)
