"""How the kiosk is, as it tells the server."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk import VERSION
from kiosk.commands_store import CommandsStore
from kiosk.core.delays import Delays
from kiosk.core.tally import Tally
from kiosk.outbox import Standing
from kiosk.setup_store import SetupStore
from protocol.messages import ClockReport, Count, KioskStatus, StreamId

THERMOMETER = Path("/sys/class/thermal/thermal_zone0/temp")
LONGEST_REPORT = 200


@dataclass
class Health:
    """Where the parts of a status come from; owned by the uplink's thread, as tally, delays and both stores are."""

    boot: Count
    state_folder: Path
    scanner: Callable[[], str]  # "up", or what is wrong with it
    storage: Callable[[], str]  # "ok", or what is wrong with it
    refused_scans: Mapping[str, Count]
    setups: SetupStore
    commands: CommandsStore
    touches: Mapping[str, Count] = field(default_factory=dict)
    queue: Callable[[], str] = lambda: ""  # "up", or what is wrong with it; empty: there is none
    tally: Tally = field(default_factory=Tally)
    delays: Delays = field(default_factory=Delays)
    thermometer: Path = THERMOMETER
    tick: Count = 0  # of the newest status

    def status(
        self, stream: StreamId, standing: Standing, clock: ClockReport, connection: Count, *, gone: bool = False
    ) -> KioskStatus:
        """Return the next status, or the last will of a connection that begins."""
        self.tick += not gone
        return KioskStatus(
            stream=stream,
            boot=self.boot,
            tick=self.tick,
            connection=connection,
            highest=standing.highest,
            waiting=standing.waiting,
            version=VERSION,
            scanner=self.scanner()[:LONGEST_REPORT],
            storage=self.storage()[:LONGEST_REPORT],
            queue=self.queue()[:LONGEST_REPORT],
            clock=clock,
            oldest_waiting=standing.oldest_waiting,
            disk_free=disk_free(self.state_folder),
            temperature=temperature(self.thermometer),
            setup=self.setups.revision,
            setup_refused=self.setups.refused,
            refused_scans=dict(self.refused_scans),
            counts={**self.tally.reported(), **self.touches},
            delays=self.delays.reported(),
            commands=self.commands.newest,
            gone=gone,
        )


def disk_free(folder: Path) -> int | None:
    """Return the bytes that the kiosk may still write where its votes lie; None when that cannot be told."""
    try:
        disk = os.statvfs(folder)
    except OSError:
        return None
    return disk.f_bavail * disk.f_frsize


def temperature(thermometer: Path) -> float | None:
    """Return what the processor's thermometer reads, °C; None when there is none."""
    try:
        return int(thermometer.read_text(encoding="ascii")) / 1000
    except (OSError, ValueError):
        return None
