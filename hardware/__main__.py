"""python -m hardware: try ports, scanners and codes without the kiosk, and simulate a scanner without hardware."""

import argparse
import logging
import os
import signal
import sys
import tempfile
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path
from queue import SimpleQueue
from typing import NoReturn

from hardware.classifying import classified
from hardware.directions import HELP
from hardware.known import advice, recognise
from hardware.ports import BAUD_RATES, list_ports
from hardware.scans import Scan, kind_of
from hardware.simulator import SimulatedScanner
from hardware.stage import Stage
from hardware.supervisor import PortState, ScannerSupervisor
from protocol.codes import CaseCode
from protocol.units import is_unit

DEFAULT_LINK = Path(tempfile.gettempdir()) / "simulated-scanner"

SUFFIXES = {"cr": b"\r", "crlf": b"\r\n", "lf": b"\n", "tab": b"\t", "etx": b"\x03", "none": b""}

EXAMPLES = """\
examples:
  python -m hardware ports
  python -m hardware watch /dev/serial/by-id/usb-Newland_HR52-if00 --baud 115200
  python -m hardware classify --units H57.14 < codes.txt
  python -m hardware simulate --link /tmp/scanner --codes codes.txt    in one terminal, and
  python -m hardware watch /tmp/scanner                                in another
"""


class Mistake(Exception):
    """What was asked for cannot be done; the text is one sentence that says why."""


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
        match asked.command:
            case "ports":
                show_ports()
            case "watch":
                watch(asked.port, asked.baud)
            case "classify":
                classify(asked.units)
            case "simulate":
                simulate(asked.link, asked.codes, asked.script, asked.suffix)
    except Mistake as mistake:
        print(f"python -m hardware: {mistake}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    except BrokenPipeError:
        # Whoever read the output has gone; what is left of it goes nowhere, without a complaint at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def show_ports() -> None:
    """Print the serial ports of this machine."""
    ports = list_ports()
    if not ports:
        print("no serial port found; a USB scanner must be set to its serial (CDC, VCP) mode")
    for port in ports:
        print("  ".join(filter(None, (port.path, port.product, port.usb_id))))
        known = recognise(port.usb_id) if port.usb_id is not None else None
        if known is not None:
            print(f"    {advice(known)}")
        for name in port.stable_names:
            print(f"    {name}")


def watch(port: str, baud: int) -> None:
    """Print scans and state changes until Ctrl-C: never the text, of a case only its masked code."""
    logging.getLogger("hardware").addHandler(logging.NullHandler())  # the states printed here say the same
    news: SimpleQueue[Scan | PortState] = SimpleQueue()
    supervisor = ScannerSupervisor(port, baud, on_scan=news.put, on_state=news.put, today=_today)
    supervisor.start()
    try:
        while True:
            print(f"{_now():%H:%M:%S}  {_told(news.get())}", flush=True)
    finally:
        supervisor.stop()


def classify(units: list[str]) -> None:
    """Say what each line of the standard input is, until it ends."""
    if not all(map(is_unit, units)):
        raise Mistake("--units: expected identifiers of units, like H57.14, in capitals")
    for answer in classified(sys.stdin.buffer, _today(), units):
        print(answer, flush=True)


def simulate(link: Path, codes: Path | None, script: Path | None, suffix: str) -> None:
    """Be a scanner until the input ends, or the script, or Ctrl-C."""
    samples = _lines(codes, "codes") if codes is not None else []
    lines = _lines(script, "directions") if script is not None else iter(sys.stdin.buffer.readline, b"")
    try:
        device = SimulatedScanner(link)
    except OSError as error:
        raise Mistake(f"the scanner cannot be put at {link}: {error.strerror}") from None
    with device:
        print(f"scanner at {link} ({device.terminal}); type a code, or :help", flush=True)
        stage = Stage(device, samples, SUFFIXES[suffix])
        for line in lines:
            answer = stage.obey(line)
            if answer is not None:
                print(answer, flush=True)


def _lines(path: Path, what: str) -> list[bytes]:
    try:
        lines = [line.strip() for line in path.read_bytes().splitlines()]
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror}") from None
    found = [line for line in lines if line and not line.startswith(b"#")]
    if not found:
        raise Mistake(f"{path} holds no {what}; expected one on each line")
    return found


def _told(news: Scan | PortState) -> str:
    match news:
        case PortState(up=True):
            return "up"
        case PortState(last_error=reason):
            return f"down: {reason}; trying again"
        case CaseCode():
            return f"case: {news.masked}"
        case _:
            return kind_of(news)


def _now() -> datetime:
    return datetime.now(UTC).astimezone()


def _today() -> date:
    return _now().date()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m hardware",
        description="Try serial ports, scanners and codes without the kiosk, and simulate a scanner without hardware.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    commands.add_parser(
        "ports",
        help="list the serial ports of this machine",
        description="List the serial ports of this machine: path, what the device says it is, USB id, and below it the "
        "names that stay the same when it is plugged in again. Settings should use one of those names.",
    )

    watching = commands.add_parser(
        "watch",
        help="show what a scanner sends and whether it is there",
        description="Show what the kiosk would make of each code, and when the scanner comes and goes. Cases are shown "
        "by the end of their code, refused codes by the reason only. A port that is not there is waited for. The kiosk "
        "must not be running: a port has one reader. Ctrl-C ends it.",
    )
    watching.add_argument("port", metavar="PORT", help="path of the device, such as /dev/kiosk/scanner")
    watching.add_argument(
        "--baud",
        type=int,
        default=BAUD_RATES[0],
        choices=BAUD_RATES,
        metavar="BAUD",
        help=f"speed of the line: {', '.join(map(str, BAUD_RATES))} (default: %(default)s)",
    )

    classifying = commands.add_parser(
        "classify",
        help="say what the kiosk would make of codes",
        description="Read texts from standard input, one on each line, and say of each on one line what the kiosk "
        "would make of it if it were scanned today: 'case CODE', with 'foreign' behind it if it is another office's; "
        "'ticket CODE'; 'badge CODE'; 'enrolment SERVER PORT'; or 'refused' and why: identity-card, health-card, "
        "payment, look-alike (the number of a procedure, a document, a unit, a product), ambiguous (more than one "
        "case), unreadable, not-recognised. Codes are written in one way, however they were printed. Nothing of a "
        "refused text is shown or kept.",
    )
    classifying.add_argument(
        "--units",
        nargs="+",
        default=[],
        metavar="UNIT",
        help="identifiers of the office's own units, such as H57.14; those below them count too (default: every unit)",
    )

    simulating = commands.add_parser(
        "simulate",
        help="be a scanner on a pseudo-terminal",
        description="Make a pseudo-terminal that behaves as a scanner, and a link that leads to it. Each line typed is "
        "scanned. It ends with the input, with the script, or with Ctrl-C.",
        epilog=f"what can be typed, or stand in a script:\n\n{HELP}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    simulating.add_argument(
        "--link",
        type=Path,
        default=DEFAULT_LINK,
        metavar="PATH",
        help="where programs find the scanner (default: %(default)s)",
    )
    simulating.add_argument(
        "--codes", type=Path, metavar="FILE", help="sample codes, one on each line; lines with # are remarks"
    )
    simulating.add_argument(
        "--script", type=Path, metavar="FILE", help="carry out these lines, one after the other, instead of typed ones"
    )
    simulating.add_argument(
        "--suffix",
        choices=SUFFIXES,
        default="cr",
        help=f"what ends a code: {', '.join(SUFFIXES)} (default: %(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
