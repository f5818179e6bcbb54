"""`backup` carries the signed archives of Decisions, and `restore` brings them back, over nothing that is newer."""

import hashlib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from sync_server.core.spans import Span
from sync_server.deciding import ARCHIVE
from sync_server.store import backup_file
from sync_server.store.backup_file import Manifest
from sync_server.store.database import Database
from sync_server.store.decisions import kept_versions
from sync_server.store.issued_files import NAME
from tests.fakes.decided import amended, desk_of, issued
from tests.fakes.decision_parts import verify
from tests.fakes.small_office import SITE, seed_votes
from tests.sync_server.commands.conftest import Run

QUARTER = Span.parse("2026-Q3")
AT = datetime(2026, 10, 5, 3, tzinfo=UTC)


@pytest.fixture
def office(seeded: Database, folder: Path) -> Database:
    """An office that has issued a Decision."""
    seed_votes(seeded, [5, 4, 1], hour=datetime(2026, 8, 3, 3, tzinfo=UTC))
    issued(desk_of(seeded, folder), QUARTER, AT)
    return seeded


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "office.backup"


def contents(folder: Path) -> dict[str, bytes]:
    place = folder / "decisions"
    files = (path for path in place.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in files}


def check_archives(database: Database, folder: Path) -> None:
    with database.reading() as connection:
        for kept in kept_versions(connection, SITE):
            assert kept.folder is not None
            archive = folder / kept.folder / ARCHIVE
            assert hashlib.sha256(archive.read_bytes()).hexdigest() == kept.archive_sha256
            assert verify(archive) == []


def rewritten(file: Path, names: dict[str, str], **changed: object) -> None:
    """Give members of a backup other names, and its manifest other contents."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = msgspec.json.decode(members["manifest.json"], type=Manifest)
    members["manifest.json"] = msgspec.json.encode(msgspec.structs.replace(manifest, **changed))
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(names.get(name, name), content)


def test_a_lost_disk_costs_no_archive(run: Run, office: Database, folder: Path, file: Path) -> None:
    before = contents(folder)
    assert "1 archive of Decisions and " in run("backup", file).out
    (folder / "decisions").rename(folder / "lost")
    done = run("restore", file, "--replace")
    assert done.code == 0
    assert contents(folder) == before
    check_archives(office, folder)
    assert "set aside" not in done.out


def test_what_was_issued_since_the_backup_is_set_aside_and_not_overwritten(
    run: Run, office: Database, folder: Path, file: Path
) -> None:
    run("backup", file)
    old = contents(folder)
    amended(desk_of(office, folder), QUARTER, AT)
    newer = contents(folder)
    assert "are set aside: " in run("restore", file, "--replace").out
    assert contents(folder) == old
    [aside] = folder.glob("decisions.*.replaced")
    amended(desk_of(office, folder), QUARTER, AT)  # under the very same names
    kept = {path.relative_to(aside).as_posix(): path.read_bytes() for path in aside.rglob("*.*") if path.is_file()}
    assert {name: content for name, content in kept.items() if not name.endswith(".lock")} == newer


def test_an_archive_that_is_missing_or_not_what_was_issued_is_named(
    run: Run, office: Database, folder: Path, file: Path
) -> None:
    assert office
    [archive] = (folder / "decisions").rglob(ARCHIVE)
    archive.write_bytes(archive.read_bytes() + b"x")
    assert "is not what was issued: look for it" in run("backup", file).out
    archive.unlink()
    done = run("backup", file)
    assert done.code == 0
    assert f"! {archive.relative_to(folder)} is missing: look for it in an earlier backup" in done.out


def test_when_restoring_fails_the_files_are_as_before(
    run: Run, office: Database, folder: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", file)
    amended(desk_of(office, folder), QUARTER, AT)
    before = contents(folder)
    monkeypatch.setattr("sync_server.store.issued_files.sync", _failing)
    failed = run("restore", file, "--replace")
    assert failed.code == 2
    assert "cannot be written: No space left on device; nothing was changed" in failed.err
    assert contents(folder) == before
    assert not [*folder.glob("decisions.*")]
    check_archives(office, folder)


def test_a_damaged_file_is_named_and_nothing_is_changed(run: Run, office: Database, folder: Path, file: Path) -> None:
    run("backup", file)
    before = contents(folder)
    with zipfile.ZipFile(file) as archive:
        info = next(info for info in archive.infolist() if info.filename.endswith(ARCHIVE))
    content = bytearray(file.read_bytes())
    content[info.header_offset + 30 + len(info.filename) + 40] ^= 1
    file.write_bytes(content)
    failed = run("restore", file, "--replace")
    assert failed.code == 2
    assert "is damaged" in failed.err
    assert contents(folder) == before
    check_archives(office, folder)


@pytest.mark.parametrize(
    "name", ["decisions/../../../../keys/sia.key", "/etc/passwd", "keys/sia.key", "decisions/x.zip"]
)
def test_no_file_of_a_backup_lands_outside_its_place(
    run: Run, office: Database, folder: Path, file: Path, name: str
) -> None:
    assert not NAME.fullmatch(name)
    run("backup", file)
    with backup_file.reading_backup(file) as backup:
        first, *others = backup.manifest.files or ()
    entry = msgspec.structs.replace(first, name=name)
    rewritten(file, {first.name: name}, files=(entry, *others))
    before = contents(folder)
    failed = run("restore", file, "--replace")
    assert failed.code == 2
    assert "is damaged: no file is called" in failed.err
    assert contents(folder) == before
    assert office


def test_a_backup_of_before_leaves_the_files_that_are_here(
    run: Run, office: Database, folder: Path, file: Path
) -> None:
    run("backup", file)
    rewritten(file, {}, files=None)
    before = contents(folder)
    assert run("restore", file, "--replace").code == 0
    assert contents(folder) == before
    check_archives(office, folder)


def _failing(_path: Path) -> None:
    raise OSError(28, "No space left on device")
