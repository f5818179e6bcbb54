"""`verify`: whether an archive of a Decision holds, by the program that travels in it."""

from argparse import Namespace
from pathlib import Path

from sync_server.commands import CommandMistake, Commands
from sync_server.settings import Settings
from sync_server.verifier import verify


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "verify",
        help="check the archive of an issued Decision: votes, numbers, text, hashes, signature",
        description="Counts every number anew from the votes in the archive, compares the text of the document, the"
        " hashes, the root and the signature, and says in words what holds and what differs. It needs neither this"
        " server's database nor its keys. The exit code is 0 when everything holds, 1 when something differs.",
    )
    parser.add_argument("archive", type=Path, metavar="ARCHIVE.zip", help="the archive")
    parser.add_argument("--key", metavar="FILE|HEX", help="the office's public key, from elsewhere than the archive")
    parser.add_argument("--vote", metavar="ID", help="also say whether this vote is in it, and counted")
    parser.set_defaults(run=_run)


def _run(arguments: Namespace, _settings: Settings) -> int:
    try:
        return verify.run(arguments.archive, arguments.key, arguments.vote)
    except verify.CannotCheck as error:
        raise CommandMistake(str(error)) from None
