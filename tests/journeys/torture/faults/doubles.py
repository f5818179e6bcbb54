"""A second server beside the first, on the same database and for the same kiosks."""

import random

from tests.journeys.torture.faults.fault import Fault
from tests.journeys.torture.scene import Scene


class SecondServer(Fault):
    """Two that take in the same votes: with an outside broker each hears every kiosk, else kiosks move between them."""

    kind = "server doubled"
    weight = 5

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.moved = chance.sample(scene.kiosks, chance.randint(1, len(scene.kiosks)))
        self.port = scene.servers.second_port
        roads = set[str]() if self.port is None else {f"road of {kiosk.name}" for kiosk in self.moved}
        self.parts = frozenset({"second server", *roads})
        self.seconds = chance.uniform(2.0, 8.0)

    def strike(self) -> None:
        self.scene.servers.second.on()
        self._lead_to(self.port)

    def heal(self) -> None:
        self._lead_to(self.scene.office.broker_port)
        self.scene.servers.second.off()

    def _lead_to(self, port: int | None) -> None:
        if self.port is not None and port is not None:
            for kiosk in self.moved:
                kiosk.road.lead_to(port)
