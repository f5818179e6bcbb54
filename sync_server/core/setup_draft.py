"""What an office tells its kiosks, made of what holds on a day. Pure."""

from datetime import date

import msgspec

from protocol.messages import CounterSetup, Look, OfficerSetup, Published, Setup, Thresholds
from sync_server.core.book import Book

NOT_NUMBERED = 1  # a draft has no revision of its own: it gets one when it is put in force


def draft(book: Book, day: date, published: Published | None = None) -> Setup | None:
    """Return the setup of an office as it is on a day, with its last result; None when the office never was."""
    letterhead = book.letterhead(day)
    if letterhead is None:
        return None
    revision, survey = book.survey_on(day)
    names = {key: entry.name for key, entry in book.fields.on(day).items()}
    officers = book.officers.on(day)
    return Setup(
        revision=NOT_NUMBERED,
        survey=survey.setup(revision),
        look=Look(letterhead.office, letterhead.unit),
        counters=tuple(
            # A vote that comes without a case is about this officer's field.
            CounterSetup(desk.counter, desk.officer, names.get(officers[desk.officer].field, ""))
            for desk in sorted(book.counters.on(day).values(), key=lambda desk: desk.counter)
            if desk.officer in officers
        ),
        officers=tuple(OfficerSetup(key, entry.name, entry.title) for key, entry in officers.items()),
        opening_hours=tuple(hours for opening in letterhead.opening_hours for hours in opening.hours),
        thresholds=Thresholds(*msgspec.structs.astuple(letterhead.thresholds)),
        published=published,
    )
