"""SD cards: a new one, an old image of one, a copy of one in a second machine."""

import random
from contextlib import suppress

from tests.journeys.processes import Overdue
from tests.journeys.torture import card
from tests.journeys.torture.faults.fault import OfOneKiosk
from tests.journeys.torture.scene import Kiosk, Scene

DRAIN_SECONDS = 20.0
FAREWELL_SECONDS = 120.0


class _OfTheCard(OfOneKiosk):
    weight = 4
    also = ("card", "road")

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.seconds = chance.uniform(1.0, 5.0)

    def switch_off_with_nothing_waiting(self) -> None:
        """As a careful operator would; when the server does not answer, as a careless one."""
        self.kiosk.citizens.leave()
        self.drained(self.kiosk, DRAIN_SECONDS)
        self.machine.power.off()
        self.kiosk.citizens.come()

    def drained(self, kiosk: Kiosk, seconds: float) -> None:
        """Wait until nothing waits on a card, or the operator loses patience."""
        with suppress(Overdue):
            self.scene.eventually("nothing waits", lambda: _nothing_waits(kiosk), seconds)


class NewCard(_OfTheCard):
    """An empty card; now and then the old one had votes that were not sent, and they are lost with it."""

    kind = "new card"

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.careless = chance.random() < 0.25

    def strike(self) -> None:
        if self.careless:
            self.kiosk.road.cut()
        else:
            self.switch_off_with_nothing_waiting()

    def heal(self) -> None:
        self.machine.power.off()
        self.scene.retire(self.machine)
        card.clear(self.machine.card)
        self.machine.power.on()
        self.kiosk.road.heal()


class OldImage(_OfTheCard):
    """An image of the card is written back over it later: the kiosk must not go on under numbers that are taken."""

    kind = "old image of a card"

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.image = scene.new_place(f"{self.kiosk.name}-image")

    def strike(self) -> None:
        self.machine.power.off()
        card.copy(self.machine.card, self.image)
        self.machine.power.on()

    def heal(self) -> None:
        self.switch_off_with_nothing_waiting()
        self.scene.retire(self.machine)
        card.put_back(self.image, self.machine.card)
        self.machine.power.on()


class CopiedCard(_OfTheCard):
    """A second machine with a copy of the card: two that send under one name and one stream."""

    kind = "card copied"
    twin: Kiosk

    def strike(self) -> None:
        self.machine.power.off()
        self.scene.note_card(self.machine)
        self.twin = self.scene.twin(self.kiosk)
        self.machine.power.on()
        self.twin.machine.power.on()
        self.twin.citizens.come()

    def heal(self) -> None:
        self.twin.citizens.leave()
        self.drained(self.twin, FAREWELL_SECONDS)
        self.scene.dissolve(self.twin)


def _nothing_waits(kiosk: Kiosk) -> bool:
    where = card.standing(kiosk.machine.card)
    return where is not None and where.drained
