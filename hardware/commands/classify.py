"""`classify`: what the kiosk would make of the texts on the standard input."""

import sys
from argparse import Namespace

from hardware.classifying import classified
from hardware.commands import CommandMistake, Commands, now
from protocol.units import is_unit


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "classify",
        help="say what the kiosk would make of codes",
        description="Read texts from standard input, one on each line, and say of each on one line what the kiosk "
        "would make of it if it were scanned today: 'case CODE', with 'foreign' behind it if it is another office's; "
        "'ticket CODE'; 'badge CODE'; 'enrolment SERVER PORT'; or 'refused' and why: identity-card, health-card, "
        "payment, look-alike (the number of a procedure, a document, a unit, a product), ambiguous (more than one "
        "case), unreadable, not-recognised. Codes are written in one way, however they were printed. Nothing of a "
        "refused text is shown or kept.",
    )
    parser.add_argument(
        "--units",
        nargs="+",
        default=[],
        metavar="UNIT",
        help="identifiers of the office's own units, such as H57.14; those below them count too (default: every unit)",
    )
    parser.set_defaults(run=_run)


def _run(arguments: Namespace) -> None:
    units: list[str] = arguments.units
    if not all(map(is_unit, units)):
        raise CommandMistake("--units: expected identifiers of units, like H57.14, in capitals")
    for answer in classified(sys.stdin.buffer, now().date(), units):
        print(answer, flush=True)
