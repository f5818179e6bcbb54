"""What a scanner of the GM65 family is asked and told when it is set up, and how that is said. Pure.

Zones differ between the models, and no reply names the model: only a person who reads the label can, and only a model
whose zones are known here can be set up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hardware.conversation import Script, WrongAnswer
from hardware.gm65 import (
    HARDWARE_ZONE,
    SETUP_CODES_ZONE,
    SOFTWARE_ZONE,
    TAIL_ZONE,
    TAILS,
    read,
    save,
    write,
)

_DONE = b"\x00"


@dataclass(frozen=True)
class Versions:
    """What a scanner says of itself: the two bytes prove the family, not the model."""

    hardware: int
    software: int


@dataclass(frozen=True)
class Setting:
    """Bits of one zone: those of *mask* shall be *wanted*, the others stay. *meanings* words their values."""

    name: str
    zone: int
    mask: int
    wanted: int
    meanings: dict[int, str]

    def right(self, present: int) -> int:
        """Return the zone's byte as it shall be."""
        return present & ~self.mask | self.wanted

    def in_words(self, value: int) -> str:
        """Say what a byte of the zone means."""
        return f"{self.meanings.get(value & self.mask, 'not known')} ({value:02X})"


@dataclass(frozen=True)
class Change:
    """A setting as it was found, and as it shall be; the two may be the same."""

    setting: Setting
    old: int
    new: int

    @property
    def words(self) -> str:
        """One line: from what to what."""
        if self.old == self.new:
            return f"{self.setting.name}: {self.setting.in_words(self.old)}, as it should be"
        return f"{self.setting.name}: {self.setting.in_words(self.old)} → {self.setting.in_words(self.new)}"


SETUP_CODES = Setting("set-up codes", SETUP_CODES_ZONE, 0b11, 0b11, {0b11: "refused", 0b01: "allowed"})
TAIL = Setting("suffix", TAIL_ZONE, 0b0110_0000, TAILS["CR"] << 5, {bits << 5: tail for tail, bits in TAILS.items()})

MODELS = {"GM65": (SETUP_CODES, TAIL)}


def identify() -> Script[Versions]:
    """Ask for both versions; nothing is written."""
    hardware = yield from _byte(HARDWARE_ZONE, "its hardware version")
    software = yield from _byte(SOFTWARE_ZONE, "its software version")
    return Versions(hardware, software)


def inspect(settings: Sequence[Setting]) -> Script[list[Change]]:
    """Read the settings and say what would change; nothing is written."""
    changes = []
    for setting in settings:
        present = yield from _byte(setting.zone, f"its setting of {setting.name}")
        changes.append(Change(setting, present, setting.right(present)))
    return changes


def set_up(settings: Sequence[Setting]) -> Script[list[Change]]:
    """Write what is not right, save, and read every setting back.

    It saves also when all is right: nobody can ask whether an earlier run that was interrupted came to save it.
    """
    changes = yield from inspect(settings)
    for change in changes:
        if change.old != change.new:
            yield from _told(write(change.setting.zone, change.new), f"to change {change.setting.name}")
    yield from _told(save(), "to save")
    for change in changes:
        found = yield from _byte(change.setting.zone, f"its setting of {change.setting.name}")
        if found != change.new:
            raise WrongAnswer(
                f"{change.setting.name} reads {found:02X} after {change.new:02X} was set: it may be another model"
            )
    return changes


def _byte(zone: int, what: str) -> Script[int]:
    answer = yield read(zone)
    if len(answer) != 1:
        raise WrongAnswer(f"asked for {what}, it answered {len(answer)} bytes where 1 was expected")
    return answer[0]


def _told(command: bytes, what: str) -> Script[None]:
    answer = yield command
    if answer != _DONE:
        raise WrongAnswer(f"told {what}, it did not say that it did")
