"""Every kind of fault there is, and how one is drawn."""

import random

from tests.journeys.torture.faults.brokers import BrokerEnds, BrokerHangs, BrokerWiped
from tests.journeys.torture.faults.cards import CopiedCard, NewCard, OldImage
from tests.journeys.torture.faults.clocks import ClockJumps, Reboot
from tests.journeys.torture.faults.damage import DamagedOutbox
from tests.journeys.torture.faults.databases import DatabaseCrashes, DatabaseHangs
from tests.journeys.torture.faults.disks import KioskDiskFull, ServerDiskFull
from tests.journeys.torture.faults.doubles import SecondServer
from tests.journeys.torture.faults.ends import KioskEnds, ServerEnds, ServerEndsInATransaction
from tests.journeys.torture.faults.fault import Fault
from tests.journeys.torture.faults.hangs import KioskHangs, ServerHangs
from tests.journeys.torture.faults.network import NetworkCut, NetworkHangs, NetworkLags, NetworkLoses
from tests.journeys.torture.faults.restore import OldBackup
from tests.journeys.torture.scene import Scene

KINDS: tuple[type[Fault], ...] = (
    *(KioskEnds, KioskHangs, Reboot, ClockJumps, KioskDiskFull),
    *(NewCard, OldImage, CopiedCard, DamagedOutbox),
    *(NetworkCut, NetworkHangs, NetworkLoses, NetworkLags),
    *(ServerEnds, ServerEndsInATransaction, ServerHangs, ServerDiskFull, SecondServer, OldBackup),
    *(BrokerEnds, BrokerHangs, BrokerWiped),
    *(DatabaseCrashes, DatabaseHangs),
)


def possible(scene: Scene) -> list[type[Fault]]:
    """Return the kinds that can be done in an office."""
    return [kind for kind in KINDS if kind.impossible(scene) is None]


def left_out(scene: Scene) -> dict[str, str]:
    """Return the kinds that this machine does not let us do, and why."""
    return {kind.kind: reason for kind in KINDS if (reason := kind.impossible(scene))}


def draw(kinds: list[type[Fault]], scene: Scene, seed: str) -> Fault:
    """Draw a fault and everything about it; the same seed draws the same."""
    chance = random.Random(seed)
    kind = chance.choices(kinds, [kind.weight for kind in kinds])[0]
    return kind(scene, chance)
