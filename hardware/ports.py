"""Serial ports: the only file that knows pyserial."""

import errno
import fcntl
import os
import select
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import serial
from serial.tools.list_ports import comports

from protocol.port_troubles import PortTrouble

BAUD_RATES = (9600, 19200, 38400, 57600, 115200)
READ_SECONDS = 0.05  # half the idle gap that ends a line without a terminator
WRITE_SECONDS = 0.5  # what is sent to a device is a few bytes
MOST_READ = 4096  # the kernel's own buffer of a tty

# Where udev makes names that stay the same: the first two by itself, the third by our rules.
STABLE_NAMES = (Path("/dev/serial/by-id"), Path("/dev/serial/by-path"), Path("/dev/kiosk"))

_PSEUDO_TERMINALS = range(136, 144)  # major numbers: Linux Documentation/admin-guide/devices.txt

_REASONS = {
    errno.ENOENT: PortTrouble.NO_DEVICE,
    errno.ENXIO: PortTrouble.NO_DEVICE,
    errno.ENODEV: PortTrouble.NO_DEVICE,
    errno.EACCES: PortTrouble.NO_PERMISSION,
    errno.EPERM: PortTrouble.NO_PERMISSION,
    errno.EBUSY: PortTrouble.IN_USE,
    errno.EAGAIN: PortTrouble.IN_USE,
    errno.ENOTTY: PortTrouble.NOT_SERIAL,
    errno.EISDIR: PortTrouble.NOT_SERIAL,
}


class PortUnavailable(Exception):
    """The port cannot be opened; the text says why, for an operator."""


class PortLost(Exception):
    """The open port went away; the text says how, for an operator."""


class Port(Protocol):
    """An open device. One thread uses it; after PortLost it can only be closed."""

    def read(self, seconds: float = READ_SECONDS) -> bytes:
        """Return what has arrived, as soon as it has, b"" when nothing has for so long; PortLost."""

    def write(self, data: bytes) -> None:
        """Send bytes; PortLost."""

    def close(self) -> None:
        """Give the device back; harmless when it is gone or closed already."""


Opener = Callable[[str, int], Port]
"""Opens a path at so many baud; PortUnavailable."""


class Transport:
    """An open serial port that nobody else can open: 8 data bits, no parity, no handshake.

    PortUnavailable from the constructor. One thread uses it. After PortLost it can only be closed.
    """

    def __init__(self, path: str, baud: int) -> None:
        with _open_errors():
            # flock stops whoever also asks for it, even root; the kernel's claim stops everybody but root.
            self._serial = serial.Serial(path, baud, timeout=READ_SECONDS, write_timeout=WRITE_SECONDS, exclusive=True)
        try:
            claim(self._serial.fileno())
        except OSError as error:
            self.close()
            raise PortUnavailable(reason_for(error.errno)) from None

    def read(self, seconds: float = READ_SECONDS) -> bytes:
        """Return what has arrived, as soon as it has, b"" when nothing has for so long; PortLost."""
        try:
            # pyserial's own patience is a setting of the port, and setting it talks to the device.
            if seconds > READ_SECONDS and not select.select([self._serial.fileno()], [], [], seconds)[0]:
                return b""
            first: bytes = self._serial.read(1)
            if not first:
                return b""
            rest: bytes = self._serial.read(min(self._serial.in_waiting, MOST_READ))
        except (serial.SerialException, OSError, TypeError, ValueError):
            # Measured: a device that goes away shows as any of these, depending on the moment.
            raise PortLost(PortTrouble.WENT_AWAY_OR_READ) from None
        return first + rest

    def write(self, data: bytes) -> None:
        """Send bytes; PortLost when the device is gone or takes nothing for WRITE_SECONDS."""
        try:
            self._serial.write(data)
        except (serial.SerialException, OSError, TypeError, ValueError):
            raise PortLost(PortTrouble.WENT_AWAY_OR_DEAF) from None

    def close(self) -> None:
        """Give the port back; harmless when it is gone or closed already."""
        with suppress(OSError, ValueError):
            fcntl.ioctl(self._serial.fileno(), termios.TIOCNXCL)
        with suppress(OSError):
            self._serial.close()


@dataclass(frozen=True)
class PortInfo:
    """A serial port of this machine: its present path, the names that stay the same, and what it says it is."""

    path: str
    stable_names: tuple[str, ...]
    product: str
    usb_id: str | None


def list_ports() -> list[PortInfo]:
    """Return the serial ports that are there now."""
    return [
        PortInfo(
            info.device,
            stable_names(info.device, STABLE_NAMES),
            printable(info.product or ""),
            None if info.vid is None else f"{info.vid:04X}:{info.pid:04X}",
        )
        for info in sorted(comports())
    ]


def stable_names(device: str, folders: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the links in *folders* that lead to the device."""
    target = Path(device).resolve()
    links = (link for folder in folders if folder.is_dir() for link in sorted(folder.iterdir()))
    return tuple(str(link) for link in links if link.resolve() == target)


def printable(text: str) -> str:
    """What a device says about itself, made fit for a terminal: one short line without control characters."""
    return "".join(character if character.isprintable() else "?" for character in text[:80])


def claim(descriptor: int) -> None:
    """Have the kernel refuse further openers of a terminal; OSError when it is none, or gone.

    Pseudo-terminals are left alone: the claim of a process that was killed would stay for as long as their
    maker lives, and lock the next one out.
    """
    if os.major(os.fstat(descriptor).st_rdev) not in _PSEUDO_TERMINALS:
        fcntl.ioctl(descriptor, termios.TIOCEXCL)


def reason_for(number: int | None) -> str:
    """Say in words what an error number of the system means for a port."""
    if number is None:
        return PortTrouble.CANNOT_BE_OPENED
    return _REASONS.get(number, os.strerror(number))


@contextmanager
def _open_errors() -> Iterator[None]:
    try:
        yield
    except termios.error as error:
        raise PortUnavailable(reason_for(error.args[0])) from None
    except serial.SerialException as error:
        # pyserial turns the number of a termios.error into text.
        cause = error.__context__
        number = cause.args[0] if isinstance(cause, termios.error) else error.errno
        raise PortUnavailable(reason_for(number)) from None
    except (OSError, ValueError) as error:
        raise PortUnavailable(reason_for(getattr(error, "errno", None))) from None
