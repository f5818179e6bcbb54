"""Processes that hang: SIGSTOP in the middle of whatever they do, and SIGCONT."""

import random

from tests.journeys.torture.faults.fault import Fault, OfOneKiosk
from tests.journeys.torture.scene import Scene


class KioskHangs(OfOneKiosk):
    """A kiosk that stands still."""

    kind = "kiosk hung"
    weight = 5

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.seconds = chance.uniform(0.2, 3.0)

    def strike(self) -> None:
        self.machine.power.hang()

    def heal(self) -> None:
        self.machine.power.go_on()


class ServerHangs(Fault):
    """A process of the server that stands still."""

    kind = "server hung"
    weight = 5

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.service = chance.choice(scene.server)
        self.parts = frozenset({self.service.name})
        self.seconds = chance.uniform(0.2, 4.0)

    def strike(self) -> None:
        self.service.hang()

    def heal(self) -> None:
        self.service.go_on()
