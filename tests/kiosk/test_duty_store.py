"""Who has signed in is known after a restart; a file or a disk that is broken signs nobody in, and stops nothing."""

import logging
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.duty_store import DutyStore
from tests.fakes.small_disk import fill, small_disk

TODAY = date(2026, 11, 23)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "duty.json"


def test_signing_in_and_out_is_known_after_a_restart(path: Path) -> None:
    assert DutyStore(path).on(TODAY) is None
    assert DutyStore(path).scanned("binh", TODAY)
    assert DutyStore(path).on(TODAY) == "binh"
    assert DutyStore(path).on(TODAY + timedelta(days=1)) is None
    assert not DutyStore(path).scanned("binh", TODAY)
    assert DutyStore(path).on(TODAY) is None


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{", b"\xff\xfe", b"[]", b'{"officer": 5}', b'{"officer": "an", "day": "never"}', b"0" * 5000],
)
def test_a_damaged_file_is_as_if_nobody_had_signed_in(path: Path, damaged: bytes) -> None:
    path.write_bytes(damaged)
    store = DutyStore(path)
    assert store.on(TODAY) is None
    assert store.scanned("binh", TODAY)
    assert DutyStore(path).on(TODAY) == "binh"


def test_a_file_that_cannot_be_read_is_as_if_nobody_had_signed_in(path: Path) -> None:
    path.mkdir()
    assert DutyStore(path).on(TODAY) is None


def test_on_a_full_disk_one_is_signed_in_until_the_restart(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with small_disk(tmp_path / "small", 64) as disk:
        filler = fill(disk)
        store = DutyStore(disk / "duty.json")
        assert store.scanned("binh", TODAY)
        assert store.on(TODAY) == "binh"
        assert "cannot be noted: No space left on device" in caplog.text
        filler.unlink()
        assert DutyStore(disk / "duty.json").on(TODAY) is None
    assert "binh" not in caplog.text
