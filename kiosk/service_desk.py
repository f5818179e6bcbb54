"""What whoever looks after the kiosk sees of it and does to it. Nothing that could be read out of a vote."""

import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from kiosk import VERSION
from kiosk.clock import Clock
from kiosk.controller import StorageBroken, Surroundings
from kiosk.exporting import Exporter, Progress
from kiosk.health import THERMOMETER, disk_free, temperature
from kiosk.outbox import Standing
from protocol.messages import ClockReport, Count

UP = "up"


class Fact(StrEnum):
    """What the page tells, in its order."""

    SCANNER = "scanner"
    QUEUE = "queue"
    NETWORK = "network"
    STORAGE = "storage"
    DISK = "disk"
    TEMPERATURE = "temperature"
    UPTIME = "uptime"
    WAITING = "waiting"
    OLDEST = "oldest"
    CLOCK = "clock"
    OFFSET = "offset"
    SETUP = "setup"
    REFUSED = "refused"
    VERSIONS = "versions"


class Said(StrEnum):
    """Values that are words or hold words."""

    READY = "ready"
    ONLINE = "online"
    OFFLINE = "offline"
    FINE = "fine"
    NOT_STORED = "not-stored"  # {reason}
    UNKNOWN = "unknown"
    NONE = "none"
    CLOCK_NONE = "clock-none"
    CLOCK_NTP = "clock-ntp"  # {error}
    CLOCK_SERVER = "clock-server"  # {error}
    SECONDS_AHEAD = "seconds-ahead"  # {seconds}
    SECONDS_BEHIND = "seconds-behind"  # {seconds}
    RIGHT = "right"
    REVISION = "revision"  # {number}
    DAYS = "days"  # {days} {hours}
    HOURS = "hours"  # {hours} {minutes}
    MINUTES = "minutes"  # {minutes}


@dataclass(frozen=True)
class Facts:
    """One look at the kiosk. What is None cannot be told now, or there is none of it."""

    kiosk: str
    scanner: str  # UP, or what is wrong with it
    queue: str | None  # the same; None: there is no queue system
    online: bool
    trouble: str  # why the server cannot be reached
    storage: str  # empty, or what is wrong with it
    clock: ClockReport | None
    waiting: Count | None
    oldest_waiting: datetime | None
    disk_free: int | None  # bytes
    temperature: float | None  # °C
    setup: Count  # its revision; 0: none
    refused_scans: Mapping[str, Count]
    uptime: float  # seconds since the program began
    versions: tuple[tuple[str, str], ...]  # of the firmware and what it runs on


@dataclass(frozen=True)
class Sources:
    """Where the facts come from; asked from the screen's thread."""

    scanner: Callable[[], str]
    queue: Callable[[], str | None]
    surroundings: Callable[[], Surroundings]
    trouble: Callable[[], str]  # of the storage
    standing: Callable[[], Standing]  # or StorageBroken
    clock: Callable[[], ClockReport]  # or StorageBroken
    setup: Callable[[], Count]
    refused_scans: Mapping[str, Count]


class ServiceDesk:
    """Owned by the screen's thread. *end* ends the program: exit code 0, upon which its supervisor begins it anew."""

    def __init__(
        self,
        *,
        kiosk: str,
        state_folder: Path,
        sources: Sources,
        clock: Clock,
        exporter: Exporter,
        end: Callable[[], None],
        thermometer: Path = THERMOMETER,
    ) -> None:
        self._kiosk = kiosk
        self._state_folder = state_folder
        self._sources = sources
        self._clock = clock
        self._exporter = exporter
        self._end = end
        self._thermometer = thermometer
        self._began = clock.monotonic()

    def facts(self) -> Facts:
        """Look at everything."""
        sources = self._sources
        around = sources.surroundings()
        standing, clock, storage = None, None, sources.trouble()
        try:
            standing, clock = sources.standing(), sources.clock()
        except StorageBroken as error:
            storage = storage or str(error)
        return Facts(
            kiosk=self._kiosk,
            scanner=sources.scanner(),
            queue=sources.queue(),
            online=around.online,
            trouble=around.trouble,
            storage=storage,
            clock=clock,
            waiting=None if standing is None else standing.waiting,
            oldest_waiting=None if standing is None else standing.oldest_waiting,
            disk_free=disk_free(self._state_folder),
            temperature=temperature(self._thermometer),
            setup=sources.setup(),
            refused_scans={reason: count for reason, count in sources.refused_scans.items() if count},
            uptime=self._clock.monotonic() - self._began,
            versions=_versions(),
        )

    @property
    def progress(self) -> Progress:
        """How far the export has come."""
        return self._exporter.progress

    def export(self) -> None:
        """Write the waiting votes onto the stick, in a thread."""
        self._exporter.begin()

    def restart(self) -> bool:
        """Have the program end once the page is left; False while an export runs, which it would cut."""
        if self._exporter.is_running:
            return False
        self._end()
        return True


@cache
def _versions() -> tuple[tuple[str, str], ...]:
    # Not at the top: the first screen is not to wait for what reads the list of packages.
    from importlib.metadata import version

    return (("kiosk", VERSION), ("Python", platform.python_version()), ("Kivy", version("kivy")))
