"""A PostgreSQL that crashes or hangs."""

import random

from tests.journeys.torture.faults.fault import Fault
from tests.journeys.torture.house import PostgresHouse
from tests.journeys.torture.scene import Scene


class _OfPostgres(Fault):
    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.parts = frozenset({"database"})
        self.seconds = chance.uniform(0.0, 2.0)

    @property
    def house(self) -> PostgresHouse:
        assert isinstance(self.scene.house, PostgresHouse)
        return self.scene.house

    @classmethod
    def impossible(cls, scene: Scene) -> str | None:
        return None if isinstance(scene.house, PostgresHouse) else ""


class DatabaseCrashes(_OfPostgres):
    """SIGKILL to the postmaster and all its processes, whatever transaction is open."""

    kind = "PostgreSQL killed"

    def strike(self) -> None:
        self.house.crash()

    def heal(self) -> None:
        self.house.start()


class DatabaseHangs(_OfPostgres):
    """All of PostgreSQL stands still."""

    kind = "PostgreSQL hung"
    weight = 5

    def strike(self) -> None:
        self.house.hang()

    def heal(self) -> None:
        self.house.go_on()
