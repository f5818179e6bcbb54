"""`audit list`: who did what, when and why."""

from argparse import Namespace
from datetime import UTC, date, datetime, time

from sync_server.commands import Commands, opened, times
from sync_server.core.names import printable
from sync_server.core.quarter import VIETNAM
from sync_server.settings import Settings
from sync_server.store.audit import deeds


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("audit", help="who decided what, when and why")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    shown = actions.add_parser("list", help="print what stands on record, the oldest first")
    shown.add_argument("--site", help="one site (default: all)")
    shown.add_argument("--since", type=times.day, metavar="DAY", help="from this day on, like 2026-11-20")
    shown.set_defaults(run=_list)


def _list(arguments: Namespace, settings: Settings) -> int:
    day: date | None = arguments.since
    since = None if day is None else datetime.combine(day, time(), VIETNAM).astimezone(UTC)
    with opened(settings) as database, database.reading() as connection:
        for at, deed in deeds(connection, site=arguments.site, since=since):
            where = "" if deed.site is None else f"  {deed.site}"
            words = (deed.by, f"{deed.action}: {deed.subject}", deed.because)
            print(f"{at.astimezone(VIETNAM):%Y-%m-%d %H:%M}{where}  " + "  ".join(map(printable, words)))
    return 0
