"""Site keys: made once, read by nobody else."""

import threading
from pathlib import Path

import pytest

from sync_server.keys import KeyTrouble, all_keys, putting_keys, site_key, stick_keys


def test_a_key_is_made_on_first_use_and_stays(tmp_path: Path) -> None:
    key = site_key(tmp_path, "sia")
    assert len(key) == 32
    assert site_key(tmp_path, "sia") == key
    assert site_key(tmp_path, "phu") != key
    assert bytes.fromhex((tmp_path / "keys" / "sia.key").read_text()) == key


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    site_key(tmp_path, "sia")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "sia.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    site_key(tmp_path, "sia")
    (tmp_path / "keys" / "sia.key").chmod(mode)
    with pytest.raises(KeyTrouble, match="chmod 600"):
        site_key(tmp_path, "sia")


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "a" * 66, "a" * 63, "á" * 64])
def test_a_file_that_holds_no_key_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    site_key(tmp_path, "sia")
    path = tmp_path / "keys" / "sia.key"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KeyTrouble, match="64 hexadecimal digits"):
        site_key(tmp_path, "sia")
    assert path.read_text(encoding="utf-8") == text


def test_a_key_behind_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    site_key(tmp_path, "sia")
    (tmp_path / "keys" / "phu.key").symlink_to(tmp_path / "keys" / "sia.key")
    with pytest.raises(KeyTrouble, match="cannot be used"):
        site_key(tmp_path, "phu")


def test_of_many_first_uses_at_once_all_get_the_same(tmp_path: Path) -> None:
    together = threading.Barrier(8)
    keys: list[bytes] = []

    def use() -> None:
        together.wait(timeout=30)
        keys.append(site_key(tmp_path, "sia"))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["sia.key"]


@pytest.mark.parametrize("site", ["", "../other", "Sịa", "a/b", "a" * 33])
def test_a_site_is_a_name(tmp_path: Path, site: str) -> None:
    with pytest.raises(ValueError, match="1 to 32"):
        site_key(tmp_path, site)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    with pytest.raises(KeyTrouble, match="keys"):
        site_key(tmp_path, "sia")


def test_the_keys_for_sticks_are_made_once_and_are_two(tmp_path: Path) -> None:
    keys = stick_keys(tmp_path)
    assert stick_keys(tmp_path) == keys
    assert keys.votes != keys.receipts
    assert keys.votes.hex() not in repr(keys)
    for path in (tmp_path / "keys").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


def test_no_site_s_key_is_taken_for_one_of_them(tmp_path: Path) -> None:
    keys = stick_keys(tmp_path)
    for name in ("stick.votes", "stick.receipts"):
        with pytest.raises(ValueError, match="1 to 32"):
            site_key(tmp_path, name)
    (tmp_path / "keys" / "stick.votes.key").chmod(0o640)
    with pytest.raises(KeyTrouble, match="chmod 600"):
        stick_keys(tmp_path)
    assert site_key(tmp_path, "stick") not in (keys.votes, keys.receipts)


# --- with a backup ------------------------------------------------------------------------------------

OURS, THEIRS = bytes(32), bytes(range(32))


def test_all_keys_are_found_and_nothing_else(tmp_path: Path) -> None:
    assert all_keys(tmp_path) == {}
    keys = {site: site_key(tmp_path, site) for site in ("sia", "a-b")}
    on_sticks = stick_keys(tmp_path)
    keys |= {"stick.votes": on_sticks.votes, "stick.receipts": on_sticks.receipts}
    for name in ("sia.key.0123.replaced", "readme.txt", "Sịa.key"):
        (tmp_path / "keys" / name).write_text("x")
    assert all_keys(tmp_path) == keys
    sticks = stick_keys(tmp_path)
    assert all_keys(tmp_path) == keys | {"stick.votes": sticks.votes, "stick.receipts": sticks.receipts}


def test_keys_are_put_where_there_were_none(tmp_path: Path) -> None:
    with putting_keys(tmp_path, {"sia": THEIRS, "phu": OURS}, replace=False) as put_keys:
        assert all_keys(tmp_path) == {}
        put_keys()
    assert all_keys(tmp_path) == {"sia": THEIRS, "phu": OURS}
    with putting_keys(tmp_path, {"sia": THEIRS}, replace=False) as put_keys:
        put_keys()  # the same again
    assert all_keys(tmp_path) == {"sia": THEIRS, "phu": OURS}


def test_another_key_is_refused_at_once_or_set_aside(tmp_path: Path) -> None:
    ours = site_key(tmp_path, "sia")
    with (
        pytest.raises(KeyTrouble, match="not the key in the backup"),
        putting_keys(tmp_path, {"sia": THEIRS}, replace=False),
    ):
        pass
    with putting_keys(tmp_path, {"sia": THEIRS}, replace=True) as put_keys:
        put_keys()
    assert site_key(tmp_path, "sia") == THEIRS
    [aside] = (tmp_path / "keys").glob("sia.key.*.replaced")
    assert bytes.fromhex(aside.read_text()) == ours


def test_what_fails_after_keys_were_put_takes_them_out_again(tmp_path: Path) -> None:
    ours = site_key(tmp_path, "sia")
    with (
        pytest.raises(ZeroDivisionError),
        putting_keys(tmp_path, {"sia": THEIRS, "phu": THEIRS}, replace=True) as put_keys,
    ):
        put_keys()
        raise ZeroDivisionError
    assert all_keys(tmp_path) == {"sia": ours}
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["sia.key"]


def test_keys_that_cannot_be_written_are_trouble(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")
    with (
        pytest.raises(KeyTrouble, match="cannot be"),
        putting_keys(tmp_path, {"sia": THEIRS}, replace=True) as put_keys,
    ):
        put_keys()
