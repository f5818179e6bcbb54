"""What a batch of forms must be to be opened, and which survey its forms ask where nobody says. Pure."""

from datetime import date

from protocol.messages import Number
from sync_server.core.book import Book


class NotToBeOpened(ValueError):
    """The batch cannot be opened like this; the text begins with what of it is wrong."""


def survey_asked(known: Book, first: date, last: date, today: date, survey: Number | None) -> Number:
    """Return the revision that forms of these days ask; NotToBeOpened says why there can be no such batch."""
    if last > today:
        raise NotToBeOpened("until: these days are not over yet; a batch is opened once its forms are there")
    if survey is None:
        asked = known.survey_on(first)[0]
        if asked != known.survey_on(last)[0]:
            raise NotToBeOpened("survey: what is asked has changed within these days; say which the forms ask")
        return asked
    if survey not in known.all_surveys:
        there = ", ".join(map(str, sorted(known.all_surveys)))
        raise NotToBeOpened(f"survey: there is no such revision at {known.site}; known ones: {there}")
    return survey
