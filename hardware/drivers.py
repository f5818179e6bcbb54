"""The drivers by the names that settings give them."""

from collections.abc import Callable

from hardware.driver import Driver
from hardware.evdev_port import grabbed
from hardware.ft12 import Ft12
from hardware.gm65 import Gm65
from hardware.line import LineFramer
from hardware.modbus import Modbus, Registers
from hardware.ports import Opener, Transport
from hardware.queue_line import LineShape, QueueLine
from hardware.ssi import Ssi
from hardware.wedge import Wedge

SCANNERS: dict[str, Callable[[], Driver]] = {"line": LineFramer, "gm65": Gm65, "ssi": Ssi, "wedge": Wedge}
KEYBOARDS = ("wedge",)  # those of SCANNERS that are read from an input device
QUEUES = ("line", "ft12", "modbus")


def opener(name: str) -> Opener:
    """Return what opens the port of a driver: an input device for KEYBOARDS, else a serial port."""
    return grabbed if name in KEYBOARDS else Transport


def queue_driver(name: str, shape: LineShape, registers: Registers) -> Driver:
    """Return a driver of QUEUES; *shape* is what `line` reads, *registers* what `modbus` does."""
    match name:
        case "line":
            return QueueLine(shape)
        case "ft12":
            return Ft12()
        case _:
            return Modbus(registers)
