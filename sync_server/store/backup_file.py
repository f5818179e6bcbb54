"""The form of a backup: one file, the same for every database, that says itself whether it is whole.

A ZIP archive with a file of JSON lines a table (each line a row, its values in the order of the columns), the files of
what was issued, the secret keys, and a manifest: form, revision of the tables, of each table the columns, the number of
rows and the SHA-256 of its lines, and of each file size and SHA-256. Rows stand in the order of their keys, so that
equal contents are equal bytes.
"""

import hashlib
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Annotated, Any

import msgspec
from sqlalchemy import JSON, BigInteger, Date, LargeBinary, Table, Text

from sync_server.keys import KEY_NAME
from sync_server.store.columns import Instant, storable

FORM = 1
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 1 << 20
LONGEST_KEY = 200
BLOCK = 1 << 20
LONGEST_LINE = 1 << 22  # the longest rows are setups, of 128 KiB before they are written in base64
_BEGINNING = b"PK\x03\x04"  # of a ZIP archive
FASTEST = 1  # most of a vote is random and does not get shorter

Row = Sequence[Any]
Seen = Callable[[int], None]

_TYPES: dict[type[Any], Any] = {
    Instant: Annotated[datetime, msgspec.Meta(tz=True)],
    Date: date,
    JSON: Any,
    LargeBinary: bytes,
    BigInteger: int,
    Text: str,
}
# What reading an archive ends with that is not whole; which one depends on the byte.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError),
    *(ValueError, KeyError, OverflowError, msgspec.DecodeError),
)


class BackupTrouble(Exception):
    """A backup cannot be made, read or used; the text names the file and says why."""


class TableEntry(msgspec.Struct, frozen=True):
    """What a backup holds of one table."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


class KeyEntry(msgspec.Struct, frozen=True):
    """A secret key: of a site, or of the server for sticks."""

    name: str
    sha256: str


class FileEntry(msgspec.Struct, frozen=True):
    """A file of what was issued, by its name in the server's folder."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds."""

    form: int
    revision: str
    made_at: Annotated[datetime, msgspec.Meta(tz=True)]
    tables: tuple[TableEntry, ...]  # each after those that it refers to
    keys: tuple[KeyEntry, ...]
    files: tuple[FileEntry, ...] | None = None  # None: of a program that did not keep them

    def rows_of(self, table: str) -> int:
        """Return how many rows of a table there are; 0 when there is no such table."""
        return next((entry.rows for entry in self.tables if entry.name == table), 0)


@dataclass(frozen=True)
class Digest:
    """How many rows, and the SHA-256 of their lines."""

    rows: int
    sha256: str


class Lines:
    """Turns rows of a table into lines, counting and digesting them."""

    def __init__(self, table: Table) -> None:
        self._texts = [place for place, column in enumerate(table.columns) if isinstance(column.type, Text)]
        self._encoder = msgspec.json.Encoder()
        self._sha256 = hashlib.sha256()
        self.rows = 0

    def of(self, rows: Sequence[Row]) -> bytes:
        """Return the lines of some rows."""
        lines = self._encoder.encode_lines(rows)
        if b"\\u0000" in lines:  # SQLite keeps such text, PostgreSQL does not
            lines = self._encoder.encode_lines([self._storable(row) for row in rows])
        self._sha256.update(lines)
        self.rows += len(rows)
        return lines

    def digest(self) -> Digest:
        """Return the digest of all rows so far."""
        return Digest(self.rows, self._sha256.hexdigest())

    def _storable(self, row: Row) -> Row:
        values = list(row)
        for place in self._texts:
            if values[place] is not None:
                values[place] = storable(values[place])
        return values


class BackupWriter:
    """Writes what a backup is to hold; `writing_backup` makes it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._tables: list[TableEntry] = []
        self._keys: list[KeyEntry] = []
        self._files: list[FileEntry] = []

    def add_table(self, table: Table, parts: Iterable[Sequence[Row]], seen: Seen) -> None:
        """Write the rows of a table; *seen* is told how many there are so far."""
        lines = Lines(table)
        with self._archive.open(_member(table.name), "w", force_zip64=True) as member:
            for rows in parts:
                member.write(lines.of(rows))
                seen(lines.rows)
        digest = lines.digest()
        columns = tuple(str(column.name) for column in table.columns)  # SQLAlchemy's own kind of text until here
        self._tables.append(TableEntry(str(table.name), columns, digest.rows, digest.sha256))

    def add_key(self, name: str, key: bytes) -> None:
        """Write a key."""
        written = key.hex().encode()
        self._archive.writestr(_key_member(name), written)
        self._keys.append(KeyEntry(name, hashlib.sha256(written).hexdigest()))

    def add_file(self, name: str, path: Path) -> None:
        """Write a file under a name."""
        sha256, size = hashlib.sha256(), 0
        with path.open("rb") as file, self._archive.open(name, "w", force_zip64=True) as member:
            while block := file.read(BLOCK):
                sha256.update(block)
                size += len(block)
                member.write(block)
        self._files.append(FileEntry(name, size, sha256.hexdigest()))

    def finish(self, revision: str, made_at: datetime) -> Manifest:
        """Write the manifest and return it."""
        manifest = Manifest(FORM, revision, made_at, tuple(self._tables), tuple(self._keys), tuple(self._files))
        self._archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        return manifest


class BackupReader:
    """Reads a backup; whatever is not as the manifest says is BackupTrouble. `reading_backup` makes it."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._archive = archive
        self.manifest = self._read_manifest()

    def rows(self, table: Table) -> Iterator[list[Row]]:
        """Give the rows of a table, some at a time; only after the last one it is known that they are right."""
        entry = next(entry for entry in self.manifest.tables if entry.name == table.name)
        decoder = msgspec.json.Decoder(_row_type(table))
        sha256, rows = hashlib.sha256(), 0
        with _damage_named(self.path, f"in table {table.name}"), self._archive.open(_member(table.name)) as member:
            for block in _whole_lines(member):
                sha256.update(block)
                part = decoder.decode_lines(block)
                rows += len(part)
                yield part
        if Digest(rows, sha256.hexdigest()) != Digest(entry.rows, entry.sha256):
            raise BackupTrouble(f"{self.path}: is damaged: table {table.name} is not what was written")

    def keys(self) -> dict[str, bytes]:
        """Return the keys by their names."""
        found = {}
        for entry in self.manifest.keys:
            with _damage_named(self.path, "in a key"):
                if not KEY_NAME.fullmatch(entry.name):
                    raise ValueError
                written = _read_short(self._archive, _key_member(entry.name), LONGEST_KEY)
                if hashlib.sha256(written).hexdigest() != entry.sha256:
                    raise ValueError
                found[entry.name] = bytes.fromhex(written.decode("ascii"))
        return found

    def file(self, entry: FileEntry) -> Iterator[bytes]:
        """Give what a file holds, some at a time; only after the last it is known that it is right."""
        sha256, size = hashlib.sha256(), 0
        with _damage_named(self.path, f"in file {entry.name}"), self._archive.open(entry.name) as member:
            while block := member.read(BLOCK):
                sha256.update(block)
                size += len(block)
                if size > entry.size:
                    raise ValueError
                yield block
        if (size, sha256.hexdigest()) != (entry.size, entry.sha256):
            raise BackupTrouble(f"{self.path}: is damaged: file {entry.name} is not what was written")

    def _read_manifest(self) -> Manifest:
        with _damage_named(self.path, "in the manifest"):
            written = _read_short(self._archive, MANIFEST, LONGEST_MANIFEST)
            form = msgspec.json.decode(written, type=_Form).form
            if form > FORM:
                raise BackupTrouble(f"{self.path}: was made by a newer version of this program; update this one first")
            return msgspec.json.decode(written, type=Manifest)


def check_place(path: Path) -> None:
    """Raise BackupTrouble unless a backup may be written there: nothing is in that place, or another backup."""
    if not os.path.isdir(path.parent):  # noqa: PTH112 - False also where nobody may look
        raise BackupTrouble(f"{path}: cannot be written: there is no folder {path.parent}")
    if os.path.lexists(path) and not _is_backup(path):
        raise BackupTrouble(f"{path}: is there already and is no backup: name another file, or move this one away")
    draft = draft_of(path)
    if os.path.lexists(draft) and not _is_begun(draft):
        raise BackupTrouble(f"{draft}: is in the way and is no backup that was begun: move it away")


@contextmanager
def writing_backup(path: Path) -> Iterator[BackupWriter]:
    """Write a backup under another name beside *path*; at the end it is on the disk, but not yet in its place.

    Raises BackupTrouble; whatever is raised, nothing of it stays.
    """
    draft = draft_of(path)
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=FASTEST) as archive:
                yield BackupWriter(archive)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        _discard(draft)
        raise BackupTrouble(f"{path}: cannot be written: {error.strerror}") from None
    except BaseException:
        _discard(draft)
        raise


def put_in_place(path: Path) -> None:
    """Let the backup that was written take its place, also that of an earlier one. Raises BackupTrouble."""
    try:
        draft_of(path).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        _discard(draft_of(path))
        raise BackupTrouble(f"{path}: cannot be written: {error.strerror}") from None


def draft_of(path: Path) -> Path:
    """Return the name under which a backup is written."""
    return path.with_name(f"{path.name}.part")


@contextmanager
def reading_backup(path: Path) -> Iterator[BackupReader]:
    """Open a backup. Raises BackupTrouble when it cannot be read, is none, or is a newer program's."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BackupTrouble(f"{path}: cannot be read: {error.strerror}") from None
    with file:
        with _damage_named(path, "or no backup"):
            archive = zipfile.ZipFile(file)
        with archive:
            yield BackupReader(path, archive)


def _is_backup(path: Path) -> bool:
    try:
        if not path.is_file():  # whatever else it may be could keep its reader waiting
            return False
        with reading_backup(path):
            return True
    except (BackupTrouble, OSError):
        return False


def _is_begun(draft: Path) -> bool:
    """Whether this may be what is left of a backup that was killed."""
    try:
        if not draft.is_file():
            return False
        with draft.open("rb") as file:
            return file.read(len(_BEGINNING)) in (b"", _BEGINNING)
    except OSError:
        return False


class _Form(msgspec.Struct):
    form: int


def _discard(draft: Path) -> None:
    with suppress(OSError):
        draft.unlink(missing_ok=True)


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _key_member(name: str) -> str:
    return f"keys/{name}.key"


def _row_type(table: Table) -> Any:
    kinds = [_TYPES[type(column.type)] for column in table.columns]
    nullable = [kind | None if column.nullable else kind for kind, column in zip(kinds, table.columns, strict=True)]
    return tuple.__class_getitem__(tuple(nullable))


def _read_short(archive: zipfile.ZipFile, name: str, longest: int) -> bytes:
    with archive.open(name) as member:
        read = member.read(longest + 1)
    if len(read) > longest:
        raise ValueError
    return read


def _whole_lines(member: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := member.read(BLOCK):
        whole, end, begun = block.rpartition(b"\n")
        if end:
            yield rest + whole + end
            rest = begun
        else:
            rest += begun
        if len(rest) > LONGEST_LINE:
            raise ValueError
    if rest:
        raise ValueError


@contextmanager
def _damage_named(path: Path, where: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupTrouble(f"{path}: cannot be read: {error.strerror or error}") from None
    except _DAMAGE:
        raise BackupTrouble(f"{path}: is damaged, {where}; use another backup") from None
