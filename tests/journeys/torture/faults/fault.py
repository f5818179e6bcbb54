"""What a fault is."""

import random
from abc import ABC, abstractmethod
from typing import ClassVar

from tests.journeys.torture.scene import Kiosk, Scene


class Fault(ABC):
    """One thing that breaks and heals; everything about it is drawn when it is made, so that a seed repeats it.

    *parts* names what no other fault may touch meanwhile; *suffers* are the kiosks whose recovery is watched.
    """

    kind: ClassVar[str]
    weight: ClassVar[int] = 10

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        self.scene = scene
        self.chance = chance
        self.parts: frozenset[str] = frozenset()
        self.suffers: tuple[Kiosk, ...] = scene.kiosks
        self.seconds = 0.0  # between strike and heal

    @classmethod
    def impossible(cls, scene: Scene) -> str | None:
        """Say why it cannot be done in this office, "" where it would make no sense, None when it can."""
        return None

    @abstractmethod
    def strike(self) -> None:
        """Break it."""

    @abstractmethod
    def heal(self) -> None:
        """Mend it; what the product has to do by itself begins now."""


class OfOneKiosk(Fault):
    """A fault of one kiosk, drawn by chance; *also* are parts of it beside the machine itself."""

    also: ClassVar[tuple[str, ...]] = ()

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.kiosk = chance.choice(scene.kiosks)
        self.machine = self.kiosk.machine
        self.suffers = (self.kiosk,)
        self.parts = frozenset({self.kiosk.name, *(f"{part} of {self.kiosk.name}" for part in self.also)})
