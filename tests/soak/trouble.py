"""What goes wrong around the kiosk, and what its office and its server do to it meanwhile."""

import random
from collections.abc import Callable
from dataclasses import replace

import msgspec

from kiosk.controller import StorageBroken
from kiosk.core.setups import Arrangement
from kiosk.core.survey import SURVEY
from protocol.messages import Thresholds
from tests.kiosk.ui.driver import PLACE
from tests.kiosk.ui.surveys import FULL, OFFICE, WHOLE_ROOM
from tests.soak.disk import Disk
from tests.soak.kiosk import SoakedKiosk
from tests.soak.ledger import Ledger

ARRANGEMENTS = (
    PLACE.arranged(),
    OFFICE,
    WHOLE_ROOM,
    replace(OFFICE, survey=replace(FULL, daily=True), published=None),
    replace(OFFICE, survey=SURVEY, thresholds=Thresholds(rating=20.0, thanks=3.0, notice=4.0)),
    replace(WHOLE_ROOM, survey=replace(FULL, reasons_after=frozenset({1, 2}))),
)
SHARES = {"scanner": 8, "network": 8, "setup": 5, "disk fills": 1, "disk hangs": 2, "identify": 1, "nothing": 75}
FULL_FOR, HANGS_FOR = 3, 2  # sessions, at most


class Trouble:
    """Changes something before a citizen comes; ends what has lasted long enough."""

    def __init__(self, kiosk: SoakedKiosk, disk: Disk, ledger: Ledger, chance: random.Random) -> None:
        self._kiosk = kiosk
        self._disk = disk
        self._ledger = ledger
        self._chance = chance
        self._scanner = self._online = True
        self._heals_in = 0
        self._acts: dict[str, Callable[[], None]] = {
            "scanner": self._plug,
            "network": self._connect,
            "setup": self._arrange,
            "disk fills": self._fill,
            "disk hangs": self._hang,
            "identify": lambda: kiosk.controller.identify("quay-1"),
            "nothing": lambda: None,
        }
        self.counts = dict.fromkeys(SHARES, 0)

    @property
    def of_the_disk(self) -> bool:
        """Whether the disk is full or hangs."""
        return self._disk.full or self._kiosk.watched.stalled

    def come(self) -> None:
        """Let something happen, or nothing."""
        if self.of_the_disk:
            self._heals_in -= 1
            if self._heals_in <= 0:
                self.heal()
            return
        act = self._chance.choices(list(SHARES), list(SHARES.values()))[0]
        self.counts[act] += 1
        self._acts[act]()

    def heal(self) -> None:
        """The disk works as it did."""
        self._disk.free()
        self._kiosk.watched.stalled = False

    def confirm(self) -> None:
        """The server takes what waits, and says so; the kiosk may then erase it."""
        journal, clock = self._kiosk.watched.writer.journal, self._kiosk.clock
        standing = journal.standing()
        first, last = standing.stored_up_to + 1, standing.highest
        journal.settle(first, last, clock.reading())
        for vote in journal.votes(first, last):
            self._ledger.received(msgspec.to_builtins(vote))
        journal.confirm(last, clock.now())

    def _plug(self) -> None:
        self._scanner = not self._scanner
        self._kiosk.controller.scanner_is(self._scanner)

    def _connect(self) -> None:
        self._online = not self._online
        self._kiosk.controller.online_is(self._online, "" if self._online else "the broker cannot be reached")
        if self._online:
            try:
                self.confirm()
            except StorageBroken as error:  # not while the disk works
                raise AssertionError(f"what waits cannot be confirmed: {error}") from None

    def _arrange(self) -> None:
        arrangement: Arrangement = self._chance.choice(ARRANGEMENTS)
        self._kiosk.controller.arrange(replace(arrangement, revision=self._chance.randrange(1, 1000)))

    def _fill(self) -> None:
        self._heals_in = self._chance.randint(1, FULL_FOR)
        self._disk.fill()

    def _hang(self) -> None:
        self._heals_in = self._chance.randint(1, HANGS_FOR)
        self._kiosk.watched.stalled = True
