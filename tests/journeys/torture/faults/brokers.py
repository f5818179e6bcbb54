"""An outside broker that is killed, hangs, or forgets everything it kept."""

import random

from tests.journeys.torture.faults.fault import Fault
from tests.journeys.torture.scene import Scene


class _OfTheBroker(Fault):
    longest = 1.5

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.parts = frozenset({"broker"})
        self.seconds = chance.uniform(0.0, self.longest)

    @classmethod
    def impossible(cls, scene: Scene) -> str | None:
        return "" if scene.mosquitto is None else None


class BrokerEnds(_OfTheBroker):
    """SIGKILL of Mosquitto."""

    kind = "Mosquitto killed"

    def strike(self) -> None:
        self.scene.outside_broker.kill()

    def heal(self) -> None:
        self.scene.outside_broker.start()


class BrokerWiped(_OfTheBroker):
    """Mosquitto is killed and comes back without anything it had kept."""

    kind = "Mosquitto wiped"
    weight = 5

    def strike(self) -> None:
        self.scene.outside_broker.kill()
        self.scene.outside_broker.wipe()

    def heal(self) -> None:
        self.scene.outside_broker.start()


class BrokerHangs(_OfTheBroker):
    """Mosquitto stands still."""

    kind = "Mosquitto hung"
    weight = 5
    longest = 4.0

    def strike(self) -> None:
        self.scene.outside_broker.hang()

    def heal(self) -> None:
        self.scene.outside_broker.go_on()
