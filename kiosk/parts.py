"""The kiosk without its screen: every part built once and handed to the others."""

import errno
import fcntl
import os
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hardware.bursts import Bursts
from hardware.driver import Call
from hardware.drivers import SCANNERS, opener
from hardware.supervisor import Heard, PortState, PortSupervisor, ScannerSupervisor
from kiosk.clock import Clock
from kiosk.commands_store import CommandsStore
from kiosk.controller import Controller, House
from kiosk.core.delays import Delays
from kiosk.core.events import Event, VoteStored
from kiosk.core.setups import arrange, objection
from kiosk.duty_store import DutyStore
from kiosk.exporting import Exporter
from kiosk.languages import LANGUAGES
from kiosk.outbox import MEBIBYTE, Journal, Limits
from kiosk.service_desk import ServiceDesk, Sources
from kiosk.settings import Queue, Settings
from kiosk.setup_store import SetupStore
from kiosk.writer import Writer
from protocol.tls import trusting

if TYPE_CHECKING:
    from kiosk.uplink import Uplink

# A mistake of whoever set the machine up. Anything else shows the out-of-order screen, and may heal.
FORBIDDEN = {errno.EACCES, errno.EPERM}


class StateFolderUnusable(Exception):
    """The state folder cannot be opened; the text says why."""


class AlreadyRunning(Exception):
    """Another kiosk uses the same state folder; the text says which."""


class Kiosk:
    """A kiosk that works as soon as something pumps its controller."""

    def __init__(self, settings: Settings, *, scanner_port: str, clock: Clock) -> None:
        """Build the parts; AuthorityUnusable when the broker's authority is named and cannot be read."""
        self._settings = settings
        self._clock = clock
        self._state = Path(settings.identity.state)
        self._tls = trusting(Path(settings.server.authority)) if settings.server.authority else None
        self._uplink: Uplink | None = None
        self._lock: int | None = None
        self._held = False
        self._delays = Delays()
        self._setups = SetupStore(
            self._state / "setup.json", lambda setup: objection(setup, settings.place.counter, LANGUAGES)
        )
        self._writer = Writer(
            path=self._state / "outbox.sqlite",
            clock=clock,
            limits=Limits(
                retention=timedelta(days=settings.storage.retention_days),
                most_bytes=settings.storage.most_megabytes * MEBIBYTE,
            ),
            opened=self._outbox_opened,
            stored=self._vote_stored,
            registered=settings.identity.registered,
            owner=f"{settings.identity.site}.{settings.identity.kiosk}",
        )
        self._storage_trouble = self._writer.trouble
        usual = settings.place.arranged()
        self.controller = Controller(
            storage=self._writer,
            site_key=bytes.fromhex(settings.identity.site_key),
            clock=clock,
            arrangement=usual if self._setups.current is None else arrange(usual, self._setups.current),
            duty=DutyStore(self._state / "duty.json"),
            house=House(settings.service.pin, settings.service.badges, tickets=settings.queue is not None),
        )
        self._queue = self._queue_of(settings.queue)
        self._scanner = ScannerSupervisor(
            scanner_port,
            settings.scanner.baud,
            self.controller.scanned,
            self._scanner_changed,
            self.today,
            own_units=settings.place.units,
            driver=SCANNERS[settings.scanner.driver](),
            bursts=Bursts(),
            opens=opener(settings.scanner.driver),
        )
        self._exporter = Exporter(settings, clock)
        self.desk = self._desk()

    def claim(self) -> None:
        """Hold the folder, if it is not held; AlreadyRunning when another kiosk has it, StateFolderUnusable."""
        if not self._held:
            self._lock = hold(self._state)
            self._held = True

    def start(self) -> None:
        """Start every thread, `claim` first. It takes a while: a window that stands already need not wait for it.

        Until then votes wait for the disk, and nothing is scanned.
        """
        self.claim()
        self._writer.start(self._storage_answered)
        self._scanner.start()
        if self._queue is not None:
            self._queue.start()

    def stop(self) -> None:
        """End every thread; votes that are queued for the disk are written first. Once `start` is done, or was not."""
        self._exporter.stop()
        self._scanner.stop()
        if self._queue is not None:
            self._queue.stop()
        # The writer first: it may be opening the outbox just now, and that starts the uplink.
        self._writer.stop()
        if self._uplink is not None:
            self._uplink.stop()
        self._writer.close()
        if self._lock is not None:
            os.close(self._lock)
        self._held = False

    def today(self) -> date:
        """Today's date in Vietnam, as far as this machine knows."""
        return self.controller.today()

    def known_time(self) -> datetime:
        """The present time, as far as this machine knows."""
        return self._writer.known_time()

    def _desk(self) -> ServiceDesk:
        journal = self._writer.journal
        return ServiceDesk(
            kiosk=self._settings.identity.kiosk,
            state_folder=self._state,
            sources=Sources(
                scanner=lambda: self._scanner.state.words,
                queue=lambda: None if self._queue is None else self._queue.state.words,
                surroundings=lambda: self.controller.surroundings,
                trouble=lambda: self._writer.trouble,
                standing=journal.standing,
                clock=lambda: journal.clock(self._clock.reading()),
                setup=lambda: self.controller.arrangement.revision,
                refused_scans=self.controller.refused_scans,
            ),
            clock=self._clock,
            exporter=self._exporter,
            end=self.controller.end,
        )

    def _scanner_changed(self, state: PortState) -> None:
        self.controller.scanner_is(state.up)
        self._report()

    def _queue_of(self, queue: Queue | None) -> PortSupervisor | None:
        if queue is None:
            return None
        return PortSupervisor(
            *("queue system", queue.port, queue.baud, queue.made()),
            self._queue_said,
            lambda _state: self._report(),
            revive=False,
        )

    def _queue_said(self, heard: Heard) -> None:
        if isinstance(heard, Call):
            self.controller.called(heard)

    def _storage_answered(self, event: Event) -> None:
        if isinstance(event, VoteStored):
            self._delays.touched(event.vote_id, event.touched_at)
        self.controller.answered(event)
        if self._writer.trouble != self._storage_trouble:
            self._storage_trouble = self._writer.trouble
            self._report()

    def _vote_stored(self) -> None:
        if self._uplink is not None:
            self._uplink.wake()

    def _report(self) -> None:
        if self._uplink is not None:
            self._uplink.report()

    def _outbox_opened(self, journal: Journal) -> None:
        # Not at the top: the first screen is not to wait for what needs the outbox anyway.
        from kiosk.health import Health
        from kiosk.orders import Orders
        from kiosk.uplink import Uplink

        commands = CommandsStore(self._state / "commands.json")
        health = Health(
            boot=journal.count_boot(),
            state_folder=self._state,
            scanner=lambda: self._scanner.state.words,
            queue=lambda: "" if self._queue is None else self._queue.state.words,
            storage=lambda: self._writer.trouble or "ok",
            refused_scans=self.controller.refused_scans,
            touches=self.controller.touches,
            setups=self._setups,
            commands=commands,
            delays=self._delays,
        )
        self._uplink = Uplink(
            journal=journal,
            address=self._settings.identity.address,
            server=self._settings.server,
            tls=self._tls,
            health=health,
            orders=Orders(
                setups=self._setups,
                commands=commands,
                tally=health.tally,
                arrange=lambda setup: self.controller.arrange(arrange(self._settings.place.arranged(), setup)),
                identify=lambda: self.controller.identify(self._settings.identity.kiosk),
                end=self.controller.end,
            ),
            online=self.controller.online_is,
            clock=self._clock,
            chance=random.Random(),
        )
        self._uplink.start()


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
