"""Who has signed in at the counter of this kiosk. Pure."""

from dataclasses import dataclass
from datetime import date

from protocol.messages import Key


@dataclass(frozen=True)
class Duty:
    """An officer and the day they signed in; a day that is over signs everybody out."""

    officer: Key | None = None
    day: date | None = None

    def on(self, today: date) -> Key | None:
        """Return who is there today."""
        return self.officer if self.day == today else None

    def scanned(self, officer: Key, today: date) -> "Duty":
        """Sign an officer in, or out if it was they who were in."""
        return Duty() if self.on(today) == officer else Duty(officer, today)
