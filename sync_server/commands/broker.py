"""`python -m sync_server broker …`: an outside Mosquitto kept in step, and certificates for any broker."""

import argparse
import logging
from datetime import UTC, datetime
from pathlib import Path

from protocol.whole_file import write_whole
from sync_server.broker.certificates import (
    SERVER_YEARS,
    Pair,
    UnusableAuthority,
    UnusableName,
    new_authority,
    new_server_certificate,
    valid_until,
)
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.running import until_stopped
from sync_server.mosquitto import MosquittoTrouble, Written, reload, server_password, write_files
from sync_server.secret_files import mode_for_the_broker
from sync_server.settings import Settings
from sync_server.store.changes import Subject
from sync_server.store.database import Database
from sync_server.watching import Watch

log = logging.getLogger(__name__)

LONGEST_YEARS = 20.0
PUBLIC = 0o644


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("broker", help="keep an outside Mosquitto in step; make certificates")
    kinds = parser.add_subparsers(metavar="COMMAND", required=True)

    write = kinds.add_parser("write", help="write Mosquitto's password and ACL files from the registered kiosks")
    write.add_argument("folder", type=Path, help="where Mosquitto reads them, as passwd and acl")
    write.add_argument("--pid-file", type=Path, help="Mosquitto's pid_file; it is told to read the files again")
    write.set_defaults(run=_write)

    watch = kinds.add_parser("watch", help="do that whenever a kiosk is registered, renewed or revoked, until stopped")
    watch.add_argument("folder", type=Path, help="where Mosquitto reads them, as passwd and acl")
    watch.add_argument("--pid-file", type=Path, required=True, help="Mosquitto's pid_file")
    watch.set_defaults(run=_watch)

    tell = kinds.add_parser("reload", help="tell Mosquitto to read its files again")
    tell.add_argument("--pid-file", type=Path, required=True, help="Mosquitto's pid_file")
    tell.set_defaults(run=_reload)

    certificate = kinds.add_parser("certificate", help="make a private authority and the broker's certificate under it")
    certificate.add_argument("folder", type=Path, help="where to write authority.pem, server.pem and their keys")
    certificate.add_argument(
        "--name",
        action="append",
        required=True,
        dest="names",
        help="host name or address under which kiosks or the server reach the broker; may be repeated",
    )
    certificate.add_argument(
        "--years", type=float, default=SERVER_YEARS, help="how long the broker's certificate is good (default: 2)"
    )
    certificate.add_argument(
        "--renew", action="store_true", help="a new certificate under the authority that is there; kiosks need nothing"
    )
    certificate.set_defaults(run=_certificate)


def _write(arguments: argparse.Namespace, settings: Settings) -> int:
    password = _server_password(settings)
    with opened(settings) as database:
        try:
            written = write_files(database, arguments.folder, settings.mqtt.users, password)
            if arguments.pid_file is not None:
                reload(arguments.pid_file)
        except MosquittoTrouble as error:
            raise CommandMistake(str(error)) from None
    print(f"{arguments.folder}: {written.kiosks} kiosks, and the server as {', '.join(settings.mqtt.users)}")
    for line in _left_out(written):
        print(line)
    return 1 if written.left_out else 0


def _watch(arguments: argparse.Namespace, settings: Settings) -> int:
    password = _server_password(settings)
    with opened(settings) as database, until_stopped():
        follower = _Follower(database, settings, password, arguments.folder, arguments.pid_file)
        log.info("keeping %s in step", arguments.folder)
        Watch(database, Subject.RIGHTS, follower.follow, (MosquittoTrouble,)).run()
    return 0


class _Follower:
    """Keeps the files in step, and owes Mosquitto a word until it was told."""

    def __init__(self, database: Database, settings: Settings, password: str, folder: Path, pid_file: Path) -> None:
        self._database = database
        self._servers = settings.mqtt.users
        self._password = password
        self._folder = folder
        self._pid_file = pid_file
        self._owed = True
        self._named: set[str] = set()

    def follow(self) -> None:
        """Write what has changed and tell Mosquitto; MosquittoTrouble."""
        written = write_files(self._database, self._folder, self._servers, self._password)
        self._owed = self._owed or written.changed
        for line in _left_out(written):
            if line not in self._named:
                self._named.add(line)
                log.warning("%s", line)
        if self._owed:
            reload(self._pid_file)
            self._owed = False
            log.info("%d kiosks may send", written.kiosks)


def _reload(arguments: argparse.Namespace, _settings: Settings) -> int:
    try:
        reload(arguments.pid_file)
    except MosquittoTrouble as error:
        raise CommandMistake(str(error)) from None
    return 0


def _certificate(arguments: argparse.Namespace, _settings: Settings) -> int:
    if not 0 < arguments.years <= LONGEST_YEARS:
        raise CommandMistake(f"--years: expected more than 0 and up to {LONGEST_YEARS:g}")
    folder: Path = arguments.folder
    now = datetime.now(UTC)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        authority = _authority(folder, now, renew=arguments.renew)
        server = new_server_certificate(authority, arguments.names, now, arguments.years)
        write_whole(folder / "server.key", server.key, mode_for_the_broker(folder))
        write_whole(folder / "server.pem", server.certificate, PUBLIC)
    except UnusableName as error:
        raise CommandMistake(f"--name: {error} is neither a host name nor an address") from None
    except UnusableAuthority:
        raise CommandMistake(f"{folder}: authority.pem and authority.key do not belong together") from None
    except OSError as error:
        raise CommandMistake(f"{error.filename or folder}: cannot be used: {error.strerror}") from None
    print(
        f"{folder}: the broker's certificate for {', '.join(arguments.names)}, good until "
        f"{valid_until(server.certificate):%Y-%m-%d}; kiosks need authority.pem"
    )
    return 0


def _authority(folder: Path, now: datetime, *, renew: bool) -> Pair:
    certificate, key = folder / "authority.pem", folder / "authority.key"
    if renew:
        return Pair(certificate.read_bytes(), key.read_bytes())
    if certificate.exists() or key.exists():
        raise CommandMistake(
            f"{folder} has an authority already, and kiosks trust it; --renew makes a new certificate under it"
        )
    made = new_authority(now)
    write_whole(key, made.key)
    write_whole(certificate, made.certificate, PUBLIC)
    return made


def _server_password(settings: Settings) -> str:
    if settings.mqtt.embedded:
        raise CommandMistake("the settings name the embedded broker; for Mosquitto, set mqtt.embedded = false")
    try:
        return server_password(Path(settings.mqtt.password_file))
    except MosquittoTrouble as error:
        raise CommandMistake(str(error)) from None


def _left_out(written: Written) -> list[str]:
    return [
        f"{address.site} {address.kiosk} is left out, for its password is of an older form; "
        f"run: kiosk add {address.site} {address.kiosk} --renew …"
        for address in sorted(written.left_out)
    ]
