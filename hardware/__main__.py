"""python -m hardware: try ports, scanners and codes without the kiosk, and simulate devices without hardware."""

import argparse
import os
import signal
import sys
from io import TextIOWrapper
from typing import NoReturn

from hardware.commands import CommandMistake, classify, commission, ports, simulate, watch

MODULES = (ports, watch, classify, simulate, commission)

EXAMPLES = """\
examples:
  python -m hardware ports
  python -m hardware watch /dev/serial/by-id/usb-Newland_HR52-if00 --baud 115200
  python -m hardware classify --units H57.14 < codes.txt
  python -m hardware commission /dev/serial0 --dry-run
  python -m hardware simulate --link /tmp/scanner --codes codes.txt    in one terminal, and
  python -m hardware watch /tmp/scanner                                in another
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; --help says more\n")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status: 0, or 2 for a mistake."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a sign still shows the rest
    asked = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that being ended cleans up as Ctrl-C does
    try:
        asked.run(asked)
    except CommandMistake as mistake:
        print(f"python -m hardware: {mistake}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    except BrokenPipeError:
        # Whoever read the output has gone; what is left of it goes nowhere, without a complaint at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m hardware",
        description="Try serial ports, scanners and codes without the kiosk, and simulate a scanner without hardware.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    for module in MODULES:
        module.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
