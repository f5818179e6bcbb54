"""Waiting for what happens in another thread or process."""

import random
import threading
from collections.abc import Callable
from time import monotonic

DEADLINE = 60.0  # seconds; reached only when something is broken


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it holds, sooner or later."""
    until = monotonic() + DEADLINE
    pause = threading.Event()
    while not holds():
        if monotonic() > until:
            return False
        pause.wait(0.02)
    return True


class Hasty(random.Random):
    """Chance that hardly waits before it connects again."""

    def uniform(self, a: float, b: float) -> float:
        return a or 0.02
