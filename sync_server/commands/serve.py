"""`python -m sync_server serve`: taking votes in and showing the pages, all in one process."""

import argparse

from sync_server.commands import Commands, opened
from sync_server.commands.running import page_socket, show_pages, taking_in, until_stopped
from sync_server.settings import Settings


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="take votes in and show the pages, until stopped (the default)")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGINT or SIGTERM."""
    with (
        opened(settings, making=True) as database,
        page_socket(settings) as listener,
        until_stopped(),
        taking_in(database, settings),
    ):
        show_pages(database, settings, listener)
    return 0
