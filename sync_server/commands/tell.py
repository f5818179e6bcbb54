"""`tell SITE KIOSK …`: commands to one kiosk, and what became of them."""

import argparse
import re
import sys
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

from protocol.messages import HIGHEST_NUMBER, Action, Outcome
from protocol.topics import Address
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.person import add_by
from sync_server.core.names import printable
from sync_server.core.quarter import VIETNAM
from sync_server.settings import Settings
from sync_server.store.database import Connection, Database
from sync_server.store.fleet import Standing, standings
from sync_server.store.orders import Issued, announced, issue, issued

NOT_DONE = 1
LONGEST_WITHIN = 7 * 24 * 60  # minutes
POLL_SECONDS = 0.25
PROGRESS_SECONDS = 5.0

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}")


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser(
        "tell",
        help="give a kiosk a command",
        description="Gives one kiosk a command. It hears it at once if it is connected, and otherwise when it comes"
        " back, unless it is too late by then. 'list' shows what became of commands.",
    )
    parser.add_argument("site", help="the office")
    parser.add_argument("kiosk", help="the kiosk, as 'kiosk list' names it")
    kinds = parser.add_subparsers(metavar="COMMAND", required=True)

    restart = kinds.add_parser("restart", help="start the program anew, between two visitors")
    restart.set_defaults(action=Action.RESTART)
    resend = kinds.add_parser("resend", help="send votes again, as far as they are kept; nothing is counted twice")
    resend.add_argument(
        "--from", dest="resend_from", type=_number, required=True, metavar="N", help="the first number to send again"
    )
    resend.set_defaults(action=Action.RESEND)
    identify = kinds.add_parser("identify", help="show on the screen which kiosk it is")
    identify.set_defaults(action=Action.IDENTIFY)
    update = kinds.add_parser("update", help="change to another version of the firmware")
    update.add_argument("--to", dest="update_to", type=_version, required=True, metavar="VERSION", help="which one")
    update.set_defaults(action=Action.UPDATE)
    for kind in (restart, resend, identify, update):
        kind.add_argument(
            "--within",
            type=_minutes,
            default=60,
            metavar="MINUTES",
            help="after so many minutes it is too late (default: %(default)s)",
        )
        kind.add_argument(
            "--wait", type=_seconds, default=0, metavar="SECONDS", help="wait so long for the answer (default: 0)"
        )
        add_by(kind)
        kind.set_defaults(run=_tell, resend_from=None, update_to=None)

    kinds.add_parser("list", help="list the newest commands and what became of them").set_defaults(run=_list)


def _tell(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        now = datetime.now(UTC)
        expires = now + timedelta(minutes=arguments.within)
        with database.writing() as connection:
            address = _kiosk(connection, arguments.site, arguments.kiosk, may_send=True)
            highest = announced(connection, address)
            if arguments.resend_from is not None and arguments.resend_from > highest:
                raise CommandMistake(f"--from: the newest vote that {address.kiosk} has spoken of is {highest}")
            command = issue(
                connection,
                address,
                arguments.action,
                arguments.by,
                now,
                expires,
                resend_from=arguments.resend_from,
                update_to=arguments.update_to,
            )
            [entry] = issued(connection, address, most=1)
        print(f"{address.site}/{address.kiosk}: {_what(entry)}; it has until {_local(expires)}", flush=True)
        return _wait(database, address, command.command, arguments.wait) if arguments.wait else 0


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as database, database.reading() as connection:
        entries = issued(connection, _kiosk(connection, arguments.site, arguments.kiosk))
    now = datetime.now(UTC)
    for entry in entries:
        print(f"{_local(entry.issued_at)}  {_what(entry)}  by {printable(entry.issued_by)}: {_became(entry, now)}")
    if not entries:
        print("no command was ever given")
    return 0


def _wait(database: Database, address: Address, command: str, seconds: float) -> int:
    began = told = monotonic()
    while True:
        with database.reading() as connection:
            entry = next(entry for entry in issued(connection, address) if entry.command.command == command)
        now = datetime.now(UTC)
        if entry.answered_at is not None or now >= entry.command.expires:
            print(_became(entry, now))
            return 0 if entry.outcome == Outcome.DONE else NOT_DONE
        if monotonic() - began >= seconds:
            print(f"no answer yet; later: tell {address.site} {address.kiosk} list")
            return NOT_DONE
        if monotonic() - told >= PROGRESS_SECONDS:
            told = monotonic()
            print(f"waiting for its answer: {told - began:.0f} s", file=sys.stderr, flush=True)
        sleep(POLL_SECONDS)


def _kiosk(connection: Connection, site: str, kiosk: str, *, may_send: bool = False) -> Address:
    try:
        address = Address(site, kiosk)
    except ValueError as error:
        raise CommandMistake(str(error)) from None
    match standings(connection, [address]).get(address):
        case None:
            raise CommandMistake(f"there is no kiosk {site} {kiosk}; 'kiosk list' names those that are registered")
        case Standing.REVOKED if may_send:
            raise CommandMistake(f"{kiosk} is revoked; it is told nothing")
    return address


def _what(entry: Issued) -> str:
    command = entry.command
    match command.action:
        case Action.RESEND:
            return f"resend from {command.resend_from}"
        case Action.UPDATE:
            return f"update to {command.update_to}"
        case _:
            return str(command.action)


def _became(entry: Issued, now: datetime) -> str:
    if entry.answered_at is None:
        late = now >= entry.command.expires
        return f"{'no answer before' if late else 'no answer yet; it has until'} {_local(entry.command.expires)}"
    detail = f": {printable(entry.detail)}" if entry.detail else ""
    return f"{entry.outcome} at {_local(entry.answered_at)}{detail}"


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%Y-%m-%d %H:%M}"


def _number(text: str) -> int:
    return _whole("a number of a vote", text, 1, HIGHEST_NUMBER)


def _minutes(text: str) -> int:
    return _whole("minutes", text, 1, LONGEST_WITHIN)


def _seconds(text: str) -> int:
    return _whole("seconds", text, 0, LONGEST_WITHIN * 60)


def _whole(what: str, text: str, least: int, most: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else -1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"expected {what}, {least} to {most}")
    return number


def _version(text: str) -> str:
    if not _VERSION.fullmatch(text):
        raise argparse.ArgumentTypeError("expected a version like 0.2.0")
    return text
