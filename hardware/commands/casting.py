"""Which device `simulate` puts on the stage, by the name of the kiosk's driver for it."""

from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic

from hardware import speech
from hardware.answering import AnsweringScanner
from hardware.commands import CommandMistake
from hardware.commands.registers import registers
from hardware.gm65_module import Gm65Module
from hardware.modbus_unit import ModbusUnit
from hardware.roles import Role, Speaker, Teller, Telling
from hardware.simulator import SimulatedScanner
from hardware.speech import Speech
from hardware.ssi_module import SsiModule

SUFFIXES = {"cr": b"\r", "crlf": b"\r\n", "lf": b"\n", "tab": b"\t", "etx": b"\x03", "none": b""}

DRIVERS = ("line", "gm65", "ssi", "ft12", "modbus")

Cast = tuple[SimulatedScanner, Role]


def chosen(arguments: Namespace) -> Callable[[Path], Cast]:
    """Return what makes the device at a link; CommandMistake."""
    suffix: str | None = arguments.suffix
    driver: str = arguments.driver
    if driver == "gm65" and suffix is not None:
        raise CommandMistake("--suffix: a GM65 sends the suffix it is set to; python -m hardware commission sets it")
    if driver != "line" and suffix is not None:
        raise CommandMistake(f"--suffix: only what --driver line says ends with one, {driver} has frames")
    place = registers(arguments, driver == "modbus")
    match driver:
        case "line":
            return partial(_speaker, partial(speech.line, terminator=SUFFIXES[suffix or "cr"]))
        case "ft12":
            return partial(_speaker, speech.keypad)
        case "gm65":
            return _gm65
        case "ssi":
            return partial(_teller, SsiModule(monotonic))
        case _:
            return partial(_teller, ModbusUnit(place, monotonic))


def _speaker(said: Speech, link: Path) -> Cast:
    device = SimulatedScanner(link)
    return device, Speaker(device, said)


def _gm65(link: Path) -> Cast:
    module = Gm65Module()
    device = AnsweringScanner(link, module)
    return device, Speaker(device, lambda said: speech.scanner(said, module.terminator))


def _teller(module: Telling, link: Path) -> Cast:
    device = AnsweringScanner(link, module)
    return device, Teller(device, module)
