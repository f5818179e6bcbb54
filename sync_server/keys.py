"""The secret keys of the sites, also for signing, and of the server for sticks: one file each, made on first use."""

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from protocol.tokens import KEY_BYTES
from protocol.topics import NAME, NAME_RULE

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# What a key may be called: after its site, as those for signing, or as those for sticks are.
KEY_NAME = re.compile(rf"(decision\.)?({NAME.pattern})|stick\.(votes|receipts)")
_WRITTEN = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}\n?")


class KeyTrouble(Exception):
    """A key cannot be made or must not be used; the text names the file and says what to do."""


def site_key(folder: Path, site: str) -> bytes:
    """Return the 32-byte key of a site, kept as hexadecimal in {folder}/keys/{site}.key.

    It is made on first use; of several at once, all get the same. KeyTrouble when the file cannot be made
    or read, when other users may read it, or when it holds no key. ValueError when the site is no name.
    """
    return _kept(folder, f"{_named(site)}.key")


def decision_key(folder: Path, site: str) -> bytes:
    """Return the 32 bytes that a site's Decisions are signed with, made and kept as `site_key`; raises as that.

    Whoever loses it signs with another one from then on, and has to publish that.
    """
    return _kept(folder, decision_key_file(folder, site).name)


def decision_key_file(folder: Path, site: str) -> Path:
    """Return where it lies."""
    return folder / "keys" / f"decision.{_named(site)}.key"  # no site has a dot


def has_decision_key(folder: Path, site: str) -> bool:
    """Whether there is one already."""
    return decision_key_file(folder, site).exists()


@dataclass(frozen=True, repr=False)
class StickKeys:
    """The secret halves of the server's keys for sticks: what votes are sealed to, and what signs receipts."""

    votes: bytes
    receipts: bytes


def stick_keys(folder: Path) -> StickKeys:
    """Return the server's keys for sticks, made and kept as the sites' are; KeyTrouble as there.

    Whoever loses them cannot read the sticks that are on their way: they belong into the backup.
    """
    return StickKeys(_kept(folder, "stick.votes.key"), _kept(folder, "stick.receipts.key"))  # no site has a dot


def _named(site: str) -> str:
    if not NAME.fullmatch(site):
        raise ValueError(f"a site is named with {NAME_RULE}")
    return site


def _kept(folder: Path, name: str) -> bytes:
    path = folder / "keys" / name
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        raise KeyTrouble(f"{path}: cannot be used: {error.strerror}") from None


def all_keys(folder: Path) -> dict[str, bytes]:
    """Return every key there is, by its name: a site, or one of those for sticks. Raises KeyTrouble as `site_key`."""
    names = (path.name.removesuffix(".key") for path in sorted((folder / "keys").glob("*.key")))
    return {name: _kept(folder, f"{name}.key") for name in names if KEY_NAME.fullmatch(name)}


@contextmanager
def putting_keys(folder: Path, keys: Mapping[str, bytes], *, replace: bool) -> Iterator[Callable[[], None]]:
    """Give a function that puts these keys, by their names, into place; an exception in the block takes them out again.

    Where another key is already, that is KeyTrouble at once, unless *replace*: it is then kept beside the new one.
    """
    places = {name: folder / "keys" / f"{name}.key" for name in keys}
    try:
        others = [name for name, path in places.items() if path.exists() and _read(path) != keys[name]]
        if others and not replace:
            raise KeyTrouble(f"{places[others[0]]}: is not the key in the backup; --replace sets it aside")
    except OSError as error:
        raise KeyTrouble(f"{folder / 'keys'}: cannot be read: {error.strerror}") from None
    put: list[Path] = []
    set_aside: list[tuple[Path, Path]] = []

    def put_keys() -> None:
        try:
            for name, path in places.items():
                if name in others:
                    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.replaced")
                    path.rename(aside)
                    set_aside.append((aside, path))
                if not path.exists():
                    put.append(path)
                    _make(path, keys[name])
        except OSError as error:
            raise KeyTrouble(f"{folder / 'keys'}: cannot be written: {error.strerror}") from None

    try:
        yield put_keys
    except BaseException:
        for path in put:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        for aside, path in set_aside:
            aside.rename(path)
        raise


def _make(path: Path, key: bytes | None = None) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write((key or secrets.token_bytes(KEY_BYTES)).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link appears whole or not at all, and never over another: who comes second takes the first one's key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _fsync_folder(path.parent)


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "r", encoding="ascii", errors="replace") as file:
        if os.fstat(file.fileno()).st_mode & _OTHERS:
            raise KeyTrouble(f"{path}: other users may read this key; run: chmod 600 {path}")
        text = file.read(2 * KEY_BYTES + 2)
    if not _WRITTEN.fullmatch(text):
        raise KeyTrouble(f"{path}: expected {2 * KEY_BYTES} hexadecimal digits; restore the file from a backup")
    return bytes.fromhex(text)


def _fsync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
