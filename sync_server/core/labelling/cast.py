"""What the rules see of a vote, and in which order votes were cast as far as anybody knows."""

from dataclasses import dataclass
from datetime import date, datetime

from protocol.messages import CaseToken, Number, StreamId, VoteId


@dataclass(frozen=True)
class Cast:
    """An answered vote; of its levels only whether each is the best that there is."""

    vote_id: VoteId
    stream: StreamId
    number: Number
    kiosk: str
    hour: datetime  # UTC
    until_hour: datetime  # the last in which it may have been cast
    day: date  # Vietnamese, of both
    until_day: date
    survey: Number
    counter: int | None = None
    case_token: CaseToken | None = None
    officer: str | None = None
    all_best: bool = False

    @property
    def has_known_hour(self) -> bool:
        """Whether its kiosk knew the time."""
        return self.hour == self.until_hour

    @property
    def order(self) -> tuple[datetime, datetime, StreamId, Number]:
        """By the hour, within it by the number; which of two streams was first within an hour nobody knows.

        Never by when it arrived: a kiosk may have waited for days.
        """
        return (self.hour, self.until_hour, self.stream, self.number)
