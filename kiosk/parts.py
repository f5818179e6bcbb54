"""The kiosk without its screen: every part built once and handed to the others."""

import errno
import fcntl
import os
import random
import secrets
from datetime import date, timedelta, timezone
from pathlib import Path

from hardware.supervisor import PortState, ScannerSupervisor
from kiosk import VERSION
from kiosk.clock import Clock
from kiosk.controller import Controller
from kiosk.core.survey import SURVEY
from kiosk.outbox import MEBIBYTE, Journal, Limits, Standing
from kiosk.settings import Settings
from kiosk.uplink import Uplink
from kiosk.writer import Writer
from protocol.messages import Hello, KioskStatus

VIETNAM = timezone(timedelta(hours=7))  # no summer time
LONGEST_REPORT = 200


# A mistake of whoever set the machine up. Anything else shows the out-of-order screen, and may heal.
FORBIDDEN = {errno.EACCES, errno.EPERM}


class StateFolderUnusable(Exception):
    """The state folder cannot be opened; the text says why."""


class AlreadyRunning(Exception):
    """Another kiosk uses the same state folder; the text says which."""


class Kiosk:
    """A kiosk that works as soon as something pumps its controller."""

    def __init__(self, settings: Settings, *, scanner_port: str, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._state = Path(settings.identity.state)
        self._boot = 0
        self._tick = 0
        self._uplink: Uplink | None = None
        self._writer = Writer(
            path=self._state / "outbox.sqlite",
            survey=SURVEY,
            counter=settings.place.counter,
            clock=clock,
            limits=Limits(
                retention=timedelta(days=settings.storage.retention_days),
                most_bytes=settings.storage.most_megabytes * MEBIBYTE,
            ),
            opened=self._outbox_opened,
            stored=self._vote_stored,
        )
        self.controller = Controller(
            storage=self._writer, site_key=bytes.fromhex(settings.identity.site_key), clock=clock
        )
        self._scanner = ScannerSupervisor(
            scanner_port, settings.scanner.baud, self.controller.scanned, self._scanner_changed, self.today
        )

    def start(self) -> None:
        """Start every thread; AlreadyRunning when another kiosk has the same folder, StateFolderUnusable."""
        self._lock = hold(self._state)
        self._writer.start(self.controller.answered)
        self._scanner.start()

    def stop(self) -> None:
        """End every thread; votes that are queued for the disk are written first."""
        self._scanner.stop()
        # The writer first: it may be opening the outbox just now, and that starts the uplink.
        self._writer.stop()
        if self._uplink is not None:
            self._uplink.stop()
        self._writer.close()
        if self._lock is not None:
            os.close(self._lock)

    def today(self) -> date:
        """Today's date in Vietnam, as far as this machine knows."""
        return self._writer.known_time().astimezone(VIETNAM).date()

    def _scanner_changed(self, state: PortState) -> None:
        self.controller.scanner_is(state.up)

    def _vote_stored(self) -> None:
        if self._uplink is not None:
            self._uplink.wake()

    def _outbox_opened(self, outbox: Journal) -> None:
        self._boot = outbox.count_boot()
        self._uplink = Uplink(
            outbox=outbox,
            address=self._settings.identity.address,
            server=self._settings.server,
            hello=lambda standing: self._hello(outbox, standing),
            status=lambda standing: self._status(outbox, standing),
            online=self.controller.online_is,
            clock=self._clock,
            chance=random.Random(),
        )
        self._uplink.start()

    def _hello(self, outbox: Journal, standing: Standing) -> Hello:
        return Hello(
            stream=outbox.stream,
            highest=standing.highest,
            kept_from=standing.kept_from,
            chain_before=standing.chain_before,
            boot=self._boot,
            nonce=secrets.token_hex(8),
            version=VERSION,
            replaces=outbox.replaced,
        )

    def _status(self, outbox: Journal, standing: Standing) -> KioskStatus:
        self._tick += 1
        scanner = self._scanner.state
        return KioskStatus(
            stream=outbox.stream,
            boot=self._boot,
            tick=self._tick,
            connection=1,
            highest=standing.highest,
            waiting=standing.waiting,
            version=VERSION,
            scanner="up" if scanner.up else (scanner.last_error or "not open yet")[:LONGEST_REPORT],
            storage=(self._writer.trouble or "ok")[:LONGEST_REPORT],
            clock=outbox.clock(self._clock.reading()),
            oldest_waiting=standing.oldest_waiting,
            refused_scans=dict(self.controller.refused_scans),
        )


def hold(folder: Path) -> int | None:
    """Hold the folder for this process; None when that cannot be told, because the disk is full, say."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno in FORBIDDEN:
            raise StateFolderUnusable(f"{folder}: cannot be used: {error.strerror}") from None
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunning(f"another kiosk is running with the folder {folder}") from None
    return descriptor
