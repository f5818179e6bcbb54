"""An outbox whose bytes have changed on the disk: what can be read of it must still arrive."""

import random
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from tests.journeys.torture import card
from tests.journeys.torture.faults.fault import OfOneKiosk
from tests.journeys.torture.scene import Scene

TABLE_LEAF = 0x0D
_PAGE_SIZE_AT = 16


@dataclass(frozen=True)
class Wound:
    """Bytes of a file to be destroyed, and the votes that lie there and in no other place."""

    offsets: tuple[int, ...]
    votes: frozenset[str]


class DamagedOutbox(OfOneKiosk):
    """Bytes of one vote, or of one page of votes, change while the kiosk is off, with votes waiting."""

    kind = "outbox damaged"
    weight = 4
    also = ("card", "road")

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        self.whole_page = chance.random() < 0.4
        self.seconds = chance.uniform(0.0, 1.0)

    def strike(self) -> None:
        self.kiosk.road.cut()
        sleep(self.chance.uniform(0.5, 2.0))  # votes come and wait
        self.machine.power.off()
        held = self.scene.note_card(self.machine)
        if held is None or not held.votes:
            return
        card.settle(self.machine.card)
        path = self.machine.card / card.OUTBOX
        wound = choose(path.read_bytes(), sorted(held.ids), self.whole_page, self.chance)
        self.scene.apart.on_broken_pages |= wound.votes & set(held.waiting)
        self.machine.cards += 1
        _flip(path, wound.offsets)

    def heal(self) -> None:
        self.machine.power.on()
        self.kiosk.road.heal()


def choose(data: bytes, votes: Collection[str], whole_page: bool, chance: random.Random) -> Wound:
    """Choose bytes that hold a vote, or the head of the page it lies on, and say which votes lie there."""
    size = int.from_bytes(data[_PAGE_SIZE_AT : _PAGE_SIZE_AT + 2], "big")
    size = 65536 if size == 1 else size
    vote = chance.choice(sorted(votes))
    places = _places(data, vote)
    if not places:
        return Wound((), frozenset())
    page = chance.choice(places) // size
    begin = page * size
    if whole_page and page > 0 and data[begin] == TABLE_LEAF:
        inside = {each for each in votes if any(place // size == page for place in _places(data, each))}
        return Wound(tuple(range(begin, begin + 8)), frozenset(inside))
    return Wound(tuple(place + chance.randrange(len(vote)) for place in places), frozenset({vote}))


def _places(data: bytes, vote: str) -> list[int]:
    """Where the id of a vote stands: a page that was moved may leave old bytes behind."""
    found, wanted, start = [], vote.encode(), 0
    while (start := data.find(wanted, start)) >= 0:
        found.append(start)
        start += 1
    return found


def _flip(path: Path, offsets: Collection[int]) -> None:
    with path.open("r+b") as file:
        for offset in offsets:
            file.seek(offset)
            byte = file.read(1)
            file.seek(offset)
            file.write(bytes([byte[0] ^ 0x15]))
