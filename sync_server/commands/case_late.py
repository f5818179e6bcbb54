"""`cases late`: which cases wait beyond the day they were promised for, or are about to."""

from argparse import Namespace
from datetime import UTC, date, datetime

from sync_server.commands import Commands, opened, times
from sync_server.commands.printing import print_text
from sync_server.commands.sites import chosen_site
from sync_server.core.figures.apologies import apologies_due
from sync_server.core.figures.apologies_renderings import apologies_as_json, apologies_as_text
from sync_server.core.figures.period_names import names_of
from sync_server.core.quarter import local_day
from sync_server.settings import Settings
from sync_server.store.case_cells import cases_waiting
from sync_server.store.records import book


def add_late(actions: Commands) -> None:
    """Add the command."""
    parser = actions.add_parser(
        "late",
        help="list the cases without result whose day has passed, is today or is tomorrow",
        description="An apology with another day goes out one day before at the latest (NĐ 61/2018/NĐ-CP, Điều 19"
        " khoản 9). Cases are told by procedure, officer and days: their codes are not kept.",
    )
    parser.add_argument("--site", help="whose cases; needed when there are several sites")
    parser.add_argument(
        "--on", type=times.day, metavar="DAY", help="as it stands on that day, like 2026-11-20 (default: today)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is the default")
    parser.set_defaults(run=_late)


def _late(arguments: Namespace, settings: Settings) -> int:
    today: date = arguments.on or local_day(datetime.now(UTC))
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        with database.reading() as connection:
            said = book(connection, site)
            found = apologies_due(cases_waiting(connection, said, today), today)
    render = apologies_as_json if arguments.format == "json" else apologies_as_text
    print_text(render(found, names_of(said, today), today))
    return 0
