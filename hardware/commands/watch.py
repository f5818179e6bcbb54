"""`watch`: what a device sends, and whether it is there."""

import logging
import os
from argparse import Namespace
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic

from hardware.commands import Commands, now
from hardware.decoder import Decoder
from hardware.driver import Call, Driver, Fault, Frame
from hardware.drivers import SCANNERS
from hardware.ft12 import Ft12
from hardware.ports import BAUD_RATES
from hardware.scans import Scan, kind_of
from hardware.supervisor import Heard, PortState, PortSupervisor
from hardware.watching import Measured, frame_in_hex, in_words
from protocol.codes import CaseCode

# Those that need no settings: what a `line` queue system or a Modbus unit says depends on the office.
WATCHED: dict[str, Callable[[], Driver]] = {**SCANNERS, "ft12": Ft12}


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "watch",
        help="show what a scanner sends and whether it is there",
        description="Show what the kiosk would make of each code, and when the scanner comes and goes. Cases are shown "
        "by the end of their code, refused codes by the reason only. A port that is not there is waited for. The kiosk "
        "must not be running: a port has one reader. Ctrl-C ends it.",
    )
    parser.add_argument("port", metavar="PORT", help="path of the device, such as /dev/kiosk/scanner")
    parser.add_argument(
        "--baud",
        type=int,
        default=BAUD_RATES[0],
        choices=BAUD_RATES,
        metavar="BAUD",
        help=f"speed of the line: {', '.join(map(str, BAUD_RATES))} (default: %(default)s)",
    )

    parser.add_argument(
        "--driver",
        choices=tuple(WATCHED),
        default="line",
        help=f"what is connected: {', '.join(WATCHED)}, as in the settings (default: %(default)s)",
    )
    parser.add_argument(
        "--raw",
        action="store_true",
        help="also show how many bytes each code had and the control characters before and behind it, answers, repeats "
        "and faults; bytes are shown of queue tickets and answers only: half an identity card is one, too",
    )
    parser.set_defaults(run=_run)


def _run(arguments: Namespace) -> None:
    watch(arguments.port, arguments.baud, arguments.driver, arguments.raw)


def watch(port: str, baud: int, driver: str, raw: bool) -> None:
    """Print scans and state changes until Ctrl-C: never the text, of a case only its masked code."""
    logging.getLogger("hardware").addHandler(logging.NullHandler())  # the states printed here say the same
    news: SimpleQueue[str] = SimpleQueue()
    measured = Measured(WATCHED[driver]())
    decoder = Decoder(os.urandom(16))

    def heard(output: Heard) -> None:
        size = f"  [{measured.shapes.popleft()}]" if raw else ""
        if isinstance(output, Frame):
            scan = decoder.decode(output, now().date(), monotonic())
            if scan is not None:
                news.put(_told(scan) + size + (f"  {frame_in_hex(output, scan)}".rstrip() if raw else ""))
            elif raw:
                news.put(f"the same again, or blank{size}")
        elif raw:
            news.put(in_words(output) + size)
        elif isinstance(output, Call):
            news.put(in_words(output))
        elif isinstance(output, Fault) and driver in SCANNERS:
            scan = decoder.decode(output, now().date(), monotonic())
            if scan is not None:
                news.put(_told(scan))

    supervisor = PortSupervisor(
        "watched", port, baud, measured if raw else WATCHED[driver](), heard, lambda state: news.put(_told(state))
    )
    supervisor.start()
    try:
        while True:
            print(f"{now():%H:%M:%S}  {news.get()}", flush=True)
    finally:
        supervisor.stop()


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
