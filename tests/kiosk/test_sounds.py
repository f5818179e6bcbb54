"""Sounds and prompts go to the system's programs; where those are missing or broken, one line in the log says so."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.core.tones import Sound, wave_file
from kiosk.player import Player
from kiosk.settings import Sound as Wanted
from kiosk.sounds import Sounds, Speaker
from tests.fakes.patience import eventually
from tests.fakes.programs import Programs

LOUD = Wanted(volume=70, speak=True)
FOR_LONG = "exec sleep 20"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(tmp_path / "bin", monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "sounds"


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert [thread.name for thread in threading.enumerate() if thread not in before] == []


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_sound_is_computed_into_the_folder_and_played(programs: Programs, folder: Path) -> None:
    programs.install("aplay")
    sounds = Sounds(folder, LOUD)
    sounds.play(Sound.THANKS)
    assert eventually(lambda: bool(programs.calls))
    sounds.stop()
    ((program, quiet, path),) = programs.calls
    assert (program, quiet) == ("aplay", "-q")
    assert Path(path).read_bytes() == wave_file(Sound.THANKS, 70)


def test_the_files_are_written_at_the_first_start_only(programs: Programs, folder: Path) -> None:
    programs.install("aplay")
    Sounds(folder, LOUD)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert len(before) == len(Sound)
    Sounds(folder, LOUD)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    Sounds(folder, Wanted(volume=10))
    assert len(list(folder.iterdir())) == 2 * len(Sound)


def test_paplay_plays_where_there_is_no_aplay(programs: Programs, folder: Path) -> None:
    programs.install("paplay")
    sounds = Sounds(folder, LOUD)
    sounds.play(Sound.TOUCH)
    assert eventually(lambda: bool(programs.calls))
    sounds.stop()
    assert programs.calls == [["paplay", str(folder / "touch-70.wav")]]


def test_without_a_player_the_log_says_so_once(
    programs: Programs, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sounds = Sounds(folder, LOUD)
    for _ in range(3):
        sounds.play(Sound.TOUCH)
    sounds.stop()
    assert warnings(caplog) == ["no sounds: none of the programs aplay, paplay is installed"]
    assert not folder.exists()


def test_at_volume_zero_nothing_is_looked_for(
    programs: Programs, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sounds = Sounds(folder, Wanted(volume=0))
    sounds.play(Sound.TOUCH)
    sounds.stop()
    assert warnings(caplog) == []
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_costs_the_sounds_only(
    programs: Programs, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    programs.install("aplay")
    folder.parent.write_text("a file where a folder should be")
    sounds = Sounds(folder, LOUD)
    sounds.play(Sound.TOUCH)
    sounds.stop()
    assert warnings(caplog) == [f"no sounds: {folder}: Not a directory"]
    assert programs.calls == []


def test_a_player_that_fails_is_one_line_in_the_log(
    programs: Programs, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    programs.install("aplay", then="exit 1")
    sounds = Sounds(folder, LOUD)
    for heard in (1, 2, 3):
        sounds.play(Sound.TOUCH)
        assert eventually(lambda heard=heard: len(programs.calls) == heard)  # type: ignore[misc]
    assert eventually(lambda: len(warnings(caplog)) == 1)
    sounds.stop()
    (line,) = warnings(caplog)
    assert line.endswith("aplay ended with exit code 1")


def test_a_program_that_cannot_be_started_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    player = Player("sounds")
    player.play(("/no/such/program",))
    assert eventually(lambda: bool(warnings(caplog)))
    player.stop()
    assert warnings(caplog) == ["sounds: /no/such/program cannot be started: No such file or directory"]


def test_what_comes_later_ends_what_came_before(programs: Programs, folder: Path, tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    programs.install("aplay", then=f"trap 'echo >> \"{ended}\"; kill $!; exit' TERM; sleep 60 & wait")
    sounds = Sounds(folder, LOUD)
    sounds.play(Sound.TOUCH)
    assert eventually(lambda: len(programs.calls) == 1)
    sounds.play(Sound.THANKS)
    assert eventually(lambda: len(programs.calls) == 2)
    sounds.stop()
    assert programs.calls[1][-1].endswith("thanks-70.wav")


def test_a_player_that_does_not_listen_is_ended_all_the_same(programs: Programs, folder: Path) -> None:
    programs.install("aplay", then="trap '' TERM; while :; do sleep 0.1; done")
    sounds = Sounds(folder, LOUD)
    sounds.play(Sound.TOUCH)
    assert eventually(lambda: len(programs.calls) == 1)
    sounds.stop()


def test_a_player_that_hangs_is_ended_and_the_log_says_so(programs: Programs, caplog: pytest.LogCaptureFixture) -> None:
    programs.install("aplay", then=FOR_LONG)
    player = Player("sounds", longest=1.0)
    player.play(("aplay",))
    assert eventually(lambda: bool(warnings(caplog)))
    assert eventually(lambda: not player.is_playing)
    player.stop()
    assert warnings(caplog) == ["sounds: aplay did not end within 1 s"]


def test_once_stopped_nothing_is_played(programs: Programs) -> None:
    programs.install("aplay")
    player = Player("sounds")
    player.stop()
    player.play(("aplay",))
    assert not player.is_playing
    assert programs.calls == []


def test_a_prompt_is_spoken_in_its_language_on_one_line(programs: Programs) -> None:
    programs.install("espeak-ng")
    speaker = Speaker(LOUD)
    speaker.say("Xin cảm ơn\nÔng/Bà!", "vi")
    assert eventually(lambda: bool(programs.calls))
    speaker.stop()
    assert programs.calls == [["espeak-ng", "-v", "vi", "-s", "140", "-a", "140", "Xin cảm ơn Ông/Bà!"]]


def test_hushed_it_stops_speaking(programs: Programs) -> None:
    programs.install("espeak-ng", then=FOR_LONG)
    speaker = Speaker(LOUD)
    speaker.say("Mời Ông/Bà đánh giá", "vi")
    assert eventually(lambda: len(programs.calls) == 1)
    speaker.hush()
    speaker.say("Thank you!", "en")
    assert eventually(lambda: len(programs.calls) == 2)
    speaker.stop()


def test_it_speaks_only_where_that_is_wanted(programs: Programs, caplog: pytest.LogCaptureFixture) -> None:
    programs.install("espeak-ng")
    speaker = Speaker(Wanted(speak=False))
    speaker.say("Xin chào", "vi")
    speaker.hush()
    speaker.stop()
    assert (programs.calls, warnings(caplog)) == ([], [])


def test_without_a_voice_the_log_says_so_once(programs: Programs, caplog: pytest.LogCaptureFixture) -> None:
    speaker = Speaker(LOUD)
    speaker.say("Xin chào", "vi")
    speaker.stop()
    assert warnings(caplog) == ["no spoken prompts: espeak-ng is not installed"]
