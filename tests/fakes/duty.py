"""Who has signed in at a counter, in memory."""

from datetime import date

from kiosk.core.duty import Duty


class DutyInMemory:
    """Fits `kiosk.controller.SignIn`, in memory."""

    def __init__(self) -> None:
        self._duty = Duty()

    def on(self, today: date) -> str | None:
        return self._duty.on(today)

    def scanned(self, officer: str, today: date) -> bool:
        self._duty = self._duty.scanned(officer, today)
        return self._duty.officer is not None
