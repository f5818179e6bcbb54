"""The road from a kiosk to the broker: cut, half-open, lossy, slow."""

import random

from tests.journeys.torture import loss
from tests.journeys.torture.faults.fault import Fault
from tests.journeys.torture.scene import Scene

LOSS = 0.2
DELAY_SECONDS = 2.0


class _OnTheRoad(Fault):
    """A fault of one road, or of all of them."""

    longest = 2.0

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        everyone = chance.random() < 0.3
        self.suffers = scene.kiosks if everyone else (chance.choice(scene.kiosks),)
        self.roads = tuple(kiosk.road for kiosk in self.suffers)
        self.parts = frozenset(f"road of {kiosk.name}" for kiosk in self.suffers)
        self.seconds = chance.uniform(0.0, self.longest)

    def heal(self) -> None:
        for road in self.roads:
            road.heal()


class NetworkCut(_OnTheRoad):
    """Connections are reset, new ones refused."""

    kind = "network cut"

    def strike(self) -> None:
        for road in self.roads:
            road.cut()


class NetworkHangs(_OnTheRoad):
    """Half-open: connections stay and carry nothing; then they are gone, or carry on."""

    kind = "network half-open"
    weight = 7
    longest = 6.0

    def strike(self) -> None:
        for road in self.roads:
            road.hang()

    def heal(self) -> None:
        if self.chance.random() < 0.5:
            for road in self.roads:
                road.cut()
        super().heal()


class NetworkLoses(_OnTheRoad):
    """20 % of the packets are lost."""

    kind = "network loses 20 %"
    weight = 6
    longest = 8.0

    def strike(self) -> None:
        for road in self.roads:
            if self.scene.surroundings.packet_loss:
                loss.lose(road.port)
            else:
                road.lose(LOSS)

    def heal(self) -> None:
        if self.scene.surroundings.packet_loss:
            for road in self.roads:
                loss.stop_losing(road.port)
        super().heal()


class NetworkLags(_OnTheRoad):
    """Everything arrives 2 s later, in both directions."""

    kind = "network 2 s late"
    weight = 5
    longest = 8.0

    def strike(self) -> None:
        for road in self.roads:
            road.delay(DELAY_SECONDS)
