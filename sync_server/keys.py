"""The secret keys of the sites: one file each, made on first use."""

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from protocol.tokens import KEY_BYTES
from protocol.topics import NAME, NAME_RULE

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WRITTEN = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}\n?")


class KeyTrouble(Exception):
    """A key cannot be made or must not be used; the text names the file and says what to do."""


def site_key(folder: Path, site: str) -> bytes:
    """Return the 32-byte key of a site, kept as hexadecimal in {folder}/keys/{site}.key.

    It is made on first use; of several at once, all get the same. KeyTrouble when the file cannot be made
    or read, when other users may read it, or when it holds no key. ValueError when the site is no name.
    """
    if not NAME.fullmatch(site):
        raise ValueError(f"a site is named with {NAME_RULE}")
    path = folder / "keys" / f"{site}.key"
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        raise KeyTrouble(f"{path}: cannot be used: {error.strerror}") from None


def all_keys(folder: Path) -> dict[str, bytes]:
    """Return the key of every site that has one. Raises KeyTrouble as `site_key` does."""
    sites = (path.name.removesuffix(".key") for path in sorted((folder / "keys").glob("*.key")))
    return {site: site_key(folder, site) for site in sites if NAME.fullmatch(site)}


@contextmanager
def putting_keys(folder: Path, *, replace: bool) -> Iterator[Callable[[Mapping[str, bytes]], None]]:
    """Give a function that puts keys into place; an exception in the block takes them out again.

    Another key that a site has already is KeyTrouble, or kept beside the new one when it is to be replaced.
    """
    put: list[Path] = []
    set_aside: list[tuple[Path, Path]] = []

    def put_keys(keys: Mapping[str, bytes]) -> None:
        for site, key in keys.items():
            path = folder / "keys" / f"{site}.key"
            try:
                if path.exists():
                    if site_key(folder, site) == key:
                        continue
                    if not replace:
                        raise KeyTrouble(f"{path}: is another key than that of the backup, and there is only one")
                    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.replaced")
                    path.rename(aside)
                    set_aside.append((aside, path))
                put.append(path)
                _make(path, key)
            except OSError as error:
                raise KeyTrouble(f"{path}: cannot be written: {error.strerror}") from None

    try:
        yield put_keys
    except BaseException:
        for path in put:
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
