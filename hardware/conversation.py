"""Questions to a GM65 and its answers, one at a time, on a line that codes share. Pure: no port, no clock.

An answer does not say to what. So nothing is asked before the last answer came, and after a question that went
unanswered the line is left alone until a late answer must have passed.
"""

from collections.abc import Generator, Iterable
from typing import Generic, TypeVar

from hardware.driver import Output, Reply
from hardware.gm65 import Gm65

ANSWER_SECONDS = 0.3  # until a question counts as unanswered
SETTLE_SECONDS = 0.3  # in which answers are late ones, and dropped
TRIES = 3

Result = TypeVar("Result")
Script = Generator[bytes, bytes, Result]  # yields a command, gets the bytes of its answer


class WrongAnswer(Exception):
    """A script cannot go on with what it was answered; the text says why, in one sentence."""


class Conversation(Generic[Result]):
    """Plays a script, which may raise WrongAnswer. Each method returns the commands to be sent now.

    Codes that are scanned meanwhile are dropped unseen. When it is `over`, `results` holds what the script returned,
    or it is empty and *failure* says why; *silent* tells that the last command was never answered.
    """

    def __init__(self, script: Script[Result], tries: int = TRIES) -> None:
        self.results: list[Result] = []
        self.failure = ""
        self.silent = False
        self._script = script
        self._tries = tries
        self._tried = 0
        self._asked = False
        self._until = 0.0
        self._scanner = Gm65()
        self._command = b""
        self._advance(None)

    @property
    def over(self) -> bool:
        """Whether nothing more is to be said."""
        return bool(self.results or self.failure or self.silent)

    def begin(self, now: float) -> list[bytes]:
        """Begin: what an earlier program asked may still be answered, so nothing is sent at once."""
        self._scanner.opened(now)
        self._until = now + SETTLE_SECONDS
        return []

    def feed(self, chunk: bytes, now: float) -> list[bytes]:
        """Take what was read."""
        return self._hear(self._scanner.feed(chunk, now), now)

    def tick(self, now: float) -> list[bytes]:
        """Let time pass while nothing comes."""
        return self._hear(self._scanner.tick(now), now)

    def _hear(self, outputs: Iterable[Output], now: float) -> list[bytes]:
        for output in outputs:
            # The driver's own heartbeat is not sent, for its answer would be one more to be told apart.
            if self._asked and isinstance(output, Reply) and output.value:
                self._asked = False
                self._until = now
                self._tried = 0
                self._advance(output.value)
        return self._pass_time(now)

    def _pass_time(self, now: float) -> list[bytes]:
        if self.over or now < self._until:
            return []
        if self._asked:
            self._asked = False
            self.silent = self._tried == self._tries
            self._until = now + SETTLE_SECONDS
            return []
        self._asked = True
        self._tried += 1
        self._until = now + ANSWER_SECONDS
        return [self._command]

    def _advance(self, answer: bytes | None) -> None:
        try:
            self._command = next(self._script) if answer is None else self._script.send(answer)
        except StopIteration as end:
            self.results.append(end.value)
        except WrongAnswer as wrong:
            self.failure = str(wrong)
