"""How much one client may send in a while: a bucket that fills at a steady rate. Pure: time is an argument."""


class Allowance:
    """So much may come at once, and so much a second after that; what is more has to wait. Monotonic seconds."""

    def __init__(self, a_second: float, at_once: float, now: float) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._left = at_once
        self._looked = now

    def spend(self, amount: float, now: float) -> float:
        """Take an amount and return for how long nothing more may be taken; 0.0 when more may be at once."""
        self._left = min(self._at_once, self._left + (now - self._looked) * self._a_second) - amount
        self._looked = now
        return max(0.0, -self._left / self._a_second)
