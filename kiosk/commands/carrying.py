"""What `export` and `receipts` do with a stick."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.commands import CommandMistake
from kiosk.outbox import Outbox
from kiosk.parts import AlreadyRunning, StateFolderUnusable, hold
from kiosk.settings import Settings
from kiosk.stick import AskedAgain, Confirmed, OtherVotes, Passed, Stick
from kiosk.stick_visit import NoVisit, hello_of, visiting
from protocol.stick_files import StickTrouble

NEEDS_A_PERSON = 1


def export(arguments: Namespace, settings: Settings) -> int:
    """Write what waits onto the stick; return the exit status."""
    with _visiting(arguments.folder, settings) as (stick, outbox):
        fine = _take_receipts(stick)
        standing = outbox.standing()
        if not standing.waiting:
            print(f"No votes wait on this kiosk: the server has all {standing.highest}.")
            return 0 if fine else NEEDS_A_PERSON
        print(f"Writing {_count(standing.waiting, 'vote')} …", flush=True)
        votes = 0
        try:
            for file in stick.export(SystemClock().reading(), hello_of(outbox)):
                print(f"{file.path}: {_count(file.votes, 'vote')}", flush=True)
                votes += file.votes
        except StickTrouble as trouble:
            written = f"{votes} of the votes are written, the others are not" if votes else "no vote is written"
            raise CommandMistake(f"{trouble} ({written}; all of them stay on this kiosk)") from None
        print(
            f"On the stick: {_count(votes, 'vote')}, kept on this kiosk too until the server's receipt comes back."
            " Unmount the stick, and import it on the server: python -m sync_server stick import FOLDER"
        )
        return 0 if fine else NEEDS_A_PERSON


def receipts(arguments: Namespace, settings: Settings) -> int:
    """Take the receipts from the stick; return the exit status."""
    with _visiting(arguments.folder, settings) as (stick, outbox):
        fine = _take_receipts(stick)
        standing = outbox.standing()
        has = standing.highest - standing.waiting
        print(f"Waiting on this kiosk: {_count(standing.waiting, 'vote')}; the server has {has}.")
        return 0 if fine else NEEDS_A_PERSON


@contextmanager
def _visiting(folder: Path, settings: Settings) -> Iterator[tuple[Stick, Outbox]]:
    with _held(Path(settings.identity.state)) as alone:
        try:
            with visiting(folder, settings, alone=alone) as visit:
                yield visit
        except (NoVisit, StickTrouble) as trouble:
            raise CommandMistake(str(trouble)) from None


@contextmanager
def _held(state: Path) -> Iterator[bool]:
    """Keep the kiosk from starting meanwhile; False when it runs, or has never run."""
    if not state.exists():
        yield False
        return
    try:
        lock = hold(state)
    except AlreadyRunning:
        yield False
        return
    except StateFolderUnusable as error:
        raise CommandMistake(str(error)) from None
    try:
        yield lock is not None
    finally:
        if lock is not None:
            os.close(lock)


def _take_receipts(stick: Stick) -> bool:
    fine = True
    for taken in stick.take_receipts():
        match taken:
            case Confirmed(votes, refused, removed):
                line = f"The server has taken {_count(votes, 'vote')} more"
                if refused:
                    line += f"; of the latest it keeps {refused} apart, uncounted"
                if removed:
                    line += f"; removed from the stick, for it held nothing else: {_count(removed, 'file')}"
                print(f"{line}.")
            case AskedAgain(votes):
                lost = _count(votes, "vote")
                print(f"The server was restored from a backup and lacks {lost} that it had: to be exported again.")
            case OtherVotes(renewed=True):
                print(
                    "The server holds other votes under these numbers: this card was copied, or set back to an older"
                    " state. A new stream was begun with every vote that waits."
                )
            case OtherVotes():
                fine = False
                print(
                    "The server holds other votes under these numbers: this card was copied, or set back to an older"
                    " state. Stop the kiosk and repeat this: it then begins a new stream.",
                    file=sys.stderr,
                )
            case Passed(path, reason, amiss):
                fine = fine and not amiss
                print(f"{path.name}: {reason}", file=sys.stderr if amiss else sys.stdout)
    return fine


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
