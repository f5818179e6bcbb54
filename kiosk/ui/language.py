"""Which language the screens speak: the visitor's choice, as long as the visit lasts. Pure."""

FORGOTTEN_AFTER_SECONDS = 30.0  # a choice at rest that nobody follows up; as long as the faces wait


class LanguageChoice:
    """Starts with the *usual* language and returns to it after each visit. Times are monotonic seconds."""

    def __init__(self, usual: str) -> None:
        self._usual = usual
        self._chosen_at = 0.0
        self._resting = True
        self.current = usual

    def choose(self, language: str, at: float) -> None:
        """Take the visitor's choice."""
        self.current = language
        self._chosen_at = at

    def follow(self, resting: bool, at: float) -> None:
        """Take note whether the screen rests, with no visit going on."""
        visit_over = resting and not self._resting
        forgotten = resting and at - self._chosen_at >= FORGOTTEN_AFTER_SECONDS
        if visit_over or forgotten:
            self.current = self._usual
        self._resting = resting
