"""`commission`: sets a scanner of the GM65 family up."""

import sys
from argparse import Namespace

from hardware.commands import CommandMistake, Commands
from hardware.commission import BAUD_RATES, CommissionFailed, commission
from hardware.commissioning import MODELS


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "commission",
        help="set a GM65 scanner up",
        description="Find the speed at which a scanner of the GM65 family answers "
        f"({', '.join(map(str, BAUD_RATES))} baud are tried), show its versions, and then have it refuse "
        "printed set-up codes and end each code with CR; save that and read it back. What was right is not written. "
        "The places of the settings differ between models and no scanner tells its own: read the label. Without "
        "--model it asks, on a terminal, and anything but yes writes nothing. Nothing that is scanned meanwhile is "
        "shown or kept. If it is interrupted, run it again. The kiosk must not be running: a port has one reader. "
        "Exit status: 0 when the scanner is set up, else 2 and one sentence.",
    )
    parser.add_argument("port", metavar="PORT", help="path of the device, such as /dev/kiosk/scanner")
    parser.add_argument("--model", choices=tuple(MODELS), help="confirms that the label names this model")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be written to a GM65, and write nothing"
    )
    parser.set_defaults(run=_run)


def _run(arguments: Namespace) -> None:
    model: str | None = arguments.model

    def confirmed() -> str | None:
        if model is not None or not sys.stdin.isatty():
            return model
        (only,) = MODELS
        print(f"Does the label of the module say {only}? Other models would be spoilt. Type yes or no:", flush=True)
        return only if sys.stdin.readline().strip().lower() == "yes" else None

    def told(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    try:
        commission(arguments.port, confirmed, arguments.dry_run, lambda text: print(text, flush=True), told)
    except CommissionFailed as failure:
        raise CommandMistake(str(failure)) from None
