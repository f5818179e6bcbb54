"""Options that say where a Modbus unit keeps its calls: the same for the simulated unit and for who watches it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable

from hardware.commands import CommandMistake
from hardware.modbus import FIRST_REGISTERS, UNITS, Registers


def add_registers(parser: ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--unit",
        type=_of(UNITS),
        metavar="N",
        help=f"of modbus: the number of the unit, {UNITS[0]} to {UNITS[-1]} (default: 1)",
    )
    parser.add_argument(
        "--first-register",
        type=_of(FIRST_REGISTERS),
        metavar="N",
        help=f"of modbus: where counter, ticket, state and prefix begin, 0 to {FIRST_REGISTERS[-1]} (default: 0)",
    )


def registers(arguments: Namespace, wanted: bool, poll: bool = False) -> Registers:
    """Return what the options say; CommandMistake when they are given where they mean nothing."""
    if not wanted:
        refuse(arguments, ("unit", "first_register"), "modbus")
    return Registers(arguments.unit or 1, arguments.first_register or 0, poll)


def refuse(arguments: Namespace, options: tuple[str, ...], driver: str) -> None:
    """Refuse options that belong to another driver: who gives them expects something of them. CommandMistake."""
    for option in options:
        given = getattr(arguments, option)
        if given is not None and given is not False:
            raise CommandMistake(f"--{option.replace('_', '-')}: only --driver {driver} has it")


def _of(numbers: range) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or len(text) > 5 or int(text) not in numbers:
            raise ArgumentTypeError(f"expected a number from {numbers[0]} to {numbers[-1]}")
        return int(text)

    return number
