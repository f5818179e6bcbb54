"""What is heard of the kiosk: short sounds and spoken prompts, both by the system's programs, where it has them."""

import logging
from pathlib import Path

from kiosk.core.tones import Sound, wave_file
from kiosk.player import Player, first_there
from kiosk.settings import Sound as Wanted
from protocol.whole_file import write_whole

log = logging.getLogger(__name__)

# aplay first: it needs no sound server, and where one runs it plays through that.
PLAYERS = ("aplay", "paplay")
SPEAKERS = ("espeak-ng",)
WORDS_PER_MINUTE = 140  # slower than its usual 175: for people who listen to a machine for the first time


class Sounds:
    """Plays sounds from WAV files, which are computed into *folder* when they are not there yet.

    Silent where the volume is 0, no player is installed or the folder cannot be written; the log says so once.
    """

    def __init__(self, folder: Path, wanted: Wanted) -> None:
        self._player = Player("sounds")
        self._commands: dict[Sound, tuple[str, ...]] = {}
        if wanted.volume:
            self._prepare(folder, wanted.volume)

    def play(self, sound: Sound) -> None:
        """Play it, instead of what is heard now."""
        if sound in self._commands:
            self._player.play(self._commands[sound])

    def stop(self) -> None:
        """End what is heard, and the thread that plays."""
        self._player.stop()

    def _prepare(self, folder: Path, volume: int) -> None:
        program = first_there(PLAYERS)
        if program is None:
            log.warning("no sounds: none of the programs %s is installed", ", ".join(PLAYERS))
            return
        quiet = ("-q",) if Path(program).name == "aplay" else ()
        try:
            for sound in Sound:
                self._commands[sound] = (program, *quiet, str(_written(folder, sound, volume)))
        except OSError as error:
            self._commands.clear()
            log.warning("no sounds: %s: %s", folder, error.strerror)


class Speaker:
    """Speaks where that is wanted and a voice is installed; the log says once when there is none."""

    def __init__(self, wanted: Wanted) -> None:
        self._player = Player("spoken prompts")
        self._loudness = str(2 * wanted.volume)  # espeak's goes to 200
        self._program = first_there(SPEAKERS) if wanted.speak else None
        if wanted.speak and self._program is None:
            log.warning("no spoken prompts: %s is not installed", SPEAKERS[0])

    @property
    def is_speaking(self) -> bool:
        """Whether something is being said."""
        return self._player.is_playing

    def say(self, text: str, language: str) -> None:
        """Say it, instead of what is being said; *language* as the screens name it."""
        if self._program is not None:
            spoken = " ".join(text.split())
            self._player.play(
                (self._program, "-v", language, "-s", str(WORDS_PER_MINUTE), "-a", self._loudness, spoken)
            )

    def hush(self) -> None:
        """Stop speaking."""
        self._player.hush()

    def stop(self) -> None:
        """Stop speaking, and end the thread that speaks."""
        self._player.stop()


def _written(folder: Path, sound: Sound, volume: int) -> Path:
    """Return the file of a sound; its name holds the volume, so that another one is computed anew."""
    path = folder / f"{sound}-{volume}.wav"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, wave_file(sound, volume))
    return path
