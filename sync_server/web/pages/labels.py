"""The page of labels: which there are, and what a person decides about them; and the record of what was decided."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect

from sync_server.core.figures.quarterly import Office
from sync_server.core.labelling.names import ALL_LABELS
from sync_server.core.quarter import VIETNAM, local_day
from sync_server.core.rounding import count_text
from sync_server.core.rules import Period
from sync_server.core.spans import Span
from sync_server.store.audit import latest_deeds
from sync_server.store.figures import offices
from sync_server.store.labelling import CONFIRMED, LIFTED
from sync_server.store.records import book
from sync_server.store.reviews import Decision, LabelsThere, Which, decide, labels_there
from sync_server.web import wording
from sync_server.web.guards import check_form
from sync_server.web.inside import SignedInRequest, chosen, inside, note_of
from sync_server.web.notice import Notice
from sync_server.web.parts import GivenParts, Parts
from sync_server.web.places import LABELS, RECORD, of_site

MOST_ROWS = 200
MOST_DEEDS = 200


@dataclass(frozen=True)
class DecisionForm:
    """What is decided about the votes of a day and kiosk that carry a label, and where the page stood."""

    form_token: str
    site: str
    label: str
    day: date
    kiosk: str
    decision: str
    because: str = ""
    time: str = ""
    only: str = ""
    unreviewed: str = ""


@get("/labels", sync_to_thread=True)
def labels(
    request: SignedInRequest,
    parts: GivenParts,
    site: FromQuery[str | None] = None,
    time: FromQuery[str] = "",
    only: FromQuery[str] = "",
    unreviewed: FromQuery[str] = "",
    done: FromQuery[int | None] = None,
) -> Response[str]:
    """Show the labels of a time by day, kiosk and label."""
    said = "" if done is None else wording.DECIDED.format(count_text(done))
    return _page(request, parts, site, time, only, unreviewed, done=said)


@post("/labels/decide", sync_to_thread=True)
def decide_on_labels(
    request: SignedInRequest, parts: GivenParts, data: URLEncodedBody[DecisionForm]
) -> Response[str] | Redirect:
    """Confirm or lift a label, and put it on record."""
    check_form(request.auth, data.form_token)
    office = _office(parts, data.site)
    if data.decision not in (CONFIRMED, LIFTED) or data.label not in ALL_LABELS:
        raise Notice(404, *wording.NO_SUCH_LABEL)
    because, trouble = note_of(data.because, wording.NO_REASON)
    if not trouble:
        with parts.database.writing() as connection:
            done = decide(
                connection,
                Which(office.site, data.label, day=data.day, kiosk=data.kiosk),
                Decision(data.decision, request.user.name, because),
                parts.now(),
            )
        if done:
            more = {"time": data.time, "only": data.only, "unreviewed": data.unreviewed, "done": f"{done}"}
            return Redirect(of_site("/labels", office.site, **more), status_code=303)
        trouble = wording.NOTHING_LABELLED
    return _page(request, parts, office.site, data.time, data.only, data.unreviewed, trouble=trouble, status=422)


@get("/record", sync_to_thread=True)
def record(request: SignedInRequest, parts: GivenParts, site: FromQuery[str | None] = None) -> Response[str]:
    """Show who decided what, when and why, the newest first."""
    office = _office(parts, site, "/record")
    with parts.database.reading() as connection:
        found = latest_deeds(connection, office.site, MOST_DEEDS)
    shown = [(at.astimezone(VIETNAM), deed) for at, deed in found]
    return parts.page("record.html", deeds=shown, most=MOST_DEEDS, **inside(request, office, RECORD))


def _page(
    request: SignedInRequest,
    parts: Parts,
    site: str | None,
    time: str,
    only: str,
    unreviewed: str,
    *,
    done: str = "",
    trouble: str = "",
    status: int = 200,
) -> Response[str]:
    office = _office(parts, site)
    span = _span(time) if time else Span.quarter_of(local_day(parts.now()))
    if only and only not in ALL_LABELS:
        raise Notice(404, *wording.NO_SUCH_LABEL)
    with parts.database.reading() as connection:
        first, last = span.days(book(connection, office.site).rules_on(span.days(Period.CALENDAR)[1]).period)
        there: Iterator[LabelsThere] = labels_there(
            connection, office.site, first, last, label=only or None, unreviewed=bool(unreviewed)
        )
        rows = list(islice(there, MOST_ROWS + 1))
    asked = {"only": only, "unreviewed": unreviewed}
    return parts.page(
        "labels.html",
        status,
        rows=rows[:MOST_ROWS],
        more=MOST_ROWS if len(rows) > MOST_ROWS else 0,
        span=span,
        first=first,
        last=last,
        only=only,
        unreviewed=unreviewed,
        all_labels=ALL_LABELS,
        wording=wording,
        previous=(of_site("/labels", office.site, time=f"{span.previous()}", **asked), span.previous().label),
        next=(of_site("/labels", office.site, time=f"{span.next()}", **asked), span.next().label)
        if last < local_day(parts.now())
        else None,
        done=done,
        trouble=trouble,
        **inside(request, office, LABELS),
    )


def _office(parts: Parts, site: str | None, address: str = "/labels") -> Office:
    return chosen(offices(parts.database), site, lambda office: of_site(address, office.site))


def _span(text: str) -> Span:
    try:
        return Span.parse(text)
    except ValueError:
        raise Notice(404, *wording.NO_SUCH_TIME, links=[("/labels", wording.TO_START)]) from None
