"""What happens to an exception inside Kivy's loop: logged, counted, passed over, unless they come in a row."""

import logging
from collections import deque
from collections.abc import Callable

from kivy.base import ExceptionHandler, ExceptionManager

log = logging.getLogger(__name__)

MOST_IN_A_ROW = 3
ROW_SECONDS = 60.0


class Mishaps(ExceptionHandler):
    """Passes over an exception; the third within a minute goes through and ends the process, to be restarted."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.count = 0
        self._monotonic = monotonic
        self._latest: deque[float] = deque(maxlen=MOST_IN_A_ROW)
        self._fatal: BaseException | None = None

    def handle_exception(self, exception: BaseException) -> int:
        """Answer Kivy: PASS or RAISE. What is not an error (the end of the program) is raised."""
        if not isinstance(exception, Exception) or exception is self._fatal:
            return int(ExceptionManager.RAISE)  # Kivy asks again on the way up
        self.count += 1
        log.error("an error on the screen, number %d since the start", self.count, exc_info=exception)
        now = self._monotonic()
        self._latest.append(now)
        if len(self._latest) == MOST_IN_A_ROW and now - self._latest[0] < ROW_SECONDS:
            self._fatal = exception
            return int(ExceptionManager.RAISE)
        return int(ExceptionManager.PASS)
