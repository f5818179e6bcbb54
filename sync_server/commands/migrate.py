"""`python -m sync_server migrate`: the tables, brought up to what this version works with."""

import argparse

from sync_server.commands import Commands, opened
from sync_server.settings import Settings
from sync_server.store.revisions import newest


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "migrate",
        help="bring the tables up to date",
        description="Bring the tables up to what this version works with. Every command that needs them does so by"
        " itself; this one is for doing it at a time of one's choice, after a backup.",
    )
    parser.add_argument("--check", action="store_true", help="only say what there is to do: exit code 1 if anything")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Migrate, or say whether there is need to."""
    with opened(settings, making=not arguments.check, migrate=False) as database:
        before = database.revision() if arguments.check else database.migrate()
    if before == newest():
        print(f"the tables are up to date (revision {before})")
        return 0
    found = "there are no tables yet" if before is None else f"the tables are of revision {before}"
    if arguments.check:
        print(f"{found}, this version works with revision {newest()}: run python -m sync_server migrate")
        return 1
    print(f"made the tables of revision {newest()}" if before is None else f"revision {before} -> {newest()}")
    return 0
