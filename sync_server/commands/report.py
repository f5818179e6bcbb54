"""`report`: the figures of a time as an office may sign them: by its rules, official beside raw."""

from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime

from sync_server.commands import CommandMistake, Commands, opened, times
from sync_server.commands.printing import print_text
from sync_server.commands.sites import chosen_site
from sync_server.core.figures.beside_text import times_as_text, trend_as_text, week_as_text
from sync_server.core.figures.hours import week_of_hours
from sync_server.core.figures.on_time_renderings import on_time_as_text
from sync_server.core.figures.period import PeriodFigures
from sync_server.core.figures.period_json import period_as_json
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.period_text import period_as_text
from sync_server.core.figures.trend import Step, trend
from sync_server.core.quarter import local_day
from sync_server.core.rounding import Rounding
from sync_server.core.spans import Span
from sync_server.settings import Settings
from sync_server.store.database import Database
from sync_server.store.period import day_counts, hour_counts, on_time_figures, period_figures

MOST_BESIDE = 40


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "report",
        help="print the figures of a month, quarter, half-year or year by the rules of the office",
        description="The rules are those that held on the last day (see 'office show'). Votes with a label that they"
        " exclude are left out of the official figures, and counted under it; beside them stand the figures of all"
        " votes. Rows of too few votes are hidden, and others from which they could be worked out.",
    )
    parser.add_argument(
        "time",
        nargs="?",
        type=times.span,
        help="like 2026-Q4, 2026-H2 (half-year), 2026-11 or 2026 (default: now)",
    )
    parser.add_argument(
        "--beside", type=_number, default=0, metavar="NUMBER", help="also so many times before it, in one table"
    )
    parser.add_argument("--hours", action="store_true", help="also by day of the week and hour")
    parser.add_argument("--trend", choices=tuple(Step), type=Step, help="also day by day, or week by week")
    parser.add_argument("--site", help="whose figures; needed when there are several sites")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is the default")
    parser.set_defaults(run=_run)


def _run(arguments: Namespace, settings: Settings) -> int:
    span: Span = arguments.time or Span.quarter_of(local_day(datetime.now(UTC)))
    as_json = arguments.format == "json"
    if as_json and (arguments.beside or arguments.hours or arguments.trend):
        raise CommandMistake("--beside, --hours and --trend: are tables for people; leave them out with --format json")
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        counted, said = period_figures(database, site, span)
        names = names_of(said, counted.last)
        cases = on_time_figures(database, said, counted, local_day(datetime.now(UTC)))
        if as_json:
            text = period_as_json(counted, names, str(span), cases)
        else:
            text = period_as_text(counted, names, span.label)
            text += on_time_as_text(cases, names, Rounding(counted.rules.rounding, counted.rules.decimals))
        if arguments.beside:
            text += times_as_text([*_before(database, site, span, arguments.beside), (span.label, counted)])
        if arguments.trend and counted.surveys:
            days = day_counts(database, site, counted)
            points = trend(counted.surveys[-1].main.asked, days, arguments.trend, counted.rules.least_shown)
            rounding = Rounding(counted.rules.rounding, counted.rules.decimals)
            text += trend_as_text(points, arguments.trend, rounding, counted.rules.least_shown)
        if arguments.hours and counted.surveys:
            least = counted.rules.least_shown
            week = week_of_hours(counted.surveys[-1].main.asked, hour_counts(database, site, counted), least)
            text += week_as_text(week, least)
    print_text(text)
    return 0


def _before(database: Database, site: str, span: Span, number: int) -> list[tuple[str, PeriodFigures]]:
    times: list[tuple[str, PeriodFigures]] = []
    for _ in range(number):
        span = span.previous()
        times.insert(0, (span.label, period_figures(database, site, span)[0]))
    return times


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > MOST_BESIDE:
        raise ArgumentTypeError(f"expected a number up to {MOST_BESIDE}")
    return int(text)
