"""What happens to an exception inside Kivy's loop: logged, counted, passed over, unless they come in a row."""

import logging
from collections import deque
from collections.abc import Callable
from traceback import format_tb

from kivy.base import ExceptionHandler, ExceptionManager

log = logging.getLogger(__name__)

MOST_IN_A_ROW = 3
ROW_SECONDS = 60.0


class Mishaps(ExceptionHandler):
    """Passes over an exception; the third within a minute goes through and ends the process, to be restarted."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.count = 0
        self.fatal: Exception | None = None  # the one that went through
        self._monotonic = monotonic
        self._latest: deque[float] = deque(maxlen=MOST_IN_A_ROW)

    def handle_exception(self, exception: BaseException) -> int:
        """Answer Kivy: PASS or RAISE. What is not an error (the end of the program) is raised."""
        if not isinstance(exception, Exception) or exception is self.fatal:
            return int(ExceptionManager.RAISE)  # Kivy asks again on the way up
        self.count += 1
        # Where it happened, not its own words: they may hold what was touched.
        log.error(
            "an error on the screen, number %d since the start: %s\n%s",
            self.count,
            type(exception).__name__,
            "".join(format_tb(exception.__traceback__)).rstrip(),
        )
        now = self._monotonic()
        self._latest.append(now)
        if len(self._latest) == MOST_IN_A_ROW and now - self._latest[0] < ROW_SECONDS:
            self.fatal = exception
            return int(ExceptionManager.RAISE)
        return int(ExceptionManager.PASS)
