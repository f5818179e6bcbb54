"""What stands beside the visits in the tests of the screens: silent, wide awake, and with a service desk to look at."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.backlight import Backlight
from kiosk.clock import Clock
from kiosk.controller import Controller
from kiosk.core.resting import WIDE_AWAKE, Habits
from kiosk.exporting import Exporter
from kiosk.outbox import Standing
from kiosk.service_desk import UP, ServiceDesk, Sources
from kiosk.settings import Identity, Server, Service, Settings, Sound
from kiosk.sounds import Sounds, Speaker
from kiosk.ui.beside import Beside
from protocol.messages import ClockReport, ClockSource

PIN = "2468"
SERVICE_BADGE = "NV-0012"
SILENT = Sound(volume=0)
STANDING = Standing(highest=12_345, stored_up_to=12_300, oldest_waiting=datetime(2026, 11, 23, 1, tzinfo=UTC))
CLOCK = ClockReport(ClockSource.SERVER, 0.25, 0.4)


@dataclass
class AHousehold:
    """A real service desk over facts that a test may change."""

    sound: Sound = SILENT
    habits: Habits = WIDE_AWAKE
    scanner: str = UP
    queue: str | None = UP
    storage: str = ""
    standing: Standing = STANDING
    clock_report: ClockReport = CLOCK
    ended: int = 0
    asked: int = 0  # how often the page has looked
    stick: Path | None = None
    backlights: Path | None = None
    folder: TemporaryDirectory[str] = field(default_factory=TemporaryDirectory)

    def beside(self, controller: Controller, clock: Clock) -> Beside:
        """Return it, around a controller."""
        state = Path(self.folder.name)
        (state / "temp").write_text("48312\n")
        self.sounds, self.speaker = Sounds(state / "sounds", self.sound), Speaker(self.sound)
        self.exporter = Exporter(self._settings(state), clock, lambda: [] if self.stick is None else [self.stick])
        desk = ServiceDesk(
            kiosk="quay-1",
            state_folder=state,
            sources=Sources(
                scanner=self._scanner,
                queue=lambda: self.queue,
                surroundings=lambda: controller.surroundings,
                trouble=lambda: self.storage,
                standing=lambda: self.standing,
                clock=lambda: self.clock_report,
                setup=lambda: controller.arrangement.revision,
                refused_scans=controller.refused_scans,
            ),
            clock=clock,
            exporter=self.exporter,
            end=self._end,
            thermometer=state / "temp",
        )
        return Beside(desk, self.sounds, self.speaker, self.habits, clock.now, Backlight(self.backlights or state))

    def close(self) -> None:
        """Leave nothing behind."""
        self.exporter.stop()
        self.sounds.stop()
        self.speaker.stop()
        self.folder.cleanup()

    def _scanner(self) -> str:
        self.asked += 1
        return self.scanner

    def _end(self) -> None:
        self.ended += 1

    def _settings(self, state: Path) -> Settings:
        return Settings(
            identity=Identity(site="sia", kiosk="quay-1", site_key="0f" * 32, state=str(state)),
            server=Server(password="secret"),
            service=Service(pin=PIN),
        )
