"""`ports`: the serial ports and keyboards of this machine, and the names that stay theirs."""

from argparse import Namespace

from hardware.commands import Commands
from hardware.keyboards import list_keyboards
from hardware.known import advice, recognise
from hardware.ports import PortInfo, list_ports


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "ports",
        help="list the serial ports and keyboards of this machine",
        description="List the serial ports of this machine, then its keyboards, for some scanners are one: path, what "
        "the device says it is, USB id, and below it what is known of that id, and the names that stay the same when "
        "it is plugged in again. Settings should use one of those names. What is known is a proposal: scan something, "
        "with watch, to confirm it.",
    )
    parser.set_defaults(run=_run)


def _run(_arguments: Namespace) -> None:
    ports = list_ports()
    if not ports:
        print("no serial port found; a USB scanner should be set to its serial (CDC, VCP) mode")
    for port in ports:
        _show(port)
    for keyboard in list_keyboards():
        _show(keyboard, "keyboard")


def _show(port: PortInfo, kind: str = "") -> None:
    print("  ".join(filter(None, (port.path, kind, port.product, port.usb_id))))
    known = recognise(port.usb_id) if port.usb_id is not None else None
    if known is not None:
        print(f"    {advice(known)}")
    for name in port.stable_names:
        print(f"    {name}")
