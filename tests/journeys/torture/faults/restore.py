"""The server's database as it was some time ago, put back while kiosks go on."""

import random

from sync_server.store.database import DatabaseTrouble
from tests.journeys.torture import card
from tests.journeys.torture.evidence import read_ledger
from tests.journeys.torture.faults.fault import Fault
from tests.journeys.torture.scene import Kiosk, Scene

REFILL_SECONDS = 300.0


class OldBackup(Fault):
    """A backup is made, votes go on, and then the backup is restored: the server asks for what it has lost.

    No card is changed between, for what a card that is gone had sent since the backup, nobody has.
    """

    kind = "old backup restored"
    weight = 4

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        super().__init__(scene, chance)
        cards = {f"card of {kiosk.name}" for kiosk in scene.kiosks}
        self.parts = frozenset({"database", "second server", *cards, *(service.name for service in scene.server)})
        self.seconds = chance.uniform(1.0, 8.0)
        self.file = scene.folder / f"backup-{chance.getrandbits(64):016x}"

    def strike(self) -> None:
        self.scene.office.server("backup", str(self.file))

    def heal(self) -> None:
        for service in self.scene.server:
            service.off()
        self.scene.office.server("restore", str(self.file), "--replace")
        for service in self.scene.server:
            service.on()
        self.file.unlink()
        # Until the kiosks have sent again what was lost, a card that goes would take the only copy with it.
        wanted = {kiosk: card.standing(kiosk.machine.card) for kiosk in self.suffers}
        self.scene.eventually("the server has again what it had lost", lambda: self._has(wanted), REFILL_SECONDS)

    def _has(self, wanted: dict[Kiosk, card.Standing | None]) -> bool:
        try:
            held = {line.stream: line.stored_up_to for line in read_ledger(self.scene.database_url)}
        except DatabaseTrouble:
            return False
        for kiosk, where in wanted.items():
            now = card.standing(kiosk.machine.card)
            if where is None or (now is not None and now.stream != where.stream):
                wanted[kiosk] = where = now  # its card was an old image: it has begun a new stream just then
            if where is None or held.get(where.stream, 0) < where.highest:
                return False
        return True
