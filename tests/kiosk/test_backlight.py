"""The brightness is set where there is one, and comes back as it was."""

import logging
from pathlib import Path

import pytest

from kiosk.backlight import Backlight


def a_backlight(folder: Path, brightness: str, most: str = "255\n") -> Path:
    panel = folder / "10-0045"
    panel.mkdir(parents=True)
    (panel / "max_brightness").write_text(most)
    (panel / "brightness").write_text(brightness)
    return panel / "brightness"


def test_it_is_dimmed_and_comes_back_as_it_was(tmp_path: Path) -> None:
    file = a_backlight(tmp_path, "200\n")
    backlight = Backlight(tmp_path)
    assert backlight.set(0.2)
    assert file.read_text() == "40\n"
    assert backlight.set(1.0)
    assert file.read_text() == "200\n"


def test_what_a_killed_kiosk_left_dim_is_not_taken_for_usual(tmp_path: Path) -> None:
    file = a_backlight(tmp_path, "0\n")
    assert Backlight(tmp_path).set(1.0)
    assert file.read_text() == "255\n"


@pytest.mark.parametrize(("brightness", "most"), [("much\n", "255\n"), ("200\n", "")])
def test_one_that_cannot_be_read_is_none(tmp_path: Path, brightness: str, most: str) -> None:
    file = a_backlight(tmp_path, brightness, most)
    assert not Backlight(tmp_path).set(0.2)
    assert file.read_text() == brightness


def test_without_one_it_says_so(tmp_path: Path) -> None:
    assert not Backlight(tmp_path).set(0.2)


def test_one_that_cannot_be_written_is_given_up_with_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = a_backlight(tmp_path, "200\n")
    backlight = Backlight(tmp_path)
    file.unlink()
    file.mkdir()
    assert not backlight.set(0.2)
    assert not backlight.set(1.0)
    (line,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert line == f"{file}: cannot be set: Is a directory; a black layer dims the screen"
