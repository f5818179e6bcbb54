"""An outside broker that is killed, hangs, or forgets everything it kept."""

import random

from tests.journeys.torture.faults.fault import Fault
from tests.journeys.torture.scene import Scene
from tests.journeys.torture.servers import OutsideBroker


class _OfTheBroker(Fault):
    longest = 1.5

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.parts = frozenset({"broker"})
        self.seconds = chance.uniform(0.0, self.longest)

    @classmethod
    def impossible(cls, scene: Scene) -> str | None:
        return "" if scene.servers.broker is None else None

    @property
    def broker(self) -> OutsideBroker:
        assert self.scene.servers.broker is not None
        return self.scene.servers.broker


class BrokerEnds(_OfTheBroker):
    """SIGKILL of Mosquitto."""

    kind = "Mosquitto killed"

    def strike(self) -> None:
        self.broker.kill()

    def heal(self) -> None:
        self.broker.start()


class BrokerWiped(_OfTheBroker):
    """Mosquitto is killed and comes back without anything it had kept."""

    kind = "Mosquitto wiped"
    weight = 5

    def strike(self) -> None:
        self.broker.kill()
        self.broker.wipe()

    def heal(self) -> None:
        self.broker.start()


class BrokerHangs(_OfTheBroker):
    """Mosquitto stands still."""

    kind = "Mosquitto hung"
    weight = 5
    longest = 4.0

    def strike(self) -> None:
        self.broker.hang()

    def heal(self) -> None:
        self.broker.go_on()
