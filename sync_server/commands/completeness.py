"""`completeness` and `stream …`: whether every vote is here, and closing a stream whose rest will never come."""

from argparse import Namespace
from datetime import UTC, date, datetime

from protocol.messages import StreamId
from sync_server.commands import CommandMistake, Commands, opened, times
from sync_server.commands.person import tidy_text
from sync_server.commands.sites import known_offices
from sync_server.core.completeness import KioskCompleteness, assess
from sync_server.core.quarter import local_day
from sync_server.settings import Settings
from sync_server.store.database import Connection
from sync_server.store.ledger import accept_gap, close_stream, kiosk_ledgers, streams_named

INCOMPLETE = 1


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser(
        "completeness",
        help="say, kiosk by kiosk, whether every vote is here",
        description="Says, kiosk by kiosk, whether every vote is here. Exit code 1 when any may be missing.",
    )
    parser.add_argument(
        "--until", type=times.day, metavar="DATE", help="votes up to the end of this day (default: today)"
    )
    parser.add_argument("--site", help="one site (default: all)")
    parser.set_defaults(run=_completeness)

    stream = commands.add_parser("stream", help="the numbered streams of the kiosks")
    kinds = stream.add_subparsers(metavar="COMMAND", required=True)
    close = kinds.add_parser("close", help="put on record that the rest of a stream will never come")
    close.set_defaults(run=_close)
    accept = kinds.add_parser("accept", help="put on record that the figures stand without numbers that are lost")
    accept.add_argument(
        "--from", dest="first", type=int, required=True, metavar="N", help="the first number that is lost"
    )
    accept.set_defaults(run=_accept)
    for kind in (close, accept):
        kind.add_argument("stream", metavar="STREAM", help="the first characters of its id, as 'completeness' names it")
        kind.add_argument("--by", type=tidy_text, required=True, metavar="NAME", help="who decides that")
        kind.add_argument(
            "--because",
            type=tidy_text,
            required=True,
            metavar="TEXT",
            help="why, in words that stand in the record",
        )


def _completeness(arguments: Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    until: date = arguments.until or local_day(now)
    missing = False
    with opened(settings) as database:
        for office in known_offices(database, arguments.site):
            print(f"{office.site}: {office.name}, votes up to {until}")
            found = [assess(ledger, until, now) for ledger in kiosk_ledgers(database, office.site)]
            for kiosk in found:
                _print(kiosk)
            if not found:
                print("  no kiosk is registered")
            missing = missing or not all(kiosk.complete for kiosk in found)
    return INCOMPLETE if missing else 0


def _print(kiosk: KioskCompleteness) -> None:
    verdict = "complete" if kiosk.complete else "NOT COMPLETE"
    print(f"  {kiosk.kiosk}: {verdict}; {kiosk.held} held")
    for finding in kiosk.findings:
        print(f"    {'!' if finding.missing else '-'} {finding.words}")


def _close(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database, database.writing() as connection:
        stream = _named(connection, arguments.stream)
        if not close_stream(connection, stream, arguments.by, arguments.because, datetime.now(UTC)):
            raise CommandMistake(f"stream {stream[:8]} is closed already")
    print(f"stream {stream[:8]} is closed; what is missing of it stays on record")
    return 0


def _accept(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database, database.writing() as connection:
        stream = _named(connection, arguments.stream)
        if not accept_gap(connection, stream, arguments.first, arguments.by, arguments.because):
            raise CommandMistake(f"no lost numbers of stream {stream[:8]} begin with {arguments.first}")
    print(f"the figures stand without these votes of stream {stream[:8]}; that stays on record")
    return 0


def _named(connection: Connection, beginning: str) -> StreamId:
    match streams_named(connection, beginning):
        case [stream]:
            return stream
        case []:
            raise CommandMistake(f"no stream begins with {beginning!r}; 'completeness' names them")
        case several:
            raise CommandMistake(f"{len(several)} streams begin with {beginning!r}; give more characters")
