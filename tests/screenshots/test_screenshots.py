"""The pictures in the documents are those that the command takes, and it says what it does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.screenshots.chosen import CHOSEN
from tests.screenshots.modes import EVERY_MODE, LANGUAGES, LOOKS, PANELS, file_name

ROOT = Path(__file__).parents[2]
SCREENS = ROOT / "docs" / "screens"
OF_THE_SERVER = {"figures"}


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tests.screenshots", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


def size_of(picture: Path) -> tuple[int, int]:
    header = picture.read_bytes()[16:24]
    return int.from_bytes(header[:4]), int.from_bytes(header[4:])


def test_every_mode_is_there_once() -> None:
    assert len({mode.folder for mode in EVERY_MODE}) == len(PANELS) * len(LANGUAGES) * len(LOOKS) == 18


def test_names_sort_as_the_tour_goes() -> None:
    assert file_name(2, "idle, without scanner and server") == "02-idle-without-scanner-and-server.png"
    assert file_name(9, "x") < file_name(10, "a")


def test_what_is_committed_is_what_is_chosen() -> None:
    assert {picture.stem for picture in SCREENS.glob("*.png")} - OF_THE_SERVER == set(CHOSEN)
    for name, (mode, _) in CHOSEN.items():
        assert size_of(SCREENS / f"{name}.png") == mode.panel


def test_the_readme_shows_no_other_pictures() -> None:
    shown = set(re.findall(r"\(docs/screens/([a-z-]+)\.png\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert shown - OF_THE_SERVER <= set(CHOSEN)


@pytest.mark.window
def test_it_takes_the_pictures_of_a_mode_and_the_chosen_ones_among_them(tmp_path: Path) -> None:
    asked = ("--into", str(tmp_path), "--panel", "1280x800", "--language", "vi", "--look", "normal")
    done = run(*asked)
    assert (done.returncode, done.stderr) == (0, "")
    assert "[1/1] 1280x800 vi normal … " in done.stdout
    of_this_mode = {name for name, (mode, _) in CHOSEN.items() if str(mode) == "1280x800 vi normal"}
    assert {picture.stem for picture in tmp_path.glob("*.png")} == of_this_mode
    every = [*(tmp_path / "all" / "1280x800-vi-normal").iterdir()]
    assert len(every) > 30
    assert {size_of(picture) for picture in every} == {(1280, 800)}
    stops = {picture.name.partition("-")[2] for picture in every}  # the same in every mode
    assert {file_name(1, stop).partition("-")[2] for _, stop in CHOSEN.values()} <= stops
    assert len({picture.read_bytes() for picture in every}) > 0.9 * len(every), "each stop looks different"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run("--into", str(tmp_path / "file" / "below"))
    assert (done.returncode, done.stderr) == (1, f"screenshots: {tmp_path / 'file' / 'below'}: Not a directory\n")


def test_a_system_that_draws_nothing_is_told_what_it_lacks(tmp_path: Path) -> None:
    done = run("--into", str(tmp_path), SDL_VIDEODRIVER="none-such")
    assert done.returncode == 1
    assert done.stderr.startswith("screenshots: the system opens no window")
    assert "libegl1" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_mode_that_there_is_not_is_said() -> None:
    done = run("--few", "--panel", "1024x600", "--language", "vi")
    assert (done.returncode, done.stderr) == (2, "screenshots: no mode is like that\n")
