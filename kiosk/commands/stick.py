"""`export` and `receipts`: votes and receipts on a USB stick, where no network ever comes."""

import argparse
from argparse import Namespace
from pathlib import Path

from kiosk.commands import Commands
from kiosk.settings import Settings


def add_to(commands: Commands) -> None:
    """Add the commands."""
    export = commands.add_parser(
        "export",
        help="write the votes that wait onto a USB stick",
        description="Takes the server's receipts from the stick, then writes every vote that waits, sealed so that"
        " only the server can read it. The votes stay here until their receipt comes back. The kiosk may go on"
        " running meanwhile.",
    )
    receipts = commands.add_parser(
        "receipts",
        help="take the server's receipts from a USB stick",
        description="Takes the receipts that 'python -m sync_server stick import' has written, and nothing else.",
    )
    for parser, run in ((export, _export), (receipts, _receipts)):
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the stick is mounted, or a folder on it")
        parser.add_argument(
            "--settings", type=Path, default=argparse.SUPPRESS, metavar="FILE", help="settings file of the kiosk"
        )
        parser.set_defaults(run=run)


def _export(arguments: Namespace, settings: Settings) -> int:
    # Not at the top, here and below: a kiosk that starts is not to load what only these commands need.
    from kiosk.commands import carrying

    return carrying.export(arguments, settings)


def _receipts(arguments: Namespace, settings: Settings) -> int:
    from kiosk.commands import carrying

    return carrying.receipts(arguments, settings)
