"""What the server tells a kiosk besides receipts: setups to follow and commands to carry out."""

import logging
from collections.abc import Callable
from datetime import datetime

from kiosk.commands_store import CommandsStore
from kiosk.core.commands import decide
from kiosk.core.tally import Counted, Tally
from kiosk.setup_store import SetupStore, Taken
from protocol.codec import MalformedMessage, decode
from protocol.messages import Action, Command, CommandAnswer, Count, Number, Outcome, Setup

log = logging.getLogger(__name__)

_COUNTED = {
    Taken.IN_FORCE: Counted.SETUPS_TAKEN,
    Taken.REPEATED: Counted.SETUPS_REPEATED,
    Taken.REFUSED: Counted.SETUPS_REFUSED,
}


class Orders:
    """Owned by the uplink's thread. *arrange*, *identify* and *end* may be called from it."""

    def __init__(
        self,
        *,
        setups: SetupStore,
        commands: CommandsStore,
        tally: Tally,
        arrange: Callable[[Setup], None],
        identify: Callable[[], None],
        end: Callable[[], None],
    ) -> None:
        self.setups = setups
        self.commands = commands
        self._tally = tally
        self._arrange = arrange
        self._identify = identify
        self._end = end
        self._ending = False

    def take_setup(self, data: bytes) -> None:
        """Follow a setup if it is a good and a newer one; the status says why not."""
        taken = self.setups.take(data)
        self._tally.add(_COUNTED[taken])
        if taken is Taken.IN_FORCE and self.setups.current is not None:
            self._arrange(self.setups.current)

    def take_command(self, data: bytes, *, now: datetime, kept_from: Number, highest: Count) -> Number | None:
        """Carry a command out, unless it is too late, makes no sense here or was answered; the status answers it.

        *now* is the time as it is known. Returns from which number on votes are to be sent again, if that is asked.
        """
        try:
            command = decode(data, Command)
        except MalformedMessage as error:
            self._tally.add(Counted.MESSAGES_REFUSED)
            log.warning("a command cannot be read: %s", error)
            return None
        answer = decide(command, now=now, answered=self.commands.answered, kept_from=kept_from, highest=highest)
        if answer is None:
            self._tally.add(Counted.COMMANDS_REPEATED)
            return None
        self._tally.add(Counted.COMMANDS)
        answer = self._noted(command.action, answer)
        log.info("command %s: %s %s", command.action, answer.outcome, answer.detail)
        return self._do(command) if answer.outcome is Outcome.DONE else None

    def told(self) -> None:
        """A status with the answers is on its way: what ends the program may happen now."""
        if self._ending:
            self._ending = False
            self._end()

    def _noted(self, action: Action, answer: CommandAnswer) -> CommandAnswer:
        try:
            self.commands.note(answer)
        except OSError as error:
            log.error("the answer to a command cannot be stored: %s", error.strerror)
            if action is Action.RESTART and answer.outcome is Outcome.DONE:
                # Obeyed again after each restart, it would never end.
                answer = CommandAnswer(answer.command, Outcome.REFUSED, f"it could not be noted: {error.strerror}")
                self.commands.amend(answer)
        return answer

    def _do(self, command: Command) -> Number | None:
        match command.action:
            case Action.RESTART:
                self._ending = True
            case Action.IDENTIFY:
                self._identify()
            case _:
                pass
        return command.resend_from
