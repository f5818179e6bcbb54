"""The page of a quarter, and the part of it that is renewed when a figure changes."""

from fractions import Fraction
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from sync_server.core.figures.quarterly import Figures, Office
from sync_server.core.figures.trend import Step, trend
from sync_server.core.presence import Condition
from sync_server.core.quarter import VIETNAM, Quarter, local_day
from sync_server.store.changes import change_number
from sync_server.store.figures import figures, offices
from sync_server.store.period import day_counts
from sync_server.store.presence import presences
from sync_server.web import wording
from sync_server.web.inside import SignedInRequest, chosen, inside
from sync_server.web.notice import Notice
from sync_server.web.parts import GivenParts, Parts
from sync_server.web.places import FIGURES, of_site
from sync_server.web.trend import TrendChart, trend_chart
from sync_server.web.view import coverage, kiosk_line


@get("/", sync_to_thread=False)
def start(parts: GivenParts, site: FromQuery[str | None] = None) -> Redirect:
    """Lead to the current quarter."""
    quarter = _today(parts)
    return Redirect(f"/figures/{quarter}" if site is None else of_site(f"/figures/{quarter}", site))


@get("/figures/{quarter:str}", sync_to_thread=True)
def whole_page(
    request: SignedInRequest, parts: GivenParts, quarter: FromPath[str], site: FromQuery[str | None] = None
) -> Response[str]:
    """Show a quarter."""
    asked = _quarter(quarter)
    known = offices(parts.database, asked.last)
    office = _office(known, asked, site)
    contents = _contents(parts, office, asked)
    is_past = contents["figures"].period.last < local_day(parts.now())
    return parts.page(
        "quarter.html",
        **inside(request, office, FIGURES),
        others=[(address(asked, other), other.name, other == office) for other in known] if len(known) > 1 else [],
        previous=(address(asked.previous(), office), asked.previous().label),
        next=(address(asked.next(), office), asked.next().label) if is_past else None,
        trend=_trend(parts, contents["figures"]),
        **contents,
    )


@get("/figures/{quarter:str}/fragment", sync_to_thread=True)
def fragment(parts: GivenParts, quarter: FromPath[str], site: FromQuery[str | None] = None) -> Response[str]:
    """Show the part of the page that changes."""
    asked = _quarter(quarter)
    office = _office(offices(parts.database, asked.last), asked, site)
    return parts.page("figures.html", renewed=True, **_contents(parts, office, asked))


def address(quarter: Quarter, office: Office, part: str = "") -> str:
    """Return the path of a quarter's page."""
    return of_site(f"/figures/{quarter}{part}", office.site)


def _contents(parts: Parts, office: Office, quarter: Quarter) -> dict[str, Any]:
    # Read before the figures: a change in between is told once too often, never left out.
    seen = change_number(parts.database)
    now = parts.now()
    counted = figures(parts.database, office.site, quarter)
    waiting = presences(parts.database, office.site, now)
    kiosks = [kiosk_line(presence, now) for presence in waiting]
    return {
        "figures": counted,
        "coverage": coverage(counted),
        "kiosks": kiosks,
        "kiosks_well": sum(line.condition is Condition.WELL for line in kiosks),
        "kiosks_expected": sum(line.condition is not Condition.REVOKED for line in kiosks),
        "votes_waiting": sum(presence.waiting for presence in waiting),
        "renewed_at": now.astimezone(VIETNAM),
        "labels_address": of_site("/labels", office.site, time=str(quarter), unreviewed="1"),
        "fragment_address": address(quarter, office, "/fragment"),
        "events_address": f"/events?seen={seen}",
    }


def _trend(parts: Parts, counted: Figures) -> TrendChart | None:
    if counted.survey is None:
        return None
    rules = counted.period.rules
    days = day_counts(parts.database, counted.office.site, counted.period)
    points = trend(counted.survey.main.asked, days, Step.WEEK, rules.least_shown)
    return trend_chart(points, Fraction(rules.target) / 100, counted.rounding)


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError:
        raise Notice(404, *wording.NO_SUCH_QUARTER, links=[("/", wording.TO_START)]) from None


def _office(known: tuple[Office, ...], quarter: Quarter, site: str | None) -> Office:
    return chosen(known, site, lambda office: address(quarter, office))


def _today(parts: Parts) -> Quarter:
    return Quarter.of(local_day(parts.now()))
