"""The hand that breaks things: several at once, never two on the same part, all of it as the seed has it."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from itertools import islice
from time import monotonic

from tests.journeys.torture.faults.fault import Fault
from tests.journeys.torture.faults.kinds import draw, possible
from tests.journeys.torture.recovery import Recoveries
from tests.journeys.torture.scene import Abandoned, Scene

AT_ONCE = 3
SHORTEST_GAP, LONGEST_GAP = 0.05, 0.8
TELL_SECONDS = 10.0
PATIENCE_SECONDS = 10.0
LOOK_SECONDS = 0.5
LOOK_AHEAD = 8


class Hand:
    """Strikes fault after fault.

    Its threads must outlive what they start, for a parent's death, as the kernel sees it, is its thread's: so it is
    closed after the scene.
    """

    def __init__(self, scene: Scene, recoveries: Recoveries, seed: str) -> None:
        self.struck: Counter[str] = Counter()
        self._scene = scene
        self._recoveries = recoveries
        self._seed = seed
        self._journal = scene.folder / "faults.log"
        self._hands = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hand")
        self._busy: set[str] = set()
        self._free = AT_ONCE
        self._change = threading.Condition()
        self._failure: BaseException | None = None
        self._over = threading.Event()
        self._tell: Callable[[], None] = lambda: None
        self._told = 0.0
        self._first: Fault | None = None  # of the queue, and since when
        self._first_since = 0.0

    def strike(self, faults: int, until: float, tell: Callable[[], None]) -> None:
        """Strike so many faults, or as many as there is time for; all are healed when it returns."""
        chance = random.Random(f"{self._seed} gaps")
        kinds = possible(self._scene)
        drawn = (draw(kinds, self._scene, f"{self._seed} {number}") for number in range(faults))
        queue = list(islice(drawn, LOOK_AHEAD))
        under_way: set[Future[None]] = set()
        self._tell, self._told = tell, monotonic()
        while queue and (fault := self._take(queue, until)) is not None:
            queue.remove(fault)
            queue += islice(drawn, 1)
            under_way.add(self._hands.submit(self._one, fault))
            self._over.wait(chance.uniform(SHORTEST_GAP, LONGEST_GAP))
            self.check()
        wait(under_way)
        self.check()

    def check(self) -> None:
        """Raise what went wrong under a hand or before a citizen's eyes."""
        if self._failure is not None:
            raise self._failure
        for kiosk in self._scene.kiosks:
            kiosk.citizens.check()

    def close(self) -> None:
        """Stop at once; what is broken stays broken."""
        self._over.set()
        self._hands.shutdown(cancel_futures=True)

    def _take(self, queue: Sequence[Fault], until: float) -> Fault | None:
        """Wait until a hand is free, and nobody has the parts of a fault in hand; None when the time is over."""
        first = queue[0]
        if first is not self._first:
            self._first, self._first_since = first, monotonic()
        with self._change:
            while monotonic() <= until and not self._over.is_set() and self._failure is None:
                # What the first has waited for long is not given to others any more.
                waits_long = monotonic() - self._first_since > PATIENCE_SECONDS
                taken = self._busy | (first.parts if waits_long else frozenset())
                for fault in queue if self._free else ():
                    if not fault.parts & (self._busy if fault is first else taken):
                        self._busy |= fault.parts
                        self._free -= 1
                        return fault
                self._change.wait(LOOK_SECONDS)
                self._progress()
        return None

    def _progress(self) -> None:
        if monotonic() - self._told > TELL_SECONDS:
            self._told = monotonic()
            self._tell()

    def _note(self, fault: Fault, what: str) -> None:
        line = f"{datetime.now(UTC):%H:%M:%S.%f} {fault.kind} {what} ({', '.join(sorted(fault.parts))})\n"
        with self._change, self._journal.open("a", encoding="utf-8") as journal:
            journal.write(line)

    def _one(self, fault: Fault) -> None:
        try:
            self._note(fault, "strikes")
            fault.strike()
            self._note(fault, f"has struck, for {fault.seconds:.1f} s")
            self._over.wait(fault.seconds)
            fault.heal()
            self._note(fault, "has healed")
            with self._change:
                self.struck[fault.kind] += 1
            self._recoveries.watch(fault.kind, fault.suffers)
        except Abandoned:
            pass
        except BaseException as error:
            self._failure = error
        finally:
            with self._change:
                self._busy -= fault.parts
                self._free += 1
                self._change.notify_all()
