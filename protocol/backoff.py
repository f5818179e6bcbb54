"""How long to wait before the next attempt to connect: exponential with full jitter, without end. Pure."""

import random

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 60.0


class Backoff:
    """Draws each pause from a range that doubles until something worked."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._ceiling = FIRST_SECONDS

    def pause(self) -> float:
        """Return the seconds to wait now."""
        pause = self._chance.uniform(0.0, self._ceiling)
        self._ceiling = min(self._ceiling * 2, LONGEST_SECONDS)
        return pause

    def reset(self) -> None:
        """It worked: begin again at one second."""
        self._ceiling = FIRST_SECONDS
