"""A second server beside the first, on the same database and for the same kiosks."""

import random

from tests.journeys.torture.faults.fault import Fault
from tests.journeys.torture.scene import Broker, Scene


class SecondServer(Fault):
    """Two that take in the same votes: with an outside broker each hears every kiosk, else kiosks move between them."""

    kind = "server doubled"
    weight = 5

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.moved = chance.sample(scene.kiosks, chance.randint(1, len(scene.kiosks)))
        roads = {f"road of {kiosk.name}" for kiosk in self.moved} if self.on_other_ports else set()
        self.parts = frozenset({"second server", *roads})
        self.seconds = chance.uniform(2.0, 8.0)

    @property
    def on_other_ports(self) -> bool:
        """Whether it is a broker too, so that kiosks must be led to it."""
        return self.scene.deployment.broker is Broker.EMBEDDED

    def strike(self) -> None:
        self.scene.second.on()
        if self.on_other_ports:
            for kiosk in self.moved:
                kiosk.road.lead_to(self.scene.second_port)

    def heal(self) -> None:
        if self.on_other_ports:
            for kiosk in self.moved:
                kiosk.road.lead_to(self.scene.office.broker_port)
        self.scene.second.off()
