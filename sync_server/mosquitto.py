"""Keeping Mosquitto's files as the database says, and telling it to read them again."""

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from protocol.topics import Address
from protocol.whole_file import write_whole
from sync_server.broker.mosquitto_files import password_text, rights_text, user_of
from sync_server.passwords import digest, fits, new_password, suits_mosquitto
from sync_server.secret_files import mode_for_the_broker, read_secret
from sync_server.store.database import Database
from sync_server.store.fleet import password_digests

PASSWORDS = "passwd"
RIGHTS = "acl"
PROGRAM = "mosquitto"


class MosquittoTrouble(Exception):
    """A file cannot be written or the broker cannot be told; the text says which and what to do."""


@dataclass(frozen=True)
class Written:
    """What came of writing the files."""

    kiosks: int
    changed: bool
    left_out: tuple[Address, ...]  # kiosks whose password's digest is of a form that Mosquitto cannot check


def server_password(path: Path) -> str:
    """Return the password of the server's own names, made on first use; MosquittoTrouble when that is not possible."""
    try:
        if not path.exists():
            write_whole(path, f"{new_password()}\n".encode())
        password = read_secret(path)
    except OSError as error:
        raise MosquittoTrouble(f"{path}: cannot be used: {error.strerror}") from None
    if not password:
        raise MosquittoTrouble(f"{path}: holds no password; remove it, and 'broker write' makes another")
    return password


def write_files(database: Database, folder: Path, servers: Sequence[str], password: str) -> Written:
    """Write the password file and the ACL file, as far as they differ; MosquittoTrouble, DatabaseTrouble.

    Each is whole at any moment. The passwords come last: who is in them already has its rights.
    """
    with database.reading() as connection:
        kept = password_digests(connection)
    usable = {address: text for address, text in kept.items() if suits_mosquitto(text)}
    try:
        before = _read(folder / PASSWORDS)
        digests = {server: _same_or_new(password, before.get(server, "")) for server in servers}
        digests |= {user_of(address): text for address, text in usable.items()}
        mode = mode_for_the_broker(folder)
        changed = _write(folder / RIGHTS, rights_text(servers, usable), mode)
        changed = _write(folder / PASSWORDS, password_text(digests), mode) or changed
    except OSError as error:
        raise MosquittoTrouble(
            f"{folder}: cannot be written: {error.strerror}; make it with: install -d -m 2750 -g mosquitto {folder}"
        ) from None
    return Written(len(usable), changed, tuple(kept.keys() - usable.keys()))


def reload(pid_file: Path) -> None:
    """Make Mosquitto read its files again; it hangs up on whoever they let in no more. MosquittoTrouble."""
    try:
        pid = int(read_secret(pid_file))
        program = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        reason = "there is no such file" if str(pid_file) == error.filename else "that process has ended"
        raise MosquittoTrouble(f"{pid_file}: {reason}; Mosquitto writes it as its pid_file when it starts") from None
    except (OSError, ValueError):
        raise MosquittoTrouble(f"{pid_file}: holds no process number; expected Mosquitto's pid_file") from None
    # The number may be another program's by now, and most programs die of this signal.
    if program != PROGRAM:
        raise MosquittoTrouble(f"{pid_file}: names a process that is not Mosquitto; nothing was sent to it")
    try:
        os.kill(pid, signal.SIGHUP)
    except ProcessLookupError:
        raise MosquittoTrouble(f"{pid_file}: that process has ended") from None
    except PermissionError:
        raise MosquittoTrouble(f"{pid_file}: Mosquitto is another user's; run this as root or as that user") from None


def _same_or_new(password: str, kept: str) -> str:
    # A new salt each time would make every writing a change.
    return kept if suits_mosquitto(kept) and fits(password, kept) else digest(password)


def _read(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return {user: text for user, _, text in (line.partition(":") for line in lines)}


def _write(path: Path, text: str, mode: int) -> bool:
    try:
        if path.read_text(encoding="utf-8") == text and path.stat().st_mode & 0o777 == mode:
            return False
    except (FileNotFoundError, UnicodeDecodeError):
        pass
    write_whole(path, text.encode(), mode)
    return True
