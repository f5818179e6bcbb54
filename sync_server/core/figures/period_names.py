"""Names for the figures of a time: of the office, and of whatever its breakdowns tell apart. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sync_server.core.book import Book
from sync_server.core.channels import Channel
from sync_server.core.figures.period import Breakdown
from sync_server.core.figures.period_wording import CHANNELS, NO_KIOSK, UNKNOWN
from sync_server.core.wording import REASONS


@dataclass(frozen=True)
class PeriodNames:
    """What things were called at the end of a time."""

    site: str
    office: str
    unit: str
    of: Mapping[Breakdown, Callable[[str], str]]
    reason: Callable[[str], str]

    def row(self, breakdown: Breakdown, key: str | None) -> str:
        """Return the name of a row of a breakdown."""
        if key is not None:
            return self.of[breakdown](key)
        return NO_KIOSK if breakdown is Breakdown.KIOSK else UNKNOWN


def names_of(book: Book, last: date) -> PeriodNames:
    """Return the names of an office's things; what nobody named bears its key."""
    letterhead = book.letterhead(last)

    def officer(key: str) -> str:
        entry = book.officers.nearest(key, last)
        return key if entry is None else entry.name

    def field(key: str) -> str:
        entry = book.fields.nearest(key, last)
        return key if entry is None else entry.name

    def procedure(key: str) -> str:
        entry = book.procedures.nearest(key, last)
        return key if entry is None else entry.name

    said = {entry.reason: entry.label["vi"] for survey in book.all_surveys.values() for entry in survey.reasons}
    return PeriodNames(
        site=book.site,
        office=book.site if letterhead is None else letterhead.office,
        unit="" if letterhead is None else letterhead.unit,
        of={
            Breakdown.OFFICER: officer,
            Breakdown.FIELD: field,
            Breakdown.PROCEDURE: procedure,
            Breakdown.COUNTER: "Quầy {}".format,
            Breakdown.KIOSK: str,
            Breakdown.CHANNEL: lambda key: CHANNELS[Channel(key)],
        },
        reason=lambda key: said.get(key) or REASONS.get(key, {}).get("vi", key),
    )
