"""One long run: citizens come and go, things go wrong around them, and at the end everything is counted."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import msgspec

from kiosk.core.states import amiss
from tests.soak.audit import Row, audit
from tests.soak.citizens import Citizens
from tests.soak.disk import Disk
from tests.soak.footprint import Footprint, footprint
from tests.soak.kiosk import SoakedKiosk
from tests.soak.ledger import Ledger
from tests.soak.trouble import Trouble
from tests.soak.verdict import Figures

MOST_READINGS, READ_EVERY = 1000, 50  # sessions, at least
LINE_SECONDS = 15.0  # between two lines of progress
# Longer than any screen stays that nobody touches: service 180 s, a vote that was given up on 60 s and more.
REST_SECONDS = 400.0


def soak(folder: Path, sessions: int, seed: int, tell: Callable[[str], None], ended: Callable[[], bool]) -> Figures:
    """Run in an empty folder until *sessions* are over, or *ended*. The window stands already."""
    disk, ledger, chance = Disk(folder / "card"), Ledger(folder / "ledger"), random.Random(seed)
    if not disk.fillable:
        tell("left out: full disks, for no file system can be mounted here")
    try:
        kiosk = SoakedKiosk(disk.folder, ledger)
        trouble, citizens = Trouble(kiosk, disk, ledger, chance), Citizens(kiosk, chance)
        readings: list[Footprint] = []
        stuck: list[str] = []
        began = said = monotonic()
        done, read_every = 0, max(READ_EVERY, sessions // MOST_READINGS)
        try:
            while done < sessions and not ended() and not stuck and kiosk.app.mishaps.fatal is None:
                try:
                    _session(kiosk, trouble, citizens, stuck)
                except Exception as error:
                    if error is not kiosk.app.mishaps.fatal:  # the third in a minute; it is told from the figures
                        raise
                done += 1
                if done % read_every == 0 and not trouble.of_the_disk:
                    readings.append(footprint(done))
                if monotonic() - said >= LINE_SECONDS:
                    said = monotonic()
                    tell(f"{done:,} sessions, {done / (said - began):.1f} a second, {footprint(done).words}")
            trouble.heal()
            if not stuck and not kiosk.come_to_rest(REST_SECONDS):
                stuck.append(f"{type(kiosk.state).__name__}, at the end")
        finally:
            seconds = monotonic() - began
            kiosk.close()
        tell(f"beside them: {', '.join(f'{count} × {name}' for name, count in trouble.counts.items())}")
        return Figures(
            seed=seed,
            sessions=done,
            seconds=seconds,
            thanked=kiosk.votes,
            mishaps=kiosk.app.mishaps.count,
            stuck=stuck,
            readings=readings,
            audit=audit(ledger.read(), _rows(disk.folder / "outbox.sqlite")),
        )
    finally:
        ledger.close()
        disk.close()


def _session(kiosk: SoakedKiosk, trouble: Trouble, citizens: Citizens, stuck: list[str]) -> None:
    trouble.come()
    citizens.visit()
    if kiosk.come_to_rest(REST_SECONDS):
        return
    if not (trouble.of_the_disk and amiss(kiosk.state) is not None):
        stuck.append(type(kiosk.state).__name__)


def _rows(outbox: Path) -> Iterator[Row]:
    with closing(sqlite3.connect(outbox)) as database:
        for vote_id, draft in database.execute("SELECT vote_id, draft FROM votes ORDER BY number"):
            yield Row(vote_id, msgspec.json.decode(draft))
