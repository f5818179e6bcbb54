"""python -m hardware: try ports, scanners and codes without the kiosk, and simulate a scanner without hardware."""

import argparse
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import TextIOWrapper
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import NoReturn

from hardware.answering import AnsweringScanner
from hardware.classifying import classified
from hardware.commission import BAUD_RATES as COMMISSION_RATES
from hardware.commission import CommissionFailed, commission
from hardware.commissioning import MODELS
from hardware.decoder import Decoder
from hardware.directions import HELP
from hardware.driver import Call, Driver, Fault, Frame
from hardware.drivers import SCANNERS
from hardware.ft12 import Ft12
from hardware.gm65_module import Gm65Module
from hardware.known import advice, recognise
from hardware.ports import BAUD_RATES, list_ports
from hardware.scans import Scan, kind_of
from hardware.simulator import SimulatedScanner
from hardware.stage import Stage
from hardware.supervisor import Heard, PortState, PortSupervisor
from hardware.watching import Measured, frame_in_hex, in_words
from protocol.codes import CaseCode
from protocol.units import is_unit

DEFAULT_LINK = Path(tempfile.gettempdir()) / "simulated-scanner"

SUFFIXES = {"cr": b"\r", "crlf": b"\r\n", "lf": b"\n", "tab": b"\t", "etx": b"\x03", "none": b""}

# Those that need no settings: what a `line` queue system or a Modbus unit says depends on the office.
WATCHED: dict[str, Callable[[], Driver]] = {**SCANNERS, "ft12": Ft12}

EXAMPLES = """\
examples:
  python -m hardware ports
  python -m hardware watch /dev/serial/by-id/usb-Newland_HR52-if00 --baud 115200
  python -m hardware classify --units H57.14 < codes.txt
  python -m hardware commission /dev/serial0 --dry-run
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
                watch(asked.port, asked.baud, asked.driver, asked.raw)
            case "classify":
                classify(asked.units)
            case "simulate":
                simulate(asked.link, asked.codes, asked.script, asked.suffix, asked.driver)
            case "commission":
                set_up(asked.port, asked.model, asked.dry_run)
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


def watch(port: str, baud: int, driver: str, raw: bool) -> None:
    """Print scans and state changes until Ctrl-C: never the text, of a case only its masked code."""
    logging.getLogger("hardware").addHandler(logging.NullHandler())  # the states printed here say the same
    news: SimpleQueue[str] = SimpleQueue()
    measured = Measured(WATCHED[driver]())
    decoder = Decoder(os.urandom(16))

    def heard(output: Heard) -> None:
        size = f"  [{measured.shapes.popleft()}]" if raw else ""
        if isinstance(output, Frame):
            scan = decoder.decode(output, _today(), monotonic())
            if scan is not None:
                news.put(_told(scan) + size + (f"  {frame_in_hex(output, scan)}".rstrip() if raw else ""))
            elif raw:
                news.put(f"the same again, or blank{size}")
        elif raw:
            news.put(in_words(output) + size)
        elif isinstance(output, Call):
            news.put(in_words(output))
        elif isinstance(output, Fault) and driver in SCANNERS:
            scan = decoder.decode(output, _today(), monotonic())
            if scan is not None:
                news.put(_told(scan))

    supervisor = PortSupervisor(
        "watched", port, baud, measured if raw else WATCHED[driver](), heard, lambda state: news.put(_told(state))
    )
    supervisor.start()
    try:
        while True:
            print(f"{_now():%H:%M:%S}  {news.get()}", flush=True)
    finally:
        supervisor.stop()


def classify(units: list[str]) -> None:
    """Say what each line of the standard input is, until it ends."""
    if not all(map(is_unit, units)):
        raise Mistake("--units: expected identifiers of units, like H57.14, in capitals")
    for answer in classified(sys.stdin.buffer, _today(), units):
        print(answer, flush=True)


def set_up(port: str, model: str | None, dry_run: bool) -> None:
    """Set a scanner up and say what was changed; Mistake when it is not set up."""

    def confirmed() -> str | None:
        if model is not None or not sys.stdin.isatty():
            return model
        (only,) = MODELS
        print(f"Does the label of the module say {only}? Other models would be spoilt. Type yes or no:", flush=True)
        return only if sys.stdin.readline().strip().lower() == "yes" else None

    def told(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    try:
        commission(port, confirmed, dry_run, lambda text: print(text, flush=True), told)
    except CommissionFailed as failure:
        raise Mistake(str(failure)) from None


def simulate(link: Path, codes: Path | None, script: Path | None, suffix: str | None, driver: str) -> None:
    """Be a scanner until the input ends, or the script, or Ctrl-C."""
    samples = _lines(codes, "codes") if codes is not None else []
    lines = _lines(script, "directions") if script is not None else iter(sys.stdin.buffer.readline, b"")
    if driver == "gm65" and suffix is not None:
        raise Mistake("--suffix: a GM65 sends the suffix it is set to; python -m hardware commission sets it")
    module = Gm65Module()
    try:
        device = SimulatedScanner(link) if driver == "line" else AnsweringScanner(link, module)
    except OSError as error:
        raise Mistake(f"the scanner cannot be put at {link}: {error.strerror}") from None
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

    watching.add_argument(
        "--driver",
        choices=tuple(WATCHED),
        default="line",
        help=f"what is connected: {', '.join(WATCHED)}, as in the settings (default: %(default)s)",
    )
    watching.add_argument(
        "--raw",
        action="store_true",
        help="also show how many bytes each code had and the control characters before and behind it, answers, repeats "
        "and faults; bytes are shown of queue tickets and answers only: half an identity card is one, too",
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
        help=f"what ends a code: {', '.join(SUFFIXES)} (default: cr)",
    )
    simulating.add_argument(
        "--driver",
        choices=("line", "gm65"),
        default="line",
        help="line: it only sends; gm65: it also answers commands, and keeps over :unplug what was saved. A "
        "pseudo-terminal has no speed: a wrong baud rate cannot be simulated (default: %(default)s)",
    )

    commissioning = commands.add_parser(
        "commission",
        help="set a GM65 scanner up",
        description="Find the speed at which a scanner of the GM65 family answers "
        f"({', '.join(map(str, COMMISSION_RATES))} baud are tried), show its versions, and then have it refuse "
        "printed set-up codes and end each code with CR; save that and read it back. What was right is not written. "
        "The places of the settings differ between models and no scanner tells its own: read the label. Without "
        "--model it asks, on a terminal, and anything but yes writes nothing. Nothing that is scanned meanwhile is "
        "shown or kept. If it is interrupted, run it again. The kiosk must not be running: a port has one reader. "
        "Exit status: 0 when the scanner is set up, else 2 and one sentence.",
    )
    commissioning.add_argument("port", metavar="PORT", help="path of the device, such as /dev/kiosk/scanner")
    commissioning.add_argument("--model", choices=tuple(MODELS), help="confirms that the label names this model")
    commissioning.add_argument(
        "--dry-run", action="store_true", help="show what would be written to a GM65, and write nothing"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
