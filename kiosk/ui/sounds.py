"""What is heard of the screens: a click for a touch, a chime for thanks, and what the screen asks."""

from kiosk.core.setups import Arrangement
from kiosk.core.states import State, Thanking
from kiosk.core.tones import Sound
from kiosk.sounds import Sounds, Speaker
from kiosk.ui.prompts import prompt
from kiosk.ui.wording import wording


class Hearing:
    """Follows the screens. `quiet`: nothing is heard, for it is night or the office is closed."""

    def __init__(self, sounds: Sounds, speaker: Speaker) -> None:
        self.quiet = False
        self._sounds = sounds
        self._speaker = speaker
        self._thanked: State | None = None
        self._said = ""

    def felt(self) -> None:
        """A touch counted."""
        if not self.quiet:
            self._sounds.play(Sound.TOUCH)

    def follow(self, state: State, arrangement: Arrangement, language: str) -> None:
        """Play and say what belongs to a screen, once; what the screen before it said ends."""
        if isinstance(state, Thanking) and state != self._thanked and not self.quiet:
            self._sounds.play(Sound.THANKS)
        self._thanked = state if isinstance(state, Thanking) else None
        asked = "" if self.quiet else prompt(state, arrangement, wording(language), language)
        if asked == self._said:
            return
        self._said = asked
        if asked:
            self._speaker.say(asked, language)
        else:
            self._speaker.hush()
