"""A keyboard that only we can hear: the input devices of Linux. No library is needed for two calls to the kernel."""

import errno
import fcntl
import os
import select
from contextlib import suppress
from time import CLOCK_MONOTONIC

from hardware.ports import READ_SECONDS, PortLost, PortUnavailable, reason_for
from hardware.wedge import EVENT
from protocol.port_troubles import PortTrouble

# linux/input.h, on every architecture that Debian has.
EVIOCGRAB = 0x40044590
EVIOCSCLOCKID = 0x400445A0
MOST_READ = 64 * EVENT.size  # the kernel's own buffer of such a device

_REASONS = {
    errno.ENOTTY: PortTrouble.NOT_INPUT,
    errno.EINVAL: PortTrouble.NOT_INPUT,
    errno.EISDIR: PortTrouble.NOT_INPUT,
    errno.EACCES: PortTrouble.NO_INPUT_PERMISSION,
    errno.EBUSY: PortTrouble.GRABBED,
}


class GrabbedKeyboard:
    """An open input device whose keys neither the screen nor the console sees: they go to `Wedge` only.

    PortUnavailable from the constructor. One thread uses it. After PortLost it can only be closed.
    """

    def __init__(self, path: str) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise PortUnavailable(_reason(error)) from None
        try:
            fcntl.ioctl(self._descriptor, EVIOCGRAB, 1)
            # The gaps between keys must not change when the clock is set.
            fcntl.ioctl(self._descriptor, EVIOCSCLOCKID, CLOCK_MONOTONIC.to_bytes(4, "little"))
        except OSError as error:
            self.close()
            raise PortUnavailable(_reason(error)) from None

    def read(self, seconds: float = READ_SECONDS) -> bytes:
        """Return the events that have arrived, b"" when none has for so long; PortLost when the device is gone."""
        try:
            ready, _, _ = select.select([self._descriptor], [], [], seconds)
            return os.read(self._descriptor, MOST_READ) if ready else b""
        except (OSError, ValueError):
            raise PortLost(PortTrouble.WENT_AWAY) from None

    def write(self, data: bytes) -> None:
        """Do nothing: a keyboard is told nothing."""

    def close(self) -> None:
        """Let others hear the keyboard again; harmless when it is gone or closed already."""
        descriptor, self._descriptor = self._descriptor, -1
        with suppress(OSError):
            os.close(descriptor)


def grabbed(path: str, _baud: int) -> GrabbedKeyboard:
    """Open a keyboard, which has no speed; PortUnavailable."""
    return GrabbedKeyboard(path)


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0) or reason_for(error.errno)
