"""`report`: the figures of a time as an office may sign them: by its rules, official beside raw."""

import sys
from argparse import ArgumentTypeError, Namespace
from datetime import UTC, datetime

from sync_server.commands import Commands, opened
from sync_server.commands.sites import chosen_site
from sync_server.core.figures.period_json import period_as_json
from sync_server.core.figures.period_names import names_of
from sync_server.core.figures.period_text import period_as_text
from sync_server.core.quarter import local_day
from sync_server.core.spans import Span
from sync_server.settings import Settings
from sync_server.store.period import period_figures


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
        "time", nargs="?", type=_span, help="like 2026-Q4, 2026-H2 (half-year), 2026-11 or 2026 (default: this quarter)"
    )
    parser.add_argument("--site", help="whose figures; needed when there are several sites")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is the default")
    parser.set_defaults(run=_run)


def _run(arguments: Namespace, settings: Settings) -> int:
    span: Span = arguments.time or Span.quarter_of(local_day(datetime.now(UTC)))
    with opened(settings) as database:
        counted, said = period_figures(database, chosen_site(database, arguments.site), span)
    names = names_of(said, counted.last)
    if arguments.format == "json":
        text = period_as_json(counted, names, str(span))
    else:
        text = period_as_text(counted, names, span.label)
    # A terminal set to another encoding would refuse Vietnamese letters.
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
    return 0


def _span(text: str) -> Span:
    try:
        return Span.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
