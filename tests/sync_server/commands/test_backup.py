"""`backup` and `restore`: all of an office in one file, and back, in another folder and another database."""

import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync_server.__main__ import main
from sync_server.commands.progress import Progress
from sync_server.keys import site_key, stick_keys
from sync_server.store import revisions
from sync_server.store.backup_file import draft_of, reading_backup
from sync_server.store.database import Database
from tests.fakes.databases import KINDS, new_database
from tests.fakes.full_office import FullOffice, everything
from tests.fakes.old_tables import fill_first_tables
from tests.fakes.small_office import seed_kiosk, seed_office, seed_votes
from tests.sync_server.commands.conftest import Outcome

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Server:
    """A server's folder, settings and database."""

    folder: Path
    url: str
    capsys: pytest.CaptureFixture[str]

    @property
    def settings(self) -> Path:
        return self.folder / "server.toml"

    def run(self, *arguments: str | Path) -> Outcome:
        code = main(["--settings", str(self.settings), *map(str, arguments)])
        captured = self.capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    def content(self) -> dict[str, object]:
        database = Database(self.url)
        found = everything(database)
        database.close()
        return {**found, "changes": [], "kiosk_status": []}


MakeServer = Callable[..., Server]


@pytest.fixture
def make_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[MakeServer]:
    """Make a server of a kind, with tables and an office or with neither."""
    with ExitStack() as stack:

        def make(name: str, kind: str, *, filled: bool) -> Server:
            folder = tmp_path / name
            folder.mkdir()
            server = Server(folder, stack.enter_context(new_database(kind, folder, tables=filled)), capsys)
            server.settings.write_text(f'[storage]\nfolder = "."\ndatabase = "{server.url}"\n')
            if filled:
                database = Database(server.url)
                seed_office(database)
                seed_kiosk(database)
                seed_votes(database, [5, 4, 3])
                database.close()
                site_key(folder, "sia")
            return server

        yield make


@pytest.fixture
def old(make_server: MakeServer, kind: str) -> Server:
    return make_server("old", kind, filled=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "office.backup"


@pytest.mark.parametrize("other", KINDS)
def test_an_office_moves_to_another_server(make_server: MakeServer, old: Server, file: Path, other: str) -> None:
    done = old.run("backup", file)
    assert (done.code, done.err) == (0, "")
    assert done.out == f"{file}: 3 votes of 1 kiosk at 1 site, and 1 key; read back and found whole\n"
    new = make_server("new", other, filled=False)
    restored = new.run("restore", file)
    assert (restored.code, restored.err) == (0, "")
    assert re.match(
        r"restored and verified: 3 votes of 1 kiosk at 1 site, and 1 key, as of \d{4}-\d\d-\d\d \d\d:\d\d UTC\n"
        r"Nothing more to do: kiosks notice what is missing",
        restored.out,
    )
    assert new.content() == old.content()
    assert site_key(new.folder, "sia") == site_key(old.folder, "sia")
    assert (new.folder / "keys" / "sia.key").stat().st_mode & 0o777 == 0o600
    for quarter in ("2026-Q4",):
        assert new.run("figures", quarter, "--format", "json") == old.run("figures", quarter, "--format", "json")


def test_sticks_that_are_on_their_way_can_be_read_by_the_restored_server(
    make_server: MakeServer, old: Server, file: Path, kind: str
) -> None:
    keys = stick_keys(old.folder)
    assert "and 3 keys" in old.run("backup", file).out
    new = make_server("new", kind, filled=False)
    assert new.run("restore", file).code == 0
    assert stick_keys(new.folder) == keys


def test_a_database_that_is_not_empty_is_replaced_only_when_told(
    make_server: MakeServer, old: Server, file: Path, kind: str
) -> None:
    old.run("backup", file)
    new = make_server("new", kind, filled=True)
    (new.folder / "keys" / "sia.key").write_text((old.folder / "keys" / "sia.key").read_text())
    before = new.content()
    refused = new.run("restore", file)
    assert (refused.code, refused.out) == (2, "")
    assert "not empty; --replace" in refused.err
    assert new.content() == before
    assert new.run("restore", file, "--replace").code == 0
    assert new.content() == old.content()


def test_what_was_done_to_kiosks_since_the_backup_stays_and_is_named(old: Server, file: Path) -> None:
    old.run("backup", file)
    assert old.run("kiosk", "revoke", "sia", "kiosk-1").code == 0
    done = old.run("restore", file, "--replace")
    assert "kept as it was here, revoked since: sia kiosk-1\n" in done.out
    assert "other passwords" not in done.out


def test_another_key_is_never_lost(make_server: MakeServer, old: Server, file: Path, kind: str) -> None:
    old.run("backup", file)
    new = make_server("new", kind, filled=False)
    its_own = site_key(new.folder, "sia")
    refused = new.run("restore", file)
    assert refused.code == 2
    assert "sia.key: is not the key in the backup; --replace" in refused.err
    assert new.run("restore", file, "--replace").code == 0
    assert site_key(new.folder, "sia") == site_key(old.folder, "sia")
    [aside] = (new.folder / "keys").glob("sia.key.*.replaced")
    assert bytes.fromhex(aside.read_text()) == its_own


def test_when_restoring_fails_the_keys_are_as_before(
    make_server: MakeServer, old: Server, file: Path, kind: str
) -> None:
    old.run("backup", file)
    new = make_server("new", kind, filled=True)
    its_own = site_key(new.folder, "sia")
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    failed = new.run("restore", file, "--replace")
    assert (failed.code, failed.out, len(failed.err.splitlines())) == (2, "", 1)
    assert "damaged" in failed.err
    assert site_key(new.folder, "sia") == its_own
    assert [path.name for path in (new.folder / "keys").iterdir()] == ["sia.key"]


def test_a_backup_of_an_earlier_version_says_that_it_was_brought_up_to_date(
    make_server: MakeServer, file: Path, kind: str
) -> None:
    first = make_server("first", kind, filled=False)
    database = Database(first.url)
    with database.rebuilding() as connection:
        revisions.upgrade(connection, "0001")
        fill_first_tables(connection)
    database.close()
    assert first.run("backup", file).code == 0
    done = make_server("new", kind, filled=False).run("restore", file)
    assert f"brought from revision 0001 to {revisions.newest()}" in done.out


def test_what_cannot_be_done_is_one_sentence(make_server: MakeServer, old: Server, file: Path, kind: str) -> None:
    nothing_yet = make_server("empty", kind, filled=False)
    mistakes: tuple[tuple[Server, list[str | Path], str], ...] = (
        (nothing_yet, ["backup", file], "there is no database" if kind == "sqlite" else "nothing to back up"),
        (old, ["backup", file.parent / "nowhere" / "x"], f"there is no folder {file.parent / 'nowhere'}"),
        (old, ["restore", file], "cannot be read: No such file or directory"),
        (old, ["restore", old.settings], "damaged, or no backup"),
    )
    for server, arguments, reason in mistakes:
        done = server.run(*arguments)
        assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)
        assert reason in done.err


def test_a_backup_replaces_an_earlier_backup_and_never_another_file(old: Server, file: Path, tmp_path: Path) -> None:
    assert old.run("backup", file).code == old.run("backup", file).code == 0
    folder = tmp_path / "a folder"
    folder.mkdir()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    letter = tmp_path / "letter"
    letter.write_text("Kính gửi")
    archive = tmp_path / "archive.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("manifest.json", "{}")
    for place in (folder, pipe, link, letter, archive):
        before = place.lstat()
        done = old.run("backup", place)
        assert (done.code, done.out) == (2, "")
        assert done.err == (
            f"sync_server: {place}: is there already and is no backup: name another file, or move this one away\n"
        )
        assert (place.lstat().st_ino, place.lstat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        assert not draft_of(place).exists()


def test_a_backup_never_takes_the_place_of_what_the_server_needs(old: Server) -> None:
    key = old.folder / "keys" / "sia.key"
    database = old.folder / "server.sqlite"
    kept_in_a_file = [database.with_name(f"server.sqlite{ending}") for ending in ("", "-wal", "-shm", "-journal")]
    if not old.url.startswith("sqlite"):
        kept_in_a_file = []
    keys = key.read_bytes()
    for place in (old.settings, key, key.with_name("phu.key"), *kept_in_a_file):
        before = place.read_bytes() if place.exists() else None
        done = old.run("backup", place)
        assert (done.code, done.out) == (2, "")
        assert done.err == f"sync_server: {place}: is the place of a file that the server needs: name another one\n"
        assert (place.read_bytes() if place.exists() else None) == before
    assert key.read_bytes() == keys


def test_what_a_backup_is_written_as_first_does_not_cost_another_file_either(old: Server, file: Path) -> None:
    for begun in (b"", b"PK\x03\x04 and then it was killed"):
        draft_of(file).write_bytes(begun)
        assert old.run("backup", file).code == 0
    draft_of(file).write_text("Kính gửi")
    done = old.run("backup", file)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"sync_server: {file}.part: is in the way and is no backup that was begun: move it away\n"
    assert draft_of(file).read_text() == "Kính gửi"
    draft_of(file).unlink()
    draft_of(file).mkdir()
    assert old.run("backup", file).code == 2


@pytest.mark.journey
def test_a_backup_that_is_killed_leaves_the_earlier_one_and_the_next_is_whole(old: Server, file: Path) -> None:
    assert old.run("backup", file).code == 0
    earlier = file.read_bytes()
    database = Database(old.url)
    FullOffice(1, votes=2_000).fill(database)
    database.close()
    command = [sys.executable, "-m", "sync_server", "--settings", str(old.settings), "backup", str(file)]
    for size in (1, 100_000):
        draft_of(file).unlink(missing_ok=True)
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
            while running.poll() is None and not (draft_of(file).exists() and draft_of(file).stat().st_size >= size):
                pass
            running.send_signal(signal.SIGKILL)
        assert running.returncode == -signal.SIGKILL
        assert file.read_bytes() == earlier
    assert old.run("backup", file).code == 0
    assert not draft_of(file).exists()
    with reading_backup(file) as backup:
        assert backup.manifest.rows_of("votes") == 3 + 8 * 2_000


def test_progress_is_told_only_of_what_lasts(capsys: pytest.CaptureFixture[str]) -> None:
    moment = 0.0
    progress = Progress(lambda: moment)
    for moment in (0.5, 1.9, 2.0, 2.1, 3.9, 4.1):
        progress("writing votes", int(moment * 10_000), 1_000_000)
    assert capsys.readouterr().err.splitlines() == [
        "writing votes: 20,000 of 1,000,000",
        "writing votes: 41,000 of 1,000,000",
    ]
