"""A password's digest: one form, which Mosquitto reads too; the older form is still known."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.passwords import digest, fits, new_password, suits_mosquitto

# Made by mosquitto_passwd 2.0.11 from the password "x1".
BY_MOSQUITTO = (
    "$7$101$UcTgM32y86nkJvSi$oBJXhJFetHCNxeX6UOOtuwRBbVKOlF/rPjN5Jgg/aw31prmGpMrN6qGegm8MpKCO66KM1B3eeN05UHHUwGLxJA=="
)


def test_a_password_is_32_random_hexadecimal_digits() -> None:
    made = {new_password() for _ in range(100)}
    assert len(made) == 100
    assert all(len(password) == 32 and int(password, 16) >= 0 for password in made)


@given(st.text(), st.text())
def test_only_the_password_itself_fits_its_digest(password: str, other: str) -> None:
    kept = digest(password)
    assert fits(password, kept)
    assert fits(other, kept) is (other == password)
    assert suits_mosquitto(kept)
    assert password not in kept or len(password) < 4


def test_the_same_password_twice_has_two_digests() -> None:
    assert digest("secret") != digest("secret")


def test_a_digest_made_by_mosquitto_is_read() -> None:
    assert fits("x1", BY_MOSQUITTO)
    assert not fits("x2", BY_MOSQUITTO)
    assert len(BY_MOSQUITTO) == len(digest("x1"))


def test_an_older_digest_still_fits_but_cannot_go_to_mosquitto() -> None:
    old = hashlib.sha256(b"secret").hexdigest()
    assert fits("secret", old)
    assert not fits("Secret", old)
    assert not suits_mosquitto(old)


@pytest.mark.parametrize(
    "kept",
    [
        *("", "secret", "$7$", "$7$101$$", "$7$0$AAAA$AAAA", "$7$999999$AAAAAAAAAAAAAAAA$AAAA", "$6$AAAA$AAAA"),
        *("$7$101$A$AAAA", "$7$101$AAAA$AA=A", BY_MOSQUITTO + "\n", "0" * 63, "0" * 65, "G" * 64),
    ],
)
def test_nothing_fits_what_is_no_digest(kept: str) -> None:
    assert not fits("", kept)
    assert not fits("secret", kept)


@given(st.text(), st.text(alphabet="$7019Aa=+/\n"))
def test_no_text_breaks_it(password: str, kept: str) -> None:
    assert isinstance(fits(password, kept), bool)
    assert isinstance(fits(password, "$7$" + kept), bool)


def test_a_password_that_is_no_text_fits_nothing() -> None:
    assert not fits("\udcff", BY_MOSQUITTO)
    assert not fits("\udcff", "0" * 64)


@pytest.mark.skipif(shutil.which("mosquitto_passwd") is None, reason="mosquitto_passwd is not installed")
def test_a_digest_that_mosquitto_makes_now_is_read(tmp_path: Path) -> None:
    file = tmp_path / "passwd"
    file.touch(mode=0o600)
    subprocess.run(["mosquitto_passwd", "-b", str(file), "sia.quay-1", "secret"], check=True, timeout=30)
    name, _, kept = file.read_text().strip().partition(":")
    assert name == "sia.quay-1"
    assert fits("secret", kept)
