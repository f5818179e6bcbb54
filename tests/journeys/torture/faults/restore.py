"""The server's database as it was some time ago, put back while kiosks go on."""

import random

from tests.journeys.torture.faults.fault import Fault
from tests.journeys.torture.scene import Scene


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
