"""Which language the screens speak: the visitor's choice, as long as the visit lasts. Pure."""

from kiosk.core.states import Idle, OutOfOrder, State

FORGOTTEN_AFTER_SECONDS = 30.0  # a choice that nobody follows up; as long as the faces wait


class LanguageChoice:
    """Starts with the *usual* language and returns to it after each visit. Times are monotonic seconds."""

    def __init__(self, usual: str) -> None:
        self._usual = usual
        self._state: State = Idle()
        self._attended_at = 0.0
        self.current = usual

    def choose(self, language: str, at: float) -> None:
        """Take the visitor's choice."""
        self.current = language
        self.attend(at)

    def attend(self, at: float) -> None:
        """Take note that somebody is there and chooses."""
        self._attended_at = at

    def follow(self, state: State, at: float) -> bool:
        """Take note of the session's state; return whether the visitor's choices end here.

        Back at the start, or left alone, the usual language returns.
        """
        ends = isinstance(state, Idle) and not isinstance(self._state, Idle)
        if not isinstance(state, Idle | OutOfOrder):
            self._attended_at = at
        elif at - self._attended_at >= FORGOTTEN_AFTER_SECONDS:
            ends = True
        if ends:
            self.current = self._usual
        self._state = state
        return ends
