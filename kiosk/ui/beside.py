"""What the screen needs for what it does beside the visits: sounds, rest and the service page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.backlight import Backlight
from kiosk.core.resting import Habits
from kiosk.service_desk import ServiceDesk
from kiosk.sounds import Sounds, Speaker


@dataclass(frozen=True)
class Beside:
    """*known_time* is the best estimate of the present time, aware."""

    desk: ServiceDesk
    sounds: Sounds
    speaker: Speaker
    habits: Habits
    known_time: Callable[[], datetime]
    backlight: Backlight = field(default_factory=Backlight)
