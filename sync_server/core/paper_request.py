"""A batch of forms as a program sends it: the same columns and the same rules as a clerk's file. Pure."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from protocol.messages import Number
from sync_server.core.book import Book
from sync_server.core.channels import Channel
from sync_server.core.names import tidy_name
from sync_server.core.paper import Batch, Line
from sync_server.core.paper_csv import Reader
from sync_server.core.paper_opening import survey_asked

Cell = str | int | None


class PaperRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What of a batch is told; ValueError says what is wrong with it.

    *forms*: one object for each form, or with *tally* for several, by the names of the columns; null is blank. *close*:
    how many forms there are, where the batch is complete.
    """

    batch: str
    first_day: date
    by: str
    forms: tuple[Mapping[str, Cell], ...]
    site: str | None = None
    last_day: date | None = None
    channel: Channel = Channel.PAPER
    survey: Number | None = None
    issued: int | None = None
    note: str | None = None
    tally: bool = False
    again: bool = False
    close: int | None = None

    def __post_init__(self) -> None:
        for name, text in (("by", self.by), ("note", self.note)):
            if text is not None:
                try:
                    tidy_name(text)
                except ValueError as error:
                    raise ValueError(f"{name}: {error}") from None

    def __repr__(self) -> str:
        return f"PaperRequest({self.batch!r})"  # the rest is what citizens said

    def batch_of(self, known: Book, today: date) -> Batch:
        """Return the batch; ValueError says why there can be none like this."""
        last = self.last_day or self.first_day
        survey = survey_asked(known, self.first_day, last, today, self.survey)
        return Batch(self.batch, self.channel, self.first_day, last, survey, self.issued)

    def lines(self, batch: Batch, known: Book, today: date) -> tuple[Line, ...]:
        """Return what stands on the forms; PaperMistakes says what is wrong with which."""
        reader = Reader(batch, known.all_surveys[batch.survey], known, today, self.tally)
        return reader.lines_of([{name: _text(cell) for name, cell in form.items()} for form in self.forms])


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
