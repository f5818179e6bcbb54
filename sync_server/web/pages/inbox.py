"""Comments and low scores as work: the list, and each with what was done and can be done."""

from collections import Counter
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from sync_server.core.book import Book
from sync_server.core.channels import Channel
from sync_server.core.figures.period import Breakdown
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.period_wording import CHANNELS
from sync_server.core.figures.quarterly import Office
from sync_server.core.masking import finds
from sync_server.core.matters import MatterState, NotNow, next_states
from sync_server.core.quarter import VIETNAM, local_day
from sync_server.core.surveys import MAIN_CRITERION
from sync_server.store.figures import offices
from sync_server.store.matters import MatterView, NoSuchMatter, list_matters, matter, move, open_matters, steps
from sync_server.store.records import book
from sync_server.web import wording
from sync_server.web.guards import check_form
from sync_server.web.inside import SignedInRequest, chosen, inside, note_of
from sync_server.web.notice import Notice
from sync_server.web.parts import GivenParts, Parts
from sync_server.web.places import INBOX, of_site

MOST_SHOWN = 100


@dataclass(frozen=True)
class StepForm:
    """A step further, and what is said of it."""

    form_token: str
    site: str
    state: MatterState
    owner: str = ""
    cause: str = ""
    action: str = ""


@dataclass(frozen=True)
class MatterLine:
    """A matter as the pages show it."""

    view: MatterView
    address: str
    state: str
    late: bool
    scores: tuple[str, ...]
    about: tuple[str, ...]
    channel: str  # by which it came, if not by a kiosk


@get("/inbox", sync_to_thread=True)
def inbox(
    request: SignedInRequest,
    parts: GivenParts,
    site: FromQuery[str | None] = None,
    standing: FromQuery[str] = "",
    overdue: FromQuery[str] = "",
    search: FromQuery[str] = "",
) -> Response[str]:
    """List the matters of a site, those that are due first at the head."""
    office = _office(parts, site)
    today = local_day(parts.now())
    state = next((each for each in MatterState if each == standing), None)
    with parts.database.writing() as connection:
        open_matters(connection, office.site)
        views = list_matters(connection, office.site)
        said = book(connection, office.site)
    found = [
        view
        for view in views
        if (state is None or view.matter.state is state)
        and (not overdue or view.matter.is_overdue(today))
        and (not search or finds(search, view.comment))
    ]
    counts = Counter(view.matter.state for view in views)
    return parts.page(
        "inbox.html",
        lines=[_line(parts, view, said, office) for view in found[:MOST_SHOWN]],
        found=len(found),
        most=MOST_SHOWN,
        states=[(each, wording.STATES[each], counts[each]) for each in MatterState],
        late=sum(view.matter.is_overdue(today) for view in views),
        state=state,
        overdue=overdue,
        search=search,
        **inside(request, office, INBOX),
    )


@get("/inbox/{number:int}", sync_to_thread=True)
def one_matter(
    request: SignedInRequest, parts: GivenParts, number: FromPath[int], site: FromQuery[str | None] = None
) -> Response[str]:
    """Show a matter, and what was done with it."""
    return _page(request, parts, _office(parts, site), number)


# Not the path of the page: of two handlers of one path, Litestar 2.25 wraps the first twice into threads.
@post("/inbox/{number:int}/step", sync_to_thread=True)
def take_further(
    request: SignedInRequest, parts: GivenParts, number: FromPath[int], data: URLEncodedBody[StepForm]
) -> Response[str] | Redirect:
    """Assign, answer or close a matter."""
    check_form(request.auth, data.form_token)
    office = _office(parts, data.site)
    needed = {MatterState.ASSIGNED: wording.NO_OWNER, MatterState.ANSWERED: wording.NO_ACTION}
    owner, no_owner = note_of(data.owner, needed[data.state] if data.state is MatterState.ASSIGNED else "")
    action, no_action = note_of(data.action, needed[data.state] if data.state is MatterState.ANSWERED else "")
    cause, no_cause = note_of(data.cause, "")
    trouble = no_owner or no_action or no_cause
    if not trouble:
        try:
            with parts.database.writing() as connection:
                said = {"owner": owner, "cause": cause, "action": action}
                move(connection, office.site, number, data.state, request.user.name, parts.now(), **said)
        except NoSuchMatter:
            raise _none(office) from None
        except NotNow:
            with parts.database.reading() as connection:
                now = matter(connection, office.site, number).matter.state
            trouble = wording.CHANGED_MEANWHILE.format(wording.STATES[now])
        else:
            return Redirect(of_site(f"/inbox/{number}", office.site), status_code=303)
    return _page(request, parts, office, number, typed=data, trouble=trouble, status=422)


def _page(
    request: SignedInRequest,
    parts: Parts,
    office: Office,
    number: int,
    *,
    typed: StepForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> Response[str]:
    try:
        with parts.database.reading() as connection:
            view = matter(connection, office.site, number)
            done = steps(connection, number)
            said = book(connection, office.site)
    except NoSuchMatter:
        raise _none(office) from None
    able = next_states(view.matter.state)
    return parts.page(
        "matter.html",
        status,
        line=_line(parts, view, said, office),
        steps=[(step.at.astimezone(VIETNAM), step.by, wording.STATES[step.state], step.note) for step in done],
        may_assign=MatterState.ASSIGNED in able,
        may_answer=MatterState.ANSWERED in able,
        may_close=MatterState.CLOSED in able,
        officers=sorted(officer.name for officer in said.officers.on(local_day(parts.now())).values()),
        to_list=of_site("/inbox", office.site),
        typed=typed,
        trouble=trouble,
        **inside(request, office, INBOX),
    )


def _line(parts: Parts, view: MatterView, said: Book, office: Office) -> MatterLine:
    names = names_of(said, view.matter.day)
    survey = said.all_surveys.get(view.survey)
    scores = []
    for criterion, level in sorted(view.levels.items()):
        asked = None if survey is None else survey.criterion(criterion)
        words = f"{level}" if asked is None else asked.said(level)
        scores.append(words if criterion == MAIN_CRITERION else f"{criterion}: {words}")
    about = ((Breakdown.PROCEDURE, view.procedure), (Breakdown.FIELD, view.field))
    return MatterLine(
        view,
        of_site(f"/inbox/{view.matter.number}", office.site),
        wording.STATES[view.matter.state],
        view.matter.is_overdue(local_day(parts.now())),
        tuple(scores),
        tuple(names.of[breakdown](key) for breakdown, key in about if key is not None),
        "" if view.channel is Channel.KIOSK else CHANNELS[view.channel],
    )


def _office(parts: Parts, site: str | None) -> Office:
    return chosen(offices(parts.database), site, lambda office: of_site("/inbox", office.site))


def _none(office: Office) -> Notice:
    return Notice(404, *wording.NO_SUCH_MATTER, links=[(of_site("/inbox", office.site), wording.TO_INBOX)])
