"""`watch`: what a device sends, and whether it is there."""

import logging
from argparse import ArgumentParser, Namespace
from queue import SimpleQueue

from hardware.commands import CommandMistake, Commands, now
from hardware.commands.registers import add_registers, refuse, registers
from hardware.driver import Driver
from hardware.drivers import KEYBOARDS, SCANNERS, opener, queue_driver
from hardware.ports import BAUD_RATES
from hardware.queue_line import USUAL_CALL, BadPattern, Check, LineShape
from hardware.reporter import Reporter
from hardware.supervisor import PortSupervisor
from hardware.watching import Measured

# As the settings name them, but that there a queue system's `line` stands in a section of its own.
QUEUES = {"line-queue": "line", "ft12": "ft12", "modbus": "modbus"}
DRIVERS = (*SCANNERS, *QUEUES)


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "watch",
        help="show what a scanner or a queue system sends and whether it is there",
        description="Show what the kiosk would make of each code or call, and when the device comes and goes. Cases "
        "are shown by the end of their code, refused codes by the reason only. A port that is not there is waited for. "
        "The kiosk must not be running: a port has one reader. Ctrl-C ends it.",
    )
    parser.add_argument("port", metavar="PORT", help="path of the device, such as /dev/kiosk/scanner")
    parser.add_argument(
        "--baud",
        type=int,
        default=BAUD_RATES[0],
        choices=BAUD_RATES,
        metavar="BAUD",
        help=f"speed of a serial line: {', '.join(map(str, BAUD_RATES))} (default: %(default)s)",
    )
    parser.add_argument(
        "--driver",
        choices=DRIVERS,
        default="line",
        metavar="DRIVER",
        help=f"what is connected, as in the settings: {', '.join(SCANNERS)} for scanners, of which wedge is a keyboard "
        f"that nobody else hears meanwhile, so never the one you type on; {', '.join(QUEUES)} for queue systems, of "
        "which line-queue is 'line' in the settings (default: %(default)s)",
    )
    parser.add_argument(
        "--raw",
        action="store_true",
        help="also show how many bytes each code had and the control characters before and behind it, answers, repeats "
        "and faults; bytes are shown of queue tickets and answers only: half an identity card is one, too",
    )
    _add_queues(parser)
    parser.set_defaults(run=_run)


def _add_queues(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--pattern",
        metavar="REGEX",
        help="of line-queue: what each line looks like, with the groups ticket, counter and state "
        "(default: calls like A012,3,CALL)",
    )
    parser.add_argument("--framed", action="store_true", help="of line-queue: each line stands between STX and ETX")
    parser.add_argument(
        "--check",
        choices=[check.value for check in Check if check is not Check.NONE],
        help="of line-queue: the last byte is the xor or the sum of the others",
    )
    add_registers(parser)
    parser.add_argument(
        "--poll", action="store_true", help="of modbus: ask for the registers; only where there is no other master"
    )


def _run(arguments: Namespace) -> None:
    logging.getLogger("hardware").addHandler(logging.NullHandler())  # the states printed here say the same
    driver = _driver(arguments)
    measured = Measured(driver) if arguments.raw else None
    news: SimpleQueue[str] = SimpleQueue()
    reporter = Reporter(news.put, lambda: now().date(), measured, scans=arguments.driver in SCANNERS)
    supervisor = PortSupervisor(
        *("watched", arguments.port, arguments.baud, measured or driver),
        reporter.heard,
        reporter.changed,
        revive=arguments.driver in SCANNERS,
        opens=opener(arguments.driver),
    )
    supervisor.start()
    try:
        while True:
            print(f"{now():%H:%M:%S}  {news.get()}", flush=True)
    finally:
        supervisor.stop()


def _driver(arguments: Namespace) -> Driver:
    name: str = arguments.driver
    if name != "line-queue":
        refuse(arguments, ("pattern", "framed", "check"), "line-queue")
    if name != "modbus":
        refuse(arguments, ("poll",), "modbus")
    if name in KEYBOARDS and arguments.raw:
        raise CommandMistake("--raw: a keyboard sends keys and no bytes; all there is to tell is told without it")
    place = registers(arguments, name == "modbus", arguments.poll)
    if name in SCANNERS:
        return SCANNERS[name]()
    pattern: str | None = arguments.pattern
    try:
        shape = LineShape(
            USUAL_CALL if pattern is None else pattern, arguments.framed, Check(arguments.check or "none")
        )
    except BadPattern as mistake:
        raise CommandMistake(f"--pattern: {mistake}") from None
    return queue_driver(QUEUES[name], shape, place)
