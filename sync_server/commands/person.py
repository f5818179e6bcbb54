"""Who gives a command, for the record."""

import argparse
import getpass
import os

from sync_server.core.names import tidy_name


def add_by(parser: argparse.ArgumentParser) -> None:
    """Add `--by`; without it, the user that the system knows."""
    user = system_user()
    parser.add_argument(
        "--by",
        type=tidy_text,
        default=user,
        metavar="NAME",
        help="who decides that, for the record (default: %(default)s)",
    )


def system_user() -> str:
    """Return the name of the user who runs this; a number where the system knows no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # containers run programs as users that no passwd file knows
        return f"uid {os.getuid()}"


def tidy_text(text: str) -> str:
    """Return a name or a reason as it stands in the record; ArgumentTypeError for one that says nothing."""
    try:
        return tidy_name(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
