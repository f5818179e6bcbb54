"""How long kiosks take, once a fault has healed, until the server has every vote they held at that moment."""

import threading
from dataclasses import dataclass
from time import monotonic

from tests.journeys.torture import card
from tests.journeys.torture.scene import Kiosk

LOOK_SECONDS = 0.2


@dataclass
class _Watch:
    kind: str
    since: float
    left: dict[Kiosk, tuple[str, int]]  # stream and number that must be confirmed


class Recoveries:
    """A thread that looks at the kiosks' cards; *seconds* has the times by kind of fault."""

    def __init__(self) -> None:
        self.seconds: list[tuple[str, float]] = []
        self._watches: list[_Watch] = []
        self._change = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recoveries", daemon=True)
        self._thread.start()

    def watch(self, kind: str, kiosks: tuple[Kiosk, ...]) -> None:
        """A fault of these kiosks has healed just now."""
        left = {}
        for kiosk in kiosks:
            where = card.standing(kiosk.machine.card)
            if where is not None:
                left[kiosk] = (where.stream, where.highest)
        with self._change:
            self._watches.append(_Watch(kind, monotonic(), left))

    def stop(self) -> int:
        """Look no more; return how many recoveries are not over."""
        self._stopping.set()
        self._thread.join()
        self._look()
        return len(self._watches)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        with self._change:
            watches = list(self._watches)
        standings = {kiosk: card.standing(kiosk.machine.card) for watch in watches for kiosk in watch.left}
        for watch in watches:
            for kiosk, (stream, number) in list(watch.left.items()):
                where = standings[kiosk]
                if where is not None and (where.stream != stream or where.stored_up_to >= number):
                    del watch.left[kiosk]
        over = [watch for watch in watches if not watch.left]
        with self._change:
            self.seconds += [(watch.kind, monotonic() - watch.since) for watch in over]
            self._watches = [watch for watch in self._watches if watch.left]
