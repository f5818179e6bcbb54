"""The machine that a kiosk is: a card, a power switch, a boot and a wall clock, all of which can go wrong."""

import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from tests.journeys.processes import Program
from tests.journeys.torture.service import Service
from tests.journeys.torture.surroundings import Surroundings

YEARS_SECONDS = 10 * 365 * 86_400
_BOOT_ID = "/proc/sys/kernel/random/boot_id"


@dataclass(eq=False)
class Machine:
    """A kiosk machine with a name, its settings and its card; *heard* is told every line that the kiosk says."""

    name: str
    settings: Path
    card: Path
    log: Path
    surroundings: Surroundings
    heard: "list[Heard]" = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cards = 0  # how often its card was changed or damaged: it may have forgotten cases
        self._clock = self.settings.with_suffix(".clock")
        self._boot_file = self.settings.with_suffix(".boot")
        self._boottime_offset: int | None = None
        self.set_wall(0)
        self.power = Service(self.name, self._start)

    def set_wall(self, seconds: int) -> None:
        """Let the wall clock be so much ahead of the truth, from now on, also while the kiosk runs."""
        draft = self._clock.with_suffix(".clock-new")
        draft.write_text(f"{seconds:+d}\n")
        draft.rename(self._clock)

    def new_boot(self, chance: random.Random) -> None:
        """The next start is another boot: a new id, and a boot clock that begins again."""
        if self.surroundings.boots:
            self._boot_file.write_text(f"{UUID(int=chance.getrandbits(128), version=4)}\n")
            uptime = int(time.clock_gettime(time.CLOCK_BOOTTIME))
            self._boottime_offset = chance.randint(5, 60) - uptime

    def _start(self) -> Program:
        return Program(
            *("tests.journeys.torture.sealed", "kiosk", "--no-window", "--settings", str(self.settings)),
            log=self.log,
            heard=self._hear,
            before=self._before(),
            environment=self._environment(),
        )

    def _hear(self, line: str) -> None:
        for each in self.heard:
            each.hear(line)

    def _before(self) -> list[str]:
        if self._boottime_offset is None:
            return []
        return [
            *("unshare", "--mount", "--time", "--boottime", str(self._boottime_offset), "--fork", "--kill-child"),
            *("sh", "-c", f'mount --bind "$0" {_BOOT_ID} && exec "$@"', str(self._boot_file)),
        ]

    def _environment(self) -> dict[str, str]:
        if self.surroundings.faketime is None:
            return {}
        return {
            "LD_PRELOAD": os.fspath(self.surroundings.faketime),
            "FAKETIME_TIMESTAMP_FILE": str(self._clock),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1",
            "NO_FAKE_STAT": "1",
        }


class Heard:
    """Whoever listens to a kiosk."""

    def hear(self, line: str) -> None:
        """Take a line, in the thread that reads it."""
