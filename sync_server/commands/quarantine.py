"""`quarantine …`: votes that were refused, and judging them anew."""

from argparse import Namespace
from datetime import UTC, datetime

from sync_server.commands import Commands, opened
from sync_server.commands.sites import check_for_an_office
from sync_server.core.quarter import VIETNAM
from sync_server.settings import Settings
from sync_server.store.refused_votes import refused_votes, retry_refused


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("quarantine", help="votes that were refused, and judging them anew")
    kinds = parser.add_subparsers(metavar="COMMAND", required=True)
    kinds.add_parser("list", help="name them: stream, number, when, why; never what was chosen").set_defaults(run=_list)
    retry = kinds.add_parser(
        "retry",
        help="count those that can be counted by now",
        description="Judges every refused vote anew, after an update of the server or of its clock, say. What can be"
        " counted is counted under its number; the rest stays.",
    )
    retry.set_defaults(run=_retry)


def _list(_arguments: Namespace, settings: Settings) -> int:
    found = 0
    with opened(settings) as database:
        check_for_an_office(database)
        with database.reading() as connection:
            for vote in refused_votes(connection):
                found += 1
                whose = f"{vote.address.site} {vote.address.kiosk}  {vote.stream[:8]} {vote.number}"
                print(f"{whose}  {vote.received_at.astimezone(VIETNAM):%Y-%m-%d}  {vote.reason}")
    print("no vote is refused" if not found else f"{found} refused")
    return 0


def _retry(_arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        check_for_an_office(database)
        with database.writing() as connection:
            counted, left = retry_refused(connection, datetime.now(UTC))
    print(f"{counted} counted by now, {left} still refused")
    return 0
