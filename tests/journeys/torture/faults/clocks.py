"""Wall clocks that jump by up to ten years, and reboots into any of them."""

import random

from tests.journeys.torture.faults.fault import OfOneKiosk
from tests.journeys.torture.machine import YEARS_SECONDS
from tests.journeys.torture.scene import Scene


class ClockJumps(OfOneKiosk):
    """The wall clock of a running kiosk is set to anything within ten years, and stays wrong."""

    kind = "kiosk's clock jumps"
    weight = 8

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.parts = frozenset({f"clock of {self.kiosk.name}"})  # it may well be killed meanwhile
        self.jumps = [_offset(chance) for _ in range(chance.randint(1, 3))]
        self.seconds = chance.uniform(0.0, 1.0)

    @classmethod
    def impossible(cls, scene: Scene) -> str | None:
        return None if scene.surroundings.faketime else "libfaketime is not here: apt-get install faketime"

    def strike(self) -> None:
        self.machine.set_wall(self.jumps[0])

    def heal(self) -> None:
        for jump in self.jumps[1:]:
            self.machine.set_wall(jump)


class Reboot(OfOneKiosk):
    """A kiosk's power is cut; it comes back as another boot, with any wall clock, and perhaps without a network."""

    kind = "kiosk rebooted"
    weight = 8
    also = ("clock", "road")

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.offset = _offset(chance)
        self.without_network = chance.random() < 0.4
        self.seconds = chance.uniform(0.0, 4.0)

    @classmethod
    def impossible(cls, scene: Scene) -> str | None:
        return None if scene.surroundings.boots else "a boot of its own needs a time namespace"

    def strike(self) -> None:
        if self.without_network:
            self.kiosk.road.cut()
        self.machine.power.off()
        self.machine.new_boot(self.chance)
        self.machine.set_wall(self.offset)
        self.machine.power.on()

    def heal(self) -> None:
        if self.without_network:
            # One more: nothing of the boot between ever saw the time.
            self.machine.power.off()
            self.machine.new_boot(self.chance)
            self.machine.power.on()
        self.kiosk.road.heal()


def _offset(chance: random.Random) -> int:
    return chance.choice([0, chance.randint(-YEARS_SECONDS, YEARS_SECONDS), chance.randint(-7200, 7200)])
