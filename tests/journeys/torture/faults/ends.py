"""Processes that end at once: SIGKILL at a random moment under load, and so in the middle of transactions."""

import random

from tests.journeys.torture.faults.fault import Fault, OfOneKiosk
from tests.journeys.torture.scene import Scene


class KioskEnds(OfOneKiosk):
    """SIGKILL of a kiosk."""

    kind = "kiosk killed"
    weight = 18

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.seconds = chance.uniform(0.0, 0.5)

    def strike(self) -> None:
        self.machine.power.off()

    def heal(self) -> None:
        self.machine.power.on()


class ServerEnds(Fault):
    """SIGKILL of one of the server's processes."""

    kind = "server killed"
    weight = 16

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.service = chance.choice(scene.server)
        self.parts = frozenset({self.service.name})
        self.seconds = chance.uniform(0.0, 1.5)

    def strike(self) -> None:
        self.service.off()

    def heal(self) -> None:
        self.service.on()


class ServerEndsInATransaction(ServerEnds):
    """A process of the server that hangs for a moment, its transaction open, and is then killed."""

    kind = "server killed while it hung"
    weight = 6

    def strike(self) -> None:
        self.service.hang()

    def heal(self) -> None:
        self.service.off()
        self.service.on()
