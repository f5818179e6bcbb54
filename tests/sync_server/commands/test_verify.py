"""`verify` says what holds; it needs no database and no key of the server."""

from pathlib import Path

from tests.fakes.archives import KEY, Quarter, make_archive, vote
from tests.sync_server.commands.conftest import Run


def test_an_archive_that_holds(run: Run, tmp_path: Path) -> None:
    path, _ = make_archive(tmp_path, Quarter(tuple(vote(number) for number in range(1, 40))))
    done = run("verify", path, "--key", KEY.public, "--vote", f"{3:032x}")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("[ĐÚNG] mã băm SHA-256 của 10 tệp")
    assert "được tính vào kết quả chính thức\nKẾT LUẬN: mọi điều đều đúng.\n" in done.out


def test_one_that_does_not(run: Run, tmp_path: Path) -> None:
    path, _ = make_archive(tmp_path, Quarter(()))
    path.write_bytes(path.read_bytes() + b"x")
    done = run("verify", path)
    assert done.code == 1
    assert "[KHÁC] hồ sơ không đúng dạng" in done.out


def test_what_is_no_file_or_no_key_is_named(run: Run, tmp_path: Path) -> None:
    for arguments in ((tmp_path / "no.zip",), (tmp_path / "no.zip", "--key", "no"), (tmp_path, "--vote", "x")):
        done = run("verify", *arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("sync_server: ")
        assert done.err.count("\n") == 1
