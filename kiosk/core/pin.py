"""The PIN of the service page: few tries, then a pause. Pure; times are monotonic seconds."""

import hmac

MOST_TRIES = 5
PAUSE_SECONDS = 300.0  # 10,000 PINs at five tries in five minutes take a week of standing at the screen


class PinGuard:
    """Compares what was typed; an empty *pin* lets nobody in."""

    def __init__(self, pin: str) -> None:
        self._pin = pin
        self._wrong = 0
        self._paused_until = 0.0

    @property
    def is_set(self) -> bool:
        return bool(self._pin)

    def lets_in(self, digits: str, at: float) -> bool:
        """Whether these digits open the page; after five wrong tries nothing does for a while."""
        if not self._pin or at < self._paused_until:
            return False
        if hmac.compare_digest(digits.encode(), self._pin.encode()):
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong >= MOST_TRIES:
            self._wrong, self._paused_until = 0, at + PAUSE_SECONDS
        return False
