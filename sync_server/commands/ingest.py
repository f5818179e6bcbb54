"""`python -m sync_server ingest`: taking votes in only, from an outside broker."""

import argparse
import threading

from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.running import taking_in, until_stopped
from sync_server.core.topic_filters import UnusableFilter, expand
from sync_server.settings import Settings

DESCRIPTION = """Takes votes in from an outside broker (mqtt.embedded = false) and shows no pages. Several workers may
share the kiosks: each has a number up to mqtt.workers and filters of its own, one site each for example."""


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "ingest", help="take votes in only, from an outside broker, until stopped", description=DESCRIPTION
    )
    parser.add_argument(
        "--filter",
        action="append",
        default=[],
        dest="filters",
        metavar="TOPICFILTER",
        help="take in from these kiosks only, such as hailong/v1/SITE/#; may be repeated (default: all kiosks)",
    )
    parser.add_argument("--worker", type=int, default=1, metavar="NUMBER", help="which worker this is (default: 1)")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    if settings.mqtt.embedded:
        raise CommandMistake("the embedded broker is part of 'serve'; for 'ingest', set mqtt.embedded = false")
    if not 1 <= arguments.worker <= settings.mqtt.workers:
        raise CommandMistake(f"--worker: expected a number from 1 to {settings.mqtt.workers}, which mqtt.workers says")
    filters = _filters(arguments.filters)
    with (
        opened(settings, making=True) as database,
        until_stopped(),
        taking_in(database, settings, filters, arguments.worker),
    ):
        threading.Event().wait()
    return 0


def _filters(texts: list[str]) -> tuple[str, ...]:
    filters: dict[str, None] = {}
    for text in texts:
        try:
            filters.update(dict.fromkeys(expand(text)))
        except UnusableFilter as error:
            raise CommandMistake(f"--filter: {error}") from None
    return tuple(filters)
