"""What the kiosk counts of its way to the server, and why it cannot reach it. Pure."""

from collections import Counter
from enum import StrEnum

from protocol.messages import Count


class Counted(StrEnum):
    """What is counted; the values are the names in the status."""

    CONNECTIONS = "connections"
    VOTES_SENT = "votes sent"
    VOTES_SENT_AGAIN = "votes sent again"
    VOTES_REFUSED = "votes refused"  # by the server, kept there under their numbers
    RECEIPTS = "receipts"  # that were believed
    RECEIPTS_NOT_BELIEVED = "receipts not believed"  # they prove that the server holds other votes
    RECEIPTS_NOT_JUDGED = "receipts not judged"  # their numbers are older than what is kept
    RECEIPTS_OF_OTHERS = "receipts of other streams"
    MESSAGES_REFUSED = "messages refused"  # that cannot be read, or are too many
    STREAMS_RENEWED = "streams renewed"
    SETUPS_TAKEN = "setups taken"
    SETUPS_REPEATED = "setups repeated"
    SETUPS_REFUSED = "setups refused"
    COMMANDS = "commands"
    COMMANDS_REPEATED = "commands repeated"


class Obstacle(StrEnum):
    """Why there is no connection, or no longer one; the values are counted in the status."""

    NETWORK = "no connection: network"
    CLOCK = "no connection: clock"
    CERTIFICATE = "no connection: certificate"
    BROKER = "no connection: broker"  # it refuses this kiosk
    SILENCE = "no connection: silence"
    STREAM = "no connection: stream"
    STORAGE = "no connection: storage"
    INTERNAL = "no connection: internal error"


class Lost(Exception):
    """There is no connection, or no longer one; the text says in one sentence why."""

    def __init__(self, obstacle: Obstacle, text: str) -> None:
        super().__init__(text)
        self.obstacle = obstacle


class Tally:
    """Counts since the start of the program. Owned by one thread."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, what: Counted | Obstacle, times: int = 1) -> None:
        """Count something."""
        self._counts[what] += times

    def reported(self) -> dict[str, Count]:
        """What was counted at all; no more entries than a status may carry."""
        return {str(what): times for what, times in self._counts.items() if times}
