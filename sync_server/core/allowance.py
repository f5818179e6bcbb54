"""How much one client may send in a while: a bucket that fills at a steady rate. Pure: time is an argument."""


class Allowance:
    """A second's worth may come at once; after that, what comes has to wait. Times in seconds, monotonic."""

    def __init__(self, a_second: float, now: float) -> None:
        self._a_second = a_second
        self._left = a_second
        self._looked = now

    def spend(self, amount: float, now: float) -> float:
        """Take an amount and return for how long nothing more may be taken; 0.0 when more may be at once."""
        self._left = min(self._a_second, self._left + (now - self._looked) * self._a_second) - amount
        self._looked = now
        return max(0.0, -self._left / self._a_second)
