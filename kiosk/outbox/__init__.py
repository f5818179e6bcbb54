"""The votes on this kiosk's disk: the only queue there is.

One file is one stream: a random id made with it, and numbers 1, 2, 3 … without a gap. A write is on the disk when its
method returns (WAL, synchronous=FULL: one fsync per commit).
"""

from kiosk.outbox.journal import Journal
from kiosk.outbox.outbox import Outbox
from kiosk.outbox.records import (
    MEBIBYTE,
    AlreadyRated,
    Limits,
    Proof,
    Salvaged,
    Standing,
    StorageDamaged,
    Stored,
)

__all__ = [
    "MEBIBYTE",
    "AlreadyRated",
    "Journal",
    "Limits",
    "Outbox",
    "Proof",
    "Salvaged",
    "Standing",
    "StorageDamaged",
    "Stored",
]
