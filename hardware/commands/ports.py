"""`ports`: the serial ports of this machine, and the names that stay theirs."""

from argparse import Namespace

from hardware.commands import Commands
from hardware.known import advice, recognise
from hardware.ports import list_ports


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "ports",
        help="list the serial ports of this machine",
        description="List the serial ports of this machine: path, what the device says it is, USB id, and below it the "
        "names that stay the same when it is plugged in again. Settings should use one of those names.",
    )
    parser.set_defaults(run=_run)


def _run(_arguments: Namespace) -> None:
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
