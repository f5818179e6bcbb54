"""A backup is one moment, whole; and restoring it gives back exactly that, in either database, or changes nothing."""

import hashlib
import itertools
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from protocol.chain import EMPTY
from protocol.messages import Replaced, ReplacedBecause
from protocol.topics import Address
from sync_server.core.acceptance import Held
from sync_server.core.completeness import assess
from sync_server.core.quarter import local_day
from sync_server.store import backup as backup_module
from sync_server.store import revisions
from sync_server.store.backup import back_up, check, restore
from sync_server.store.backup_file import BackupTrouble, Manifest, draft_of, reading_backup
from sync_server.store.bulk import bulk_insert
from sync_server.store.changes import Subject, bump, change_number
from sync_server.store.database import Connection, Database, DatabaseTrouble
from sync_server.store.export_keys import KeyOwner, give_export_key, owner_of
from sync_server.store.fleet import Standing, add_kiosk, password_fits, renew_password, revoke_kiosk, standings
from sync_server.store.ledger import Move, begin_stream, kiosk_ledgers, move_streams, note_replacement
from sync_server.store.quarantine import SetApart, set_apart
from sync_server.store.registrations import Kept
from sync_server.store.reports import save_status
from sync_server.store.schema import admins, kiosks, metadata, quarantine, sites, streams
from tests.fakes import postgres
from tests.fakes.databases import KINDS, new_database
from tests.fakes.full_office import FullOffice, everything
from tests.fakes.kiosk_says import a_status
from tests.fakes.old_tables import fill_first_tables
from tests.fakes.small_disk import small_disk
from tests.fakes.small_office import NOW, STREAM, migrated, seed_kiosk, seed_office, seed_votes

NOT_RESTORED = ("changes", "kiosk_status")
KEYS = {"sia": bytes(range(32)), "a-b": bytes(32), "stick.votes": bytes(range(1, 33))}


def silent(_what: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def nothing() -> None:
    """No keys are put anywhere."""


def save(database: Database, path: Path) -> Manifest:
    return back_up(database, KEYS, path.parent / "server", path, NOW, silent).manifest


def load(database: Database, path: Path, put_keys: Callable[[], None] = nothing, *, replace: bool = False) -> Kept:
    with reading_backup(path) as backup:
        backup.keys()
        return restore(database, backup, put_keys, silent, replace=replace)


def without(names: Iterable[str], tables: dict[str, Any]) -> dict[str, Any]:
    return {name: rows for name, rows in tables.items() if name not in names}


@pytest.fixture
def full(database: Database, seed: int) -> Database:
    FullOffice(seed).fill(database)
    return database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "office.backup"


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    opened = Database(empty_url)
    yield opened
    opened.close()


# --- there and back ----------------------------------------------------------------------------------


def test_every_table_is_tried(full: Database) -> None:
    assert [name for name, rows in everything(full).items() if not rows] == []


@pytest.mark.parametrize("target", KINDS)
def test_all_comes_back_exactly_in_either_database(full: Database, path: Path, tmp_path: Path, target: str) -> None:
    manifest = save(full, path)
    with ExitStack() as stack:
        (tmp_path / "target").mkdir()
        other = Database(stack.enter_context(new_database(target, tmp_path / "target", tables=False)))
        stack.callback(other.close)
        load(other, path)
        before, after = everything(full), everything(other)
        assert {row[0]: row[1] + 1 for row in before.pop("changes")} == dict(after.pop("changes"))
        assert before.pop("kiosk_status")
        assert after.pop("kiosk_status") == []
        assert after == before
        again = save(other, tmp_path / "again.backup")
    assert [entry for entry in again.tables if entry.name not in NOT_RESTORED] == [
        entry for entry in manifest.tables if entry.name not in NOT_RESTORED
    ]


def test_the_keys_come_with_it(full: Database, path: Path) -> None:
    save(full, path)
    with reading_backup(path) as backup:
        assert backup.keys() == KEYS
        assert [entry.name for entry in backup.manifest.keys] == sorted(KEYS)


def test_what_the_manifest_says_is_true_and_readable_by_other_tools(full: Database, path: Path) -> None:
    manifest = save(full, path)
    with zipfile.ZipFile(path) as archive:
        written = json.loads(archive.read("manifest.json"))
        assert written["revision"] == revisions.newest()
        assert [entry["name"] for entry in written["tables"]] == [entry.name for entry in manifest.tables]
        for entry in manifest.tables:
            lines = archive.read(f"tables/{entry.name}.jsonl")
            assert hashlib.sha256(lines).hexdigest() == entry.sha256
            rows = [json.loads(line) for line in lines.splitlines()]
            assert len(rows) == entry.rows == manifest.rows_of(entry.name)
            assert all(len(row) == len(entry.columns) for row in rows)
    assert manifest.rows_of("no such table") == 0


def test_it_is_for_its_owners_eyes_only(full: Database, path: Path) -> None:
    save(full, path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir() if "backup" in file.name] == [path.name]


def test_numbers_that_the_database_gives_out_go_on_behind_the_restored_ones(
    full: Database, path: Path, empty: Database
) -> None:
    save(full, path)
    load(empty, path)
    with empty.writing() as connection:
        highest = connection.execute(select(quarantine.c.id).order_by(quarantine.c.id.desc())).scalars().first()
        set_apart(connection, [SetApart("topic", "why", b"", NOW)])
        newest = connection.execute(select(quarantine.c.id).order_by(quarantine.c.id.desc())).scalars().first()
    assert highest is not None
    assert newest == highest + 1


def test_an_empty_office_can_be_saved_too(database: Database, path: Path, empty: Database) -> None:
    save(database, path)
    load(empty, path)
    with empty.writing() as connection:
        set_apart(connection, [SetApart("topic", "why", b"", NOW)])
    assert empty.revision() == revisions.newest()


@pytest.mark.skipif(postgres.unavailable() is not None, reason=str(postgres.unavailable()))
def test_the_order_of_rows_does_not_depend_on_the_language_of_a_database(tmp_path: Path, seed: int) -> None:
    cluster = postgres.shared()
    name = f"icu_{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:8]}"
    cluster.execute(
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'vi'"
        " STRATEGY file_copy"
    )
    try:
        database, plain = Database(cluster.url(name)), migrated(tmp_path)
        database.migrate()
        digests = []
        for each in (database, plain):
            FullOffice(seed).fill(each)
            digests.append(save(each, tmp_path / "office.backup").tables)
            each.close()
        assert digests[0] == digests[1]
    finally:
        cluster.drop(name)


def test_text_that_only_one_of_them_keeps_does_not_stop_a_move(tmp_path: Path, path: Path, empty: Database) -> None:
    old = migrated(tmp_path)
    with old.writing() as connection:
        connection.execute(insert(admins).values(admin="ha", name="a\0b", added_at=NOW))
    save(old, path)
    old.close()
    load(empty, path)
    assert everything(empty)["admins"] == [("ha", "a\ufffdb", NOW)]


# --- one moment --------------------------------------------------------------------------------------


def test_what_is_written_meanwhile_waits_for_nothing_and_is_not_in_it(
    full: Database, path: Path, empty: Database
) -> None:
    before = everything(full)
    numbers = itertools.count()

    def write_something(_what: str, _done: int, _total: int) -> None:
        with full.writing() as connection:
            connection.execute(insert(sites).values(site=f"new-{next(numbers)}"))
            connection.execute(text("DELETE FROM answers WHERE level = 5"))
            bump(connection)

    back_up(full, KEYS, path.parent, path, NOW, write_something)
    assert next(numbers) > 20
    assert len(everything(full)["answers"]) < len(before["answers"])
    load(empty, path)
    assert without(NOT_RESTORED, everything(empty)) == without(NOT_RESTORED, before)


# --- not whole ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", (0, 20, 40))
def test_a_backup_that_fails_leaves_the_earlier_one(full: Database, path: Path, after: int) -> None:
    save(full, path)
    earlier = path.read_bytes()
    steps = itertools.count()

    def fail(_what: str, _done: int, _total: int) -> None:
        if next(steps) == after:
            raise ZeroDivisionError

    try:
        back_up(full, {}, path.parent, path, NOW, fail)
    except ZeroDivisionError:
        assert path.read_bytes() == earlier
    assert not draft_of(path).exists()


def test_what_an_earlier_attempt_left_is_no_trouble(full: Database, path: Path) -> None:
    draft_of(path).write_bytes(b"PK\x03\x04 and half of something")
    save(full, path)
    assert not draft_of(path).exists()


def test_a_disk_that_is_full_is_named_and_leaves_nothing(full: Database, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 64) as disk:
        with pytest.raises(BackupTrouble, match="No space left"):
            save(full, disk / "office.backup")
        assert list(disk.iterdir()) == []


@pytest.mark.parametrize("where", ["no folder/office.backup", ""])
def test_a_place_where_nothing_can_be_written_is_named(full: Database, tmp_path: Path, where: str) -> None:
    with pytest.raises(BackupTrouble, match=r"cannot be written: there is no folder .*no folder$|and is no backup"):
        save(full, tmp_path / where)


def test_a_database_without_tables_is_nothing_to_back_up(empty: Database, path: Path) -> None:
    with pytest.raises(BackupTrouble, match="no tables yet"):
        save(empty, path)
    assert not path.exists()
    assert not draft_of(path).exists()


class TestDamage:
    """Whatever happens to the file: it is refused in a sentence, and the database is as before."""

    @pytest.fixture
    def small(self, tmp_path: Path, seed: int) -> Path:
        database = migrated(tmp_path)
        FullOffice(seed, votes=2).fill(database)
        path = tmp_path / "small.backup"
        save(database, path)
        database.close()
        return path

    @pytest.fixture
    def target(self, tmp_path: Path) -> Iterator[Database]:
        (tmp_path / "target").mkdir()
        database = migrated(tmp_path / "target")
        yield database
        database.close()

    def test_a_byte_that_is_another(self, small: Path, target: Database, seed: int) -> None:
        good, chance = small.read_bytes(), random.Random(seed)
        expected, outcomes = self.content(small), {"refused": 0, "harmless": 0}
        for _ in range(300):
            place = chance.randrange(len(good))
            small.write_bytes(good[:place] + bytes([good[place] ^ chance.randint(1, 255)]) + good[place + 1 :])
            try:
                assert self.content(small) == expected
                outcomes["harmless"] += 1  # a time of a file in the archive, say
            except BackupTrouble as error:
                assert str(small) in str(error)
                assert len(str(error).splitlines()) == 1
                outcomes["refused"] += 1
        assert outcomes["refused"] > outcomes["harmless"]

    @staticmethod
    def content(path: Path) -> list[object]:
        with reading_backup(path) as backup:
            check(backup, silent)
            tables = revisions.tables_of(backup.manifest.revision)
            return [backup.keys(), [list(backup.rows(table)) for table in tables]]

    def test_damage_that_shows_only_late_leaves_the_database_as_it_was(self, small: Path, target: Database) -> None:
        FullOffice(1, votes=2).fill(target)
        before = everything(target)
        self.rewrite(small, {"tables/votes.jsonl": lambda lines: lines.replace(b"1.001193", b"1.001194", 1)[:-1]})
        with pytest.raises(BackupTrouble, match="damaged, in table votes"):
            load(target, small, replace=True)
        assert everything(target) == before

    def test_an_end_that_is_missing(self, small: Path, target: Database, seed: int) -> None:
        good, chance = small.read_bytes(), random.Random(seed)
        for length in (0, 1, len(good) - 1, *(chance.randrange(len(good)) for _ in range(30))):
            small.write_bytes(good[:length])
            with pytest.raises(BackupTrouble, match="damaged"):
                load(target, small)
        assert everything(target)["sites"] == []

    def test_a_file_that_is_something_else(self, small: Path, target: Database) -> None:
        small.write_text("dear diary")
        with pytest.raises(BackupTrouble, match="damaged, or no backup"):
            load(target, small)
        with zipfile.ZipFile(small, "w") as archive:
            archive.writestr("diary.txt", "dear diary")
        with pytest.raises(BackupTrouble, match="manifest"):
            load(target, small)

    def test_a_file_that_is_not_there(self, tmp_path: Path, target: Database) -> None:
        with pytest.raises(BackupTrouble, match="cannot be read: No such file"):
            load(target, tmp_path / "none.backup")
        with pytest.raises(BackupTrouble, match="cannot be read: Is a directory"):
            load(target, tmp_path)

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda manifest: {**manifest, "form": 2, "tables": "elsewhere"}, "newer version"),
            (lambda manifest: {**manifest, "revision": "9999"}, "newer version"),
            (lambda manifest: {**manifest, "revision": "0001"}, "not those of revision 0001"),
            (lambda manifest: {**manifest, "tables": manifest["tables"][1:]}, "its tables are not those"),
            (lambda manifest: {**manifest, "tables": [*manifest["tables"], manifest["tables"][0]]}, "its tables"),
            (lambda manifest: {**manifest, "keys": [{"name": "../../etc/x", "sha256": ""}]}, "in a key"),
            (lambda manifest: {**manifest, "keys": [{"name": "sia", "sha256": ""}]}, "in a key"),
            (lambda manifest: {**manifest, "made_at": "yesterday"}, "in the manifest"),
            (lambda manifest: {**manifest, "padding": " " * (1 << 20)}, "in the manifest"),
        ],
    )
    def test_a_manifest_that_says_something_else(
        self, small: Path, target: Database, change: Callable[[Any], Any], reason: str
    ) -> None:
        self.rewrite(small, {"manifest.json": lambda written: json.dumps(change(json.loads(written))).encode()})
        with pytest.raises(BackupTrouble, match=reason):
            load(target, small)
        assert everything(target)["sites"] == []

    @pytest.mark.parametrize(
        "lines",
        [
            b'["sia","office"]\n',
            b"[7]\n",
            b'["sia"]',
            b'["sia"]\nx\n',
            b"[" * 5_000_000,
            b'["' + b"x" * 5_000_000 + b'"]\n',
            b"",
            b'["sia"]\n["sia"]\n',
        ],
    )
    def test_rows_that_are_none_or_others(self, small: Path, target: Database, lines: bytes) -> None:
        self.rewrite(small, {"tables/sites.jsonl": lambda _: lines})
        with pytest.raises(BackupTrouble):
            load(target, small)
        assert everything(target)["sites"] == []

    def test_rows_that_are_well_signed_but_impossible(self, small: Path, target: Database) -> None:
        lines = b'["sia"]\n["sia"]\n'

        def sign(written: bytes) -> bytes:
            manifest = json.loads(written)
            for entry in manifest["tables"]:
                if entry["name"] == "sites":
                    entry |= {"rows": 2, "sha256": hashlib.sha256(lines).hexdigest()}
            return json.dumps(manifest).encode()

        self.rewrite(small, {"tables/sites.jsonl": lambda _: lines, "manifest.json": sign})
        with pytest.raises(BackupTrouble, match="this database refuses"):
            load(target, small)

    @staticmethod
    def rewrite(path: Path, changes: dict[str, Callable[[bytes], bytes]]) -> None:
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, changes[name](content) if name in changes else content)


# --- into what is there ------------------------------------------------------------------------------


def test_a_database_with_something_in_it_is_left_alone_unless_told(full: Database, path: Path) -> None:
    save(full, path)
    with full.writing() as connection:
        connection.execute(insert(sites).values(site="since"))
    before = everything(full)
    with pytest.raises(BackupTrouble, match="not empty; --replace"):
        load(full, path)
    assert everything(full) == before
    load(full, path, replace=True)
    assert [row for row in everything(full)["sites"] if row[0] == "since"] == []
    assert len(everything(full)["sites"]) == len(before["sites"]) - 1


def test_whatever_fails_to_the_very_end_nothing_is_changed(full: Database, path: Path) -> None:
    save(full, path)
    with full.writing() as connection:
        connection.execute(insert(sites).values(site="since"))
    before = everything(full)

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        load(full, path, fail, replace=True)
    assert everything(full) == before
    with full.writing() as connection:
        set_apart(connection, [SetApart("topic", "why", b"", NOW)])


def test_rows_that_do_not_arrive_as_they_were_written_are_noticed(
    full: Database, path: Path, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(connection: Connection, table: Any, columns: Any, rows: Any, **how: Any) -> int:
        return bulk_insert(connection, table, columns, rows[1:] if table.name == "answers" else rows, **how)

    save(full, path)
    monkeypatch.setattr(backup_module, "bulk_insert", forgetful)
    with pytest.raises(BackupTrouble, match="table answers is not in the database as it was written"):
        load(empty, path)
    assert empty.revision() is None


def test_every_reader_notices_that_all_may_be_different(full: Database, path: Path) -> None:
    save(full, path)
    with full.writing() as connection:
        bump(connection)
        bump(connection)
    before = {subject: change_number(full, subject) for subject in Subject}
    load(full, path, replace=True)
    assert all(change_number(full, subject) > number for subject, number in before.items())


def test_tables_of_others_in_the_same_database_are_not_touched(full: Database, path: Path) -> None:
    save(full, path)
    with full.writing() as connection:
        connection.execute(text("CREATE TABLE theirs (x INTEGER)"))
        connection.execute(text("INSERT INTO theirs VALUES (7)"))
    load(full, path, replace=True)
    with full.reading() as connection:
        assert connection.scalar(text("SELECT x FROM theirs")) == 7
    assert "theirs" not in {entry.name for entry in save(full, path).tables}


# --- who may send ------------------------------------------------------------------------------------


KIOSK, SINCE = Address("sia", "kiosk-1"), Address("xa-moi", "kiosk-9")


@pytest.fixture
def small(database: Database) -> Database:
    """An office of one kiosk, which has sent three votes, says so, and signs with a key."""
    seed_office(database)
    seed_kiosk(database, heard=datetime.now(UTC), status=a_status(stream=STREAM, highest=3, waiting=0))
    seed_votes(database, [5, 4, 3])
    with database.writing() as connection:
        give_export_key(connection, KIOSK, b"1" * 32, NOW)
    return database


def test_a_password_that_was_renewed_since_stays_the_one_that_fits(small: Database, path: Path) -> None:
    save(small, path)
    with small.writing() as connection:
        password = renew_password(connection, KIOSK)
        give_export_key(connection, KIOSK, b"2" * 32, NOW)
    assert load(small, path, replace=True) == Kept(renewed=(KIOSK,))
    with small.reading() as connection:
        assert password_fits(connection, KIOSK, password)
        assert owner_of(connection, b"2" * 32) == KeyOwner(KIOSK, None, None)
        assert owner_of(connection, b"1" * 32) == KeyOwner(KIOSK, NOW, None)


def test_a_kiosk_that_was_revoked_since_stays_out(small: Database, path: Path) -> None:
    save(small, path)
    with small.writing() as connection:
        revoke_kiosk(connection, KIOSK, NOW)
    assert load(small, path, replace=True) == Kept(revoked=(KIOSK,))
    with small.reading() as connection:
        assert standings(connection, [KIOSK]) == {KIOSK: Standing.REVOKED}


def test_a_kiosk_that_was_let_in_again_since_stays_in(small: Database, path: Path) -> None:
    with small.writing() as connection:
        revoke_kiosk(connection, KIOSK, NOW)
    save(small, path)
    with small.writing() as connection:
        password = renew_password(connection, KIOSK)
    assert load(small, path, replace=True) == Kept(renewed=(KIOSK,))
    with small.reading() as connection:
        assert password_fits(connection, KIOSK, password)


def test_a_newer_backup_over_an_older_state_undoes_no_revocation(small: Database, path: Path, tmp_path: Path) -> None:
    save(small, path)
    with small.writing() as connection:
        revoke_kiosk(connection, KIOSK, NOW)
    save(small, tmp_path / "newer.backup")
    with small.writing() as connection:
        connection.execute(update(kiosks).values(revoked_at=None))
    assert load(small, tmp_path / "newer.backup", replace=True) == Kept()
    with small.reading() as connection:
        assert standings(connection, [KIOSK]) == {KIOSK: Standing.REVOKED}


def test_a_kiosk_that_was_registered_since_stays_and_is_missed_until_it_has_sent_again(
    small: Database, path: Path
) -> None:
    save(small, path)
    with small.writing() as connection:
        connection.execute(insert(sites).values(site=SINCE.site))
        password = add_kiosk(connection, SINCE, NOW)
        assert password is not None
        give_export_key(connection, SINCE, b"9" * 32, NOW)
        numbers = {"stored_up_to": 7, "chain": "c" * 32, "highest_announced": 9, "conflicts": 0}
        seen = {"first_seen": NOW, "last_seen": NOW}
        connection.execute(
            insert(streams).values(stream="9" * 32, site=SINCE.site, kiosk=SINCE.kiosk, **numbers, **seen)
        )
    assert load(small, path, replace=True) == Kept(registered=(SINCE,))
    with small.reading() as connection:
        assert password_fits(connection, SINCE, password)
        assert owner_of(connection, b"9" * 32) == KeyOwner(SINCE, None, None)
        [kept] = connection.execute(select(streams).where(streams.c.site == SINCE.site)).all()
    assert (kept.stored_up_to, kept.chain, kept.highest_announced) == (0, EMPTY, 9)
    assert not complete(small, SINCE.site)


def test_votes_that_were_heard_of_since_are_missed_even_if_their_kiosk_never_speaks_again(
    small: Database, path: Path
) -> None:
    save(small, path)
    seed_votes(small, [1, 1])
    load(small, path, replace=True)
    with small.reading() as connection:
        [stream] = connection.execute(select(streams)).all()
    assert (stream.stored_up_to, stream.highest_announced) == (3, 5)


@pytest.mark.parametrize(("lost", "closed"), [(0, True), (1, False)])
def test_a_stream_that_ended_since_stays_closed_if_the_backup_has_all_of_it(
    small: Database, path: Path, lost: int, closed: bool
) -> None:
    with small.writing() as connection:
        begin_stream(connection, "a" * 32, KIOSK, NOW)
        move_streams(connection, [Move("a" * 32, 0, Held(5, "c" * 32), 5)], NOW)
    save(small, path)
    with small.writing() as connection:
        move_streams(connection, [Move("a" * 32, 5, Held(5 + lost, "d" * 32), 5 + lost)], NOW)
        for stream in ("b" * 32, "e" * 32):
            begin_stream(connection, stream, KIOSK, NOW)
        move_streams(connection, [Move("b" * 32, 0, Held(2, "c" * 32), 2)], NOW)
        note_replacement(connection, "b" * 32, KIOSK, Replaced("a" * 32, ReplacedBecause.DAMAGED, 3), NOW)
        note_replacement(connection, "e" * 32, KIOSK, Replaced("b" * 32, ReplacedBecause.COPIED, 2), NOW)
    load(small, path, replace=True)
    with small.reading() as connection:
        wanted = [streams.c.stream, streams.c.stored_up_to, streams.c.closed_because, streams.c.replaces]
        rows = connection.execute(select(*wanted).where(streams.c.kiosk == KIOSK.kiosk).order_by(streams.c.stream))
        kept = [tuple(row) for row in rows if row.stream[0] in "abe"]
    assert kept == [
        ("a" * 32, 5, "damaged" if closed else None, None),
        ("b" * 32, 0, None, "a" * 32),  # whether all of its votes are in the next one, nobody knows
        ("e" * 32, 0, None, "b" * 32),
    ]


def test_no_kiosk_is_taken_for_complete_before_it_has_spoken(small: Database, path: Path, empty: Database) -> None:
    assert complete(small, "sia")
    save(small, path)
    assert load(small, path, replace=True) == Kept()
    assert load(empty, path) == Kept()
    for database in (small, empty):
        assert not complete(database, "sia")
        with database.writing() as connection:
            save_status(connection, KIOSK, a_status(stream=STREAM, highest=3, waiting=0), datetime.now(UTC))
        assert complete(database, "sia")


def test_the_kiosks_of_the_first_tables_stay_too(path: Path, database: Database, empty: Database) -> None:
    save(database, path)
    with empty.rebuilding() as connection:
        revisions.upgrade(connection, "0001")
        fill_first_tables(connection)
    kept = load(empty, path, replace=True)
    assert kept.registered
    with empty.reading() as connection:
        assert set(standings(connection, kept.registered)) == set(kept.registered)


def complete(database: Database, site: str) -> bool:
    now = datetime.now(UTC)
    return all(assess(ledger, local_day(now), now).complete for ledger in kiosk_ledgers(database, site))


# --- from earlier versions ---------------------------------------------------------------------------


def test_a_backup_of_the_first_tables_is_restored_and_brought_up_to_date(
    empty: Database, path: Path, database: Database
) -> None:
    with empty.rebuilding() as connection:
        revisions.upgrade(connection, "0001")
        fill_first_tables(connection)
    manifest = save(empty, path)
    assert (manifest.revision, empty.revision()) == ("0001", "0001")  # backing up changes nothing
    load(database, path)
    empty.migrate()
    restored, migrated_ = everything(database), everything(empty)
    assert without(NOT_RESTORED, restored) == without(NOT_RESTORED, migrated_)
    assert restored["changes"][:3] == [(1, 42), (2, 1), (3, 1)]


def test_the_tables_of_a_revision_are_those_of_the_schema() -> None:
    made = revisions.tables_of(revisions.newest())
    assert {table.name: set(table.columns.keys()) for table in made} == {
        table.name: set(table.columns.keys()) for table in metadata.sorted_tables
    }


def test_a_database_of_a_newer_program_is_not_backed_up(database: Database, path: Path) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTrouble, match="newer version"):
        save(database, path)
    assert not path.exists()


# --- large -------------------------------------------------------------------------------------------


MEMORY = """
import resource, sys
from pathlib import Path
from tests.fakes.full_office import FullOffice
from tests.fakes.small_office import migrated
from tests.sync_server.store.test_backup import load, save

for votes in (500, 6_000):
    folder = Path(sys.argv[1]) / str(votes)
    (folder / "target").mkdir(parents=True)
    source, target = migrated(folder), migrated(folder / "target")
    FullOffice(1, votes).fill(source)
    save(source, folder / "office.backup")
    load(target, folder / "office.backup")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_twelve_times_the_votes_take_no_more_memory(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path)], cwd=root, capture_output=True, text=True, timeout=300, check=True
    )
    some, many = map(int, done.stdout.split())  # KiB; the rows of all votes together would be 100 MiB
    assert many - some < 20 * 1024
