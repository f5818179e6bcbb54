"""Disks that are full to the last byte, on either side."""

import random

from tests.journeys.torture import disk
from tests.journeys.torture.faults.fault import Fault, OfOneKiosk
from tests.journeys.torture.scene import Scene

NOTICED_SECONDS = 60.0
NEEDS_MOUNT = "a file system of its own cannot be mounted here"


class KioskDiskFull(OfOneKiosk):
    """A kiosk's card is full: it must say that it is out of order, and thank nobody whose vote it cannot keep."""

    kind = "kiosk's disk full"
    weight = 4
    also = ("card",)  # a full card may erase what is confirmed: no older backup of the server is then whole

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.seconds = chance.uniform(0.0, 2.0)

    @classmethod
    def impossible(cls, scene: Scene) -> str | None:
        return None if scene.surroundings.enclosed else NEEDS_MOUNT

    def strike(self) -> None:
        self.scene.note_card(self.machine)  # it makes room by erasing what is confirmed
        disk.fill_up(self.machine.card)
        self.scene.eventually(
            f"{self.kiosk.name} with a full disk says that it is out of order",
            lambda: self.kiosk.citizens.screen == "out-of-order",
            NOTICED_SECONDS,
        )

    def heal(self) -> None:
        disk.free(self.machine.card)


class ServerDiskFull(Fault):
    """The disk of the database is full."""

    kind = "server's disk full"
    weight = 4

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.parts = frozenset({"database"})
        self.seconds = chance.uniform(1.0, 4.0)

    @classmethod
    def impossible(cls, scene: Scene) -> str | None:
        return None if scene.surroundings.enclosed else NEEDS_MOUNT

    def strike(self) -> None:
        disk.fill_up(self.scene.house.disk)

    def heal(self) -> None:
        disk.free(self.scene.house.disk)
        self.scene.house.revive()
