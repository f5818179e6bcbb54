"""`clock …`: what the server's own clock is believed to be."""

from argparse import Namespace
from datetime import UTC, datetime

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.core.clock import EARLIEST_NOW
from sync_server.settings import Settings
from sync_server.store.clock import trust_clock


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("clock", help="the server's own clock, by which every vote is dated")
    kinds = parser.add_subparsers(metavar="COMMAND", required=True)
    trust = kinds.add_parser(
        "trust",
        help="say that the clock is right now, although something was received later",
        description="The server takes nothing while its clock stands before what it has received. When the clock was"
        " wrong then and is right now, this command says so.",
    )
    trust.set_defaults(run=_trust)


def _trust(_arguments: Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    if now < EARLIEST_NOW:
        raise CommandMistake(f"the clock stands at {now:%Y-%m-%d %H:%M} UTC, which cannot be right: set it first")
    with opened(settings) as database, database.writing() as connection:
        streams = trust_clock(connection, now)
    print(f"the clock is right: {now:%Y-%m-%d %H:%M} UTC; {streams} streams seemed to be heard later")
    return 0
