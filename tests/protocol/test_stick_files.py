"""A file on a stick is there whole or not at all, whatever the stick is like."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from protocol.stick_files import MOST_FILES, StickTrouble, files_on, read_file, remove, write_whole
from tests.fakes.small_disk import fill, small_disk

ROOT = Path(__file__).parents[2]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_is_read_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.hailong"
    for data in (b"one", b"two" * 100_000, b""):
        write_whole(path, data)
        assert read_file(path, 1_000_000) == data
        assert names(tmp_path) == ["a.hailong"]


def test_the_next_machine_may_read_it_whatever_this_one_s_habits_are(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_whole(tmp_path / "a.hailong", b"sealed")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.hailong").stat().st_mode) == 0o644


def test_a_part_of_an_attempt_that_was_cut_off_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "a.hailong.part").write_bytes(b"ha")
    write_whole(tmp_path / "a.hailong", b"whole")
    assert names(tmp_path) == ["a.hailong"]


def test_a_full_stick_is_named_and_left_as_it_was(tmp_path: Path) -> None:
    with small_disk(tmp_path / "stick", kilobytes=256) as stick:
        write_whole(stick / "old.hailong", b"old")
        filler = fill(stick)
        for name in ("old.hailong", "new.hailong"):
            with pytest.raises(StickTrouble, match=r"stick: is full: 70000 more bytes do not fit; make room"):
                write_whole(stick / name, b"x" * 70_000)
        assert names(stick) == ["filler", "old.hailong"]
        assert read_file(stick / "old.hailong", 10) == b"old"
        filler.unlink()
        write_whole(stick / "new.hailong", b"x" * 70_000)


def test_a_write_protected_stick_is_named(tmp_path: Path) -> None:
    with small_disk(tmp_path / "stick", kilobytes=256) as stick:
        write_whole(stick / "old.hailong", b"old")
        subprocess.run(["mount", "-o", "remount,ro", str(stick)], check=True)
        with pytest.raises(StickTrouble, match=r"stick: cannot be written to: .*; is the stick write-protected"):
            write_whole(stick / "new.hailong", b"new")
        assert not remove(stick / "old.hailong")
        assert names(stick) == ["old.hailong"]


def test_a_stick_that_does_not_keep_what_it_is_given_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget(descriptor: int) -> None:
        os.pwrite(descriptor, b"?", 1)

    write_whole(tmp_path / "a.hailong", b"old")
    monkeypatch.setattr(os, "fsync", forget)
    with pytest.raises(StickTrouble, match="cannot be written to: Input/output error; take another stick"):
        write_whole(tmp_path / "a.hailong", b"new")
    assert names(tmp_path) == ["a.hailong"]
    assert read_file(tmp_path / "a.hailong", 10) == b"old"


@pytest.mark.parametrize(("number", "fine"), [(errno.EINVAL, True), (errno.EIO, False)])
def test_a_file_system_without_folders_to_sync_will_do_and_a_failing_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, fine: bool
) -> None:
    sync = os.fsync

    def fails_for_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fails_for_folders)
    if fine:
        write_whole(tmp_path / "a.hailong", b"new")
    else:
        with pytest.raises(StickTrouble, match="Input/output error"):
            write_whole(tmp_path / "a.hailong", b"new")


def test_a_stick_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StickTrouble, match="gone: there is no such folder; is the stick in"):
        files_on(tmp_path / "gone", ".hailong")
    with pytest.raises(StickTrouble, match="gone: cannot be written to"):
        write_whole(tmp_path / "gone" / "a.hailong", b"")
    (tmp_path / "file").touch()
    with pytest.raises(StickTrouble, match="file: is not a folder"):
        files_on(tmp_path / "file", ".hailong")


def test_only_files_of_the_kind_are_found(tmp_path: Path) -> None:
    for name in ("b.hailong", "a.hailong", "._a.hailong", "a.hailong.part", "a.receipt"):
        (tmp_path / name).touch()
    (tmp_path / "folder.hailong").mkdir()
    (tmp_path / "link.hailong").symlink_to(tmp_path / "a.hailong")
    assert [path.name for path in files_on(tmp_path, ".hailong")] == ["a.hailong", "b.hailong"]


def test_a_stick_with_too_many_files_is_refused(tmp_path: Path) -> None:
    for place in range(MOST_FILES + 1):
        os.link(tmp_path / "0.hailong", tmp_path / f"{place}.hailong") if place else (tmp_path / "0.hailong").touch()
    with pytest.raises(StickTrouble, match=f"more than {MOST_FILES} files"):
        files_on(tmp_path, ".hailong")


def test_neither_links_nor_pipes_nor_folders_nor_giants_are_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name, why in (
        ("link", "cannot be read"),
        ("pipe", "is not a file"),
        ("folder", "cannot be read: Is a directory"),
        ("none", "cannot be read: No such file"),
    ):
        with pytest.raises(StickTrouble, match=f"{name}: {why}"):
            read_file(tmp_path / name, 100)
    with pytest.raises(StickTrouble, match="secret: is larger than such a file can be"):
        read_file(tmp_path / "secret", 5)
    assert read_file(tmp_path / "secret", 6) == b"secret"


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(StickTrouble, match="cannot be read: File name too long"):
        files_on(tmp_path / ("x" * 300), ".hailong")


def test_what_has_served_is_removed(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert remove(tmp_path / "a")
    assert remove(tmp_path / "a")
    assert names(tmp_path) == []


WRITER = """
import sys
from pathlib import Path
from protocol.stick_files import write_whole
while True:
    for name in ("a.hailong", "b.hailong"):
        write_whole(Path(sys.argv[1]) / name, name.encode() * 200_000)
        print(flush=True)
"""


@pytest.mark.parametrize("written", range(8))
def test_a_kill_leaves_whole_files_under_their_names(tmp_path: Path, written: int) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    for _ in range(written):
        writer.stdout.readline()
    while writer.poll() is None and not any(tmp_path.iterdir()):
        pass  # it has begun, wherever it is by now
    writer.kill()
    writer.wait()
    writer.stdout.close()
    found = files_on(tmp_path, ".hailong")
    assert len(found) >= min(written, 2)
    for path in found:
        assert read_file(path, 10_000_000) == path.name.encode() * 200_000
