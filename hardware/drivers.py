"""The drivers by the names that settings give them."""

from collections.abc import Callable

from hardware.driver import Driver
from hardware.ft12 import Ft12
from hardware.gm65 import Gm65
from hardware.line import LineFramer
from hardware.modbus import Modbus, Registers
from hardware.queue_line import LineShape, QueueLine
from hardware.ssi import Ssi

SCANNERS: dict[str, Callable[[], Driver]] = {"line": LineFramer, "gm65": Gm65, "ssi": Ssi}
QUEUES = ("line", "ft12", "modbus")


def queue_driver(name: str, shape: LineShape, registers: Registers) -> Driver:
    """Return a driver of QUEUES; *shape* is what `line` reads, *registers* what `modbus` does."""
    match name:
        case "line":
            return QueueLine(shape)
        case "ft12":
            return Ft12()
        case _:
            return Modbus(registers)
