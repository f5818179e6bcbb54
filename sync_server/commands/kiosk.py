"""`python -m sync_server kiosk …`: which kiosks may send."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from protocol.sealing import new_secret, sealing_key, verify_key
from protocol.topics import Address
from protocol.whole_file import write_whole
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.sites import check_for_an_office
from sync_server.core.quarter import local_day
from sync_server.keys import site_key, stick_keys
from sync_server.kiosk_settings import ExportSettings, KioskSettings, settings_text
from sync_server.settings import Settings
from sync_server.store.database import Connection
from sync_server.store.export_keys import give_export_key
from sync_server.store.fleet import (
    add_kiosk,
    counter_sign,
    has_kiosk,
    list_kiosks,
    office_sign,
    renew_password,
    revoke_kiosk,
)


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("kiosk", help="which kiosks may send")
    kinds = parser.add_subparsers(metavar="COMMAND", required=True)

    add = kinds.add_parser("add", help="register a kiosk and write its settings file")
    add.add_argument("site", help="the office, as imported with 'office import'")
    add.add_argument("kiosk", help="a name for the machine: a-z, 0-9 and -")
    add.add_argument("--settings-file", type=Path, required=True, help="where to write its settings and secrets")
    add.add_argument("--counter", type=int, help="the counter it stands at; without, it serves the whole room")
    add.add_argument(
        "--scanner",
        default="/dev/kiosk/scanner",
        help="the scanner's device, by a name that stays: /dev/ttyUSB0 and its like are refused by the kiosk "
        "(default: %(default)s)",
    )
    add.add_argument("--host", help="the server's name as the kiosk sees it (default: where this server listens)")
    add.add_argument("--port", type=int, help="the broker's port as the kiosk sees it (default: the server's)")
    add.add_argument(
        "--authority", default="", help="where the kiosk finds the PEM file of the broker's authority (TLS)"
    )
    add.add_argument("--state", default="/var/lib/kiosk", help="the kiosk's own folder (default: %(default)s)")
    add.add_argument("--window", action="store_true", help="show a window instead of covering the whole panel")
    add.add_argument(
        "--renew",
        action="store_true",
        help="a registered kiosk gets a new password, key and file, also after revoke",
    )
    add.set_defaults(run=_add)

    revoke = kinds.add_parser("revoke", help="let a kiosk send no more, at once; what it has sent stays")
    revoke.add_argument("site", help="its office")
    revoke.add_argument("kiosk", help="its name")
    revoke.set_defaults(run=_revoke)

    kinds.add_parser("list", help="list the registered kiosks").set_defaults(run=_list)


def _add(arguments: argparse.Namespace, settings: Settings) -> int:
    address = _address(arguments)
    if arguments.port is not None and not 1 <= arguments.port <= 65535:
        raise CommandMistake("--port: expected a number from 1 to 65535")
    today = local_day(datetime.now(UTC))
    with opened(settings) as database, database.writing() as connection:
        office = office_sign(connection, address.site, today)
        if office is None:
            raise CommandMistake(f"there is no site {address.site!r}; import it with 'office import FOLDER'")
        field = "" if arguments.counter is None else counter_sign(connection, address.site, arguments.counter, today)
        if field is None:
            raise CommandMistake(f"site {address.site!r} has no counter {arguments.counter}")
        password = add_kiosk(connection, address, datetime.now(UTC))
        if password is None and not arguments.renew:
            raise CommandMistake(f"kiosk {address.kiosk!r} is registered already; --renew gives it a new password")
        told = KioskSettings(
            address=address,
            password=password or renew_password(connection, address),
            site_key=site_key(settings.folder, address.site),
            host=arguments.host or settings.mqtt.host,
            port=arguments.port or settings.mqtt.port,
            state=arguments.state,
            scanner=arguments.scanner,
            office=office,
            counter=arguments.counter,
            field=field,
            fullscreen=not arguments.window,
            registered=datetime.now(UTC),
            authority=arguments.authority,
            export=_export_settings(connection, address, settings.folder),
        )
        # Written before the commit: a file that cannot be written leaves no kiosk whose password nobody has.
        _write_secret(arguments.settings_file, settings_text(told))
    print(f"{arguments.settings_file}: the settings of this kiosk and its password; for the kiosk's eyes only")
    return 0


def _export_settings(connection: Connection, address: Address, folder: Path) -> ExportSettings:
    # A new key each time: what is written here may replace a settings file that somebody else has got hold of.
    keys = stick_keys(folder)
    signing_key = new_secret()
    give_export_key(connection, address, verify_key(signing_key), datetime.now(UTC))
    return ExportSettings(signing_key, sealing_key(keys.votes), verify_key(keys.receipts))


def _list(_arguments: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        check_for_an_office(database)
        with database.reading() as connection:
            kiosks = list(list_kiosks(connection))
    for kiosk in kiosks:
        ended = f", revoked {kiosk.revoked_at:%Y-%m-%d}" if kiosk.revoked_at else ""
        print(f"{kiosk.address.site}  {kiosk.address.kiosk}  registered {kiosk.added_at:%Y-%m-%d}{ended}")
    if not kiosks:
        print("no kiosk is registered")
    return 0


def _revoke(arguments: argparse.Namespace, settings: Settings) -> int:
    address = _address(arguments)
    with opened(settings) as database, database.writing() as connection:
        if not has_kiosk(connection, address):
            raise CommandMistake(f"there is no kiosk {address.kiosk!r} of site {address.site!r}; see 'kiosk list'")
        if not revoke_kiosk(connection, address, datetime.now(UTC)):
            raise CommandMistake(f"kiosk {address.kiosk!r} is revoked already")
    print(f"{address.site} {address.kiosk} may send no more; 'kiosk add … --renew' lets it in again")
    return 0


def _address(arguments: argparse.Namespace) -> Address:
    try:
        return Address(arguments.site, arguments.kiosk)
    except ValueError as error:
        raise CommandMistake(str(error)) from None


def _write_secret(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as error:
        raise CommandMistake(f"{path}: cannot be written: {error.strerror}") from None
    except UnicodeEncodeError:
        raise CommandMistake(f"{path}: cannot be written: an argument is not UTF-8 text") from None
