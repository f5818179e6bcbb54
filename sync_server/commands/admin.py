"""`admin link`: a one-time link that signs an administrator in. There are no passwords."""

from argparse import Namespace
from datetime import UTC, datetime

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.core.names import tidy_name
from sync_server.settings import Settings
from sync_server.store.people import create_link

DEFAULT_NAME = "Quản trị viên"


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("admin", help="let administrators sign in")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    link = actions.add_parser("link", help="print a link that signs in once, within 24 hours")
    link.add_argument("--name", default=DEFAULT_NAME, help="who will use it; created if new (default: %(default)s)")
    link.set_defaults(run=_link)


def _link(arguments: Namespace, settings: Settings) -> int:
    try:
        name = tidy_name(arguments.name)
    except ValueError as error:
        raise CommandMistake(f"--name: {error}") from None
    with opened(settings) as database:
        secret = create_link(database, name, datetime.now(UTC))
    print(f"{settings.public_address}/sign-in/{secret}")
    return 0
