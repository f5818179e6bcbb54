"""`simulate`: a device on a pseudo-terminal, under direction from the keyboard or a script."""

import argparse
import sys
import tempfile
from argparse import Namespace
from pathlib import Path

from hardware.answering import AnsweringScanner
from hardware.commands import CommandMistake, Commands
from hardware.directions import HELP
from hardware.gm65_module import Gm65Module
from hardware.simulator import SimulatedScanner
from hardware.stage import Stage

DEFAULT_LINK = Path(tempfile.gettempdir()) / "simulated-scanner"

SUFFIXES = {"cr": b"\r", "crlf": b"\r\n", "lf": b"\n", "tab": b"\t", "etx": b"\x03", "none": b""}


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "simulate",
        help="be a scanner on a pseudo-terminal",
        description="Make a pseudo-terminal that behaves as a scanner, and a link that leads to it. Each line typed is "
        "scanned. It ends with the input, with the script, or with Ctrl-C.",
        epilog=f"what can be typed, or stand in a script:\n\n{HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--link",
        type=Path,
        default=DEFAULT_LINK,
        metavar="PATH",
        help="where programs find the scanner (default: %(default)s)",
    )
    parser.add_argument(
        "--codes", type=Path, metavar="FILE", help="sample codes, one on each line; lines with # are remarks"
    )
    parser.add_argument(
        "--script", type=Path, metavar="FILE", help="carry out these lines, one after the other, instead of typed ones"
    )
    parser.add_argument(
        "--suffix",
        choices=SUFFIXES,
        help=f"what ends a code: {', '.join(SUFFIXES)} (default: cr)",
    )
    parser.add_argument(
        "--driver",
        choices=("line", "gm65"),
        default="line",
        help="line: it only sends; gm65: it also answers commands, and keeps over :unplug what was saved. A "
        "pseudo-terminal has no speed: a wrong baud rate cannot be simulated (default: %(default)s)",
    )
    parser.set_defaults(run=_run)


def _run(arguments: Namespace) -> None:
    simulate(arguments.link, arguments.codes, arguments.script, arguments.suffix, arguments.driver)


def simulate(link: Path, codes: Path | None, script: Path | None, suffix: str | None, driver: str) -> None:
    """Be a scanner until the input ends, or the script, or Ctrl-C."""
    samples = _lines(codes, "codes") if codes is not None else []
    lines = _lines(script, "directions") if script is not None else iter(sys.stdin.buffer.readline, b"")
    if driver == "gm65" and suffix is not None:
        raise CommandMistake("--suffix: a GM65 sends the suffix it is set to; python -m hardware commission sets it")
    module = Gm65Module()
    try:
        device = SimulatedScanner(link) if driver == "line" else AnsweringScanner(link, module)
    except OSError as error:
        raise CommandMistake(f"the scanner cannot be put at {link}: {error.strerror}") from None
    with device:
        print(f"scanner at {link} ({device.terminal}); type a code, or :help", flush=True)
        stage = Stage(device, samples, lambda: SUFFIXES[suffix or "cr"] if driver == "line" else module.terminator)
        for line in lines:
            answer = stage.obey(line)
            if answer is not None:
                print(answer, flush=True)


def _lines(path: Path, what: str) -> list[bytes]:
    try:
        lines = [line.strip() for line in path.read_bytes().splitlines()]
    except OSError as error:
        raise CommandMistake(f"{path} cannot be read: {error.strerror}") from None
    found = [line for line in lines if line and not line.startswith(b"#")]
    if not found:
        raise CommandMistake(f"{path} holds no {what}; expected one on each line")
    return found
