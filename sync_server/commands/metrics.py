"""`metrics`: what monitors are told, once."""

import sys
from argparse import Namespace
from datetime import UTC, datetime

from sync_server.commands import Commands, opened
from sync_server.metrics import exposition
from sync_server.settings import Settings


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "metrics",
        help="print what monitors are told",
        description="Prints counts of the ingest, how each kiosk is and whether votes are missing, as Prometheus reads"
        " it. The pages serve the same under /metrics when web.metrics_token is set.",
    )
    parser.set_defaults(run=_run)


def _run(_arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        text = exposition(database, datetime.now(UTC))
    sys.stdout.buffer.write(text)
    sys.stdout.flush()
    return 0
