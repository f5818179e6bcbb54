"""`python -m sync_server backup FILE` and `restore FILE`: everything the server knows, in one file."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.places import is_needed
from sync_server.commands.progress import Progress
from sync_server.commands.sites import check_for_an_office
from sync_server.core.names import counted, printable
from sync_server.keys import all_keys, putting_keys
from sync_server.settings import Settings
from sync_server.store.backup import back_up, restore
from sync_server.store.backup_file import BackupTrouble, Manifest, draft_of, reading_backup
from sync_server.store.issued_files import ARCHIVE, putting_files
from sync_server.store.revisions import newest


def add_to(commands: Commands) -> None:
    """Add the commands."""
    making = commands.add_parser(
        "backup",
        help="write everything to one file, while the server goes on working",
        description="Write the database, as of one moment, the files of what was issued, and the secret keys to FILE,"
        " read it back, and only then put it in the place of an earlier one. The server may go on working. The file is"
        " the same for SQLite and PostgreSQL. Whoever has it has the keys: it is readable by its owner only, and should"
        " stay so.",
    )
    making.add_argument(
        "file", type=Path, metavar="FILE", help="where to; an earlier backup there is replaced, and nothing else"
    )
    making.set_defaults(run=_back_up)

    filling = commands.add_parser(
        "restore",
        help="fill an empty database from a backup",
        description="Fill the database with what 'backup' wrote, here or elsewhere, into SQLite or PostgreSQL, by this"
        " version or an earlier one. Either all of it is restored and verified, or nothing is changed. Stop the server"
        " first. What kiosks have sent since the backup they send again by themselves. With --replace, kiosks that"
        " were registered, renewed or revoked since then stay so.",
    )
    filling.add_argument("file", type=Path, metavar="FILE", help="the backup")
    filling.add_argument(
        "--replace",
        action="store_true",
        help="even if the database is not empty: all but the registrations of its kiosks goes",
    )
    filling.set_defaults(run=_restore)


def _back_up(arguments: argparse.Namespace, settings: Settings) -> int:
    path: Path = arguments.file
    for place in (path, draft_of(path)):
        if is_needed(place, arguments.settings, settings):
            raise CommandMistake(f"{place}: is the place of a file that the server needs: name another one")
    keys = all_keys(settings.folder)
    try:
        with opened(settings, migrate=False) as database:
            if database.revision() is not None:
                check_for_an_office(database)  # a backup of nothing would be taken for one of what is kept elsewhere
            done = back_up(database, keys, settings.folder, path, datetime.now(UTC), Progress())
    except BackupTrouble as error:
        raise CommandMistake(str(error)) from None
    print(f"{path}: {_in_words(done.manifest)}; read back and found whole")
    for words in done.amiss:
        print(f"! {printable(words)}: look for it in an earlier backup, or where it was published")
    return 0


def _restore(arguments: argparse.Namespace, settings: Settings) -> int:
    path: Path = arguments.file
    replace: bool = arguments.replace
    try:
        with (
            reading_backup(path) as backup,
            putting_keys(settings.folder, backup.keys(), replace=replace) as put_keys,
            putting_files(settings.folder, backup) as put_files,
            opened(settings, making=True, migrate=False) as database,
        ):
            manifest = backup.manifest
            aside: list[Path] = []

            def put_beside() -> None:
                put_keys()
                aside.extend(filter(None, [put_files()]))

            kept = restore(database, backup, put_beside, Progress(), replace=replace)
    except BackupTrouble as error:
        raise CommandMistake(str(error)) from None
    print(f"restored and verified: {_in_words(manifest)}, as of {manifest.made_at:%Y-%m-%d %H:%M} UTC")
    if manifest.revision != newest():
        print(f"the tables were brought from revision {manifest.revision} to {newest()}")
    for what, addresses in (
        ("registered since", kept.registered),
        ("other passwords than in the backup", kept.renewed),
        ("revoked since", kept.revoked),
    ):
        if addresses:
            print(f"kept as it was here, {what}: {', '.join(f'{at.site} {at.kiosk}' for at in addresses)}")
    for place in aside:
        print(f"files of Decisions that were here are set aside: {place}")
    print("Nothing more to do: kiosks notice what is missing here since then, and send it again.")
    return 0


def _in_words(manifest: Manifest) -> str:
    votes, kiosks, sites = (manifest.rows_of(table) for table in ("votes", "kiosks", "sites"))
    issued = sum(entry.name.endswith(f"/{ARCHIVE}") for entry in manifest.files or ())
    archives = f"{counted(issued, 'archive')} of Decisions " if issued else ""
    return (
        f"{counted(votes, 'vote')} of {counted(kiosks, 'kiosk')} at {counted(sites, 'site')},"
        f" {archives}and {counted(len(manifest.keys), 'key')}"
    )
