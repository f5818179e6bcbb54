"""What may be wrong with a device at a port. On the wire each is its own English words, as it always was.

Whoever shows one to people has words of their own for it; what has no name here (an error of the system) is shown as
it is.
"""

from enum import StrEnum


class PortTrouble(StrEnum):
    """Why a port is down, or silent."""

    NOT_OPEN_YET = "not open yet"
    NO_DEVICE = "there is no such device"
    NO_PERMISSION = "no permission; the user must be in the group of the device, usually dialout"
    NO_INPUT_PERMISSION = "no permission; the user must be in the group of the device, usually input"
    IN_USE = "in use by another program"
    GRABBED = "grabbed by another program"
    NOT_SERIAL = "not a serial port"
    NOT_INPUT = "not an input device"
    CANNOT_BE_OPENED = "cannot be opened"
    WENT_AWAY = "the device went away"
    WENT_AWAY_OR_READ = "the device went away, or another program reads from it"
    WENT_AWAY_OR_DEAF = "the device went away, or takes nothing"
    SCANNER_SILENT = "the scanner has not answered 3 times"
    QUEUE_SILENT = "the queue system has not answered 6 times"
