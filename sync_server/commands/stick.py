"""`stick import`: votes that came on a USB stick, because no network reaches their kiosk."""

import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from protocol.stick import VOTES_SUFFIX
from protocol.stick_files import StickTrouble, files_on, write_whole
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.core.stick_account import in_words
from sync_server.keys import stick_keys
from sync_server.settings import Settings
from sync_server.stick import StickImport, Taken, Useless
from sync_server.store.database import DatabaseTrouble

NEEDS_A_PERSON = 1


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("stick", help="take votes in that came on a USB stick")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    read = actions.add_parser(
        "import",
        help="take in what kiosks have exported, and write receipts for them",
        description=f"Takes in every *{VOTES_SUFFIX} file of a folder, or a single one, in any order and as often as"
        " you like: a vote is stored once, however it comes. Then it writes receipts beside them, to be carried back"
        " to the kiosks. What a person has to look at makes the exit code 1.",
    )
    read.add_argument(
        "place", type=Path, metavar="PLACE", help=f"folder or file: the stick, or one *{VOTES_SUFFIX} file on it"
    )
    read.add_argument(
        "--former-keys",
        action="store_true",
        help="also take files signed before their kiosk's settings were renewed, if you know where they come from",
    )
    read.add_argument(
        "--give-up-missing",
        action="store_true",
        help="put votes on record as lost that neither this server nor their kiosk nor a stick has, and go on",
    )
    read.set_defaults(run=_import)


def _import(arguments: Namespace, settings: Settings) -> int:
    place: Path = arguments.place
    try:
        paths = [place] if place.is_file() else files_on(place, VOTES_SUFFIX)
    except StickTrouble as trouble:
        raise CommandMistake(str(trouble)) from None
    if not paths:
        raise CommandMistake(f"{place}: there is no {VOTES_SUFFIX} file; 'python -m kiosk export' writes them")
    with opened(settings) as database:
        stick = StickImport(
            database,
            lambda: datetime.now(UTC),
            stick_keys(settings.folder),
            former_keys=arguments.former_keys,
            give_up_missing=arguments.give_up_missing,
        )
        try:
            fine = _take(stick, paths)
        except DatabaseTrouble:
            _write_receipts(stick, paths[0].parent)  # what was stored so far is stored
            raise
        return 0 if _write_receipts(stick, paths[0].parent) and fine else NEEDS_A_PERSON


def _take(stick: StickImport, paths: list[Path]) -> bool:
    fine = True
    stored = useless = 0
    for outcome in stick.take(paths):
        match outcome:
            case Taken(path, address, account):
                stored += account.stored
                fine = fine and not account.needs_a_person
                print(f"{path.name}: {address.kiosk}, {in_words(account)}", flush=True)
            case Useless(path, reason):
                useless += 1
                print(f"{path.name}: {reason}", file=sys.stderr, flush=True)
    print(f"{len(paths)} {'file' if len(paths) == 1 else 'files'}, {useless} of them useless; {stored} votes stored")
    return fine and not useless


def _write_receipts(stick: StickImport, folder: Path) -> bool:
    names = []
    try:
        for receipt in stick.receipts():
            write_whole(folder / receipt.name, receipt.data)
            names.append(receipt.name)
    except StickTrouble as trouble:
        print(f"{trouble}. The votes are stored; without receipts their kiosks will export them again", file=sys.stderr)
        return False
    for name in names:
        print(f"{folder / name}: written; carry it back to the kiosk: 'python -m kiosk receipts FOLDER'")
    return True
