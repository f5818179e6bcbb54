"""`simulate`: a device on a pseudo-terminal, under direction from the keyboard or a script."""

import argparse
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from hardware.commands import CommandMistake, Commands
from hardware.commands.casting import DRIVERS, SUFFIXES, chosen
from hardware.commands.registers import add_registers
from hardware.directions import HELP
from hardware.roles import Role
from hardware.simulator import SimulatedScanner
from hardware.stage import Stage

DEFAULT_LINK = Path(tempfile.gettempdir()) / "simulated-scanner"


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "simulate",
        help="be a scanner or a queue system on a pseudo-terminal",
        description="Make a pseudo-terminal that behaves as a scanner or a queue system, and a link that leads to it. "
        "Each line typed is scanned, or directs it. It ends with the input, with the script, or with Ctrl-C.",
        epilog=f"what can be typed, or stand in a script:\n\n{HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--link",
        type=Path,
        default=DEFAULT_LINK,
        metavar="PATH",
        help="where programs find the device (default: %(default)s)",
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
        help=f"of line: what ends a code or a call: {', '.join(SUFFIXES)} (default: cr)",
    )
    parser.add_argument(
        "--driver",
        choices=DRIVERS,
        default="line",
        help="line: it only sends, codes or calls of the usual pattern; gm65: it also answers commands, and keeps over "
        ":unplug what was saved; ssi: it sends a code again until that is acknowledged; ft12: the keypads' bus; "
        "modbus: a unit that answers who reads its registers, and the bus's master while nobody does. A "
        "pseudo-terminal has no speed: a wrong baud rate cannot be simulated (default: %(default)s)",
    )
    add_registers(parser)
    parser.set_defaults(run=_run)


def _run(arguments: Namespace) -> None:
    link: Path = arguments.link
    samples = _lines(arguments.codes, "codes") if arguments.codes is not None else []
    script: Path | None = arguments.script
    lines = _lines(script, "directions") if script is not None else iter(sys.stdin.buffer.readline, b"")
    cast = chosen(arguments)
    try:
        device, role = cast(link)
    except OSError as error:
        raise CommandMistake(f"the device cannot be put at {link}: {error.strerror}") from None
    with device:
        _perform(device, role, samples, lines)


def _perform(device: SimulatedScanner, role: Role, samples: list[bytes], lines: Iterable[bytes]) -> None:
    print(f"plugged in at {device.link} ({device.terminal}); type a code, or :help", flush=True)
    stage = Stage(device, role, samples)
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
