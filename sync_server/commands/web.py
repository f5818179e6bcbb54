"""`python -m sync_server web`: the pages only."""

import argparse

from sync_server.commands import Commands, opened
from sync_server.commands.running import page_socket, show_pages, until_stopped
from sync_server.settings import Settings


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "web",
        help="show the pages only, until stopped",
        description="Shows the pages and takes no votes in. Several of it may run on one database.",
    )
    parser.set_defaults(run=_run)


def _run(_arguments: argparse.Namespace, settings: Settings) -> int:
    with opened(settings, making=True) as database, page_socket(settings) as listener, until_stopped():
        show_pages(database, settings, listener)
    return 0
