"""`cases`: the case register, so that a scanned case leads to its procedure and officer, and is known to be late."""

from sync_server.commands import Commands
from sync_server.commands.case_fetch import add_fetch
from sync_server.commands.case_import import add_import
from sync_server.commands.case_late import add_late


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("cases", help="tell the server about received cases, and see which are late")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    add_import(actions)
    add_fetch(actions)
    add_late(actions)
