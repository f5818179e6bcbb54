"""The kiosk that is soaked: the real app, controller, writer and outbox; only time is a fake."""

from pathlib import Path
from typing import Any

from kiosk.core.states import Idle, State, Storing, Thanking, amiss
from kiosk.ui.widgets.pressable import Pressable
from protocol.messages import VoteId
from tests.kiosk.ui.driver import SteppedKiosk, a_clock
from tests.soak.ledger import Ledger, Unthanked
from tests.soak.watched import WatchedStorage

SIZE = (320, 200)  # a quarter of a panel each way, for speed: what is drawn is as much, only smaller
STRIDE_SECONDS = 1.0  # while nobody does anything


class SoakedKiosk(SteppedKiosk):
    """Steps as any; after each step the disk has done what it was asked to, and what is shown is noted."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        clock = a_clock()
        clock.synchronise()
        self.watched = WatchedStorage(folder / "outbox.sqlite", clock, ledger)
        self.votes = 0  # that were thanked for
        self._ledger = ledger
        self._thanked: VoteId = ""
        super().__init__(clock=clock, storage=self.watched, size=SIZE)
        self.watched.start(self.controller.answered)
        self.step(2)

    def close(self) -> None:
        super().close()
        self.watched.stop()

    @property
    def state(self) -> State:
        return self.controller.state

    def step(self, frames: int = 1, seconds: float = 1 / 60) -> None:
        for _ in range(frames):
            super().step(1, seconds)
            self._look()
            if self.watched.busy and not self.watched.stalled:
                self.watched.settle()

    def stride(self, seconds: float) -> None:
        """Let time pass in great steps."""
        while seconds > 0:
            self.step(1, min(seconds, STRIDE_SECONDS))
            seconds -= STRIDE_SECONDS

    def come_to_rest(self, within: float) -> bool:
        """Leave the kiosk alone; return whether its first screen comes back, or the disk keeps it out of order."""
        until = self.clock.monotonic() + within
        while not isinstance(self.state, Idle):
            if self.clock.monotonic() > until:
                return False
            self.step(1, STRIDE_SECONDS)
        return True

    def scan(self, scan: Any = None) -> None:
        if isinstance(self.state, Storing):
            self._ledger.excuse(self.state.until, Unthanked.OVERTAKEN)
        super().scan(scan)

    # --- fingers ---

    def touchable(self, within: Any) -> list[Pressable]:
        """What a finger would find there."""
        return [
            widget
            for widget in within.walk(restrict=True)
            if isinstance(widget, Pressable) and not widget.deaf and widget.opacity and widget.width > 1
        ]

    def touch(self, widget: Pressable) -> None:
        """Touch it as soon as the screen takes touches."""
        if not self.stage.settled:
            self.step(1, 0.7)
        self.press(widget)
        self.let_go(widget)

    def _look(self) -> None:
        match self.state:
            case Thanking(vote_id) if vote_id != self._thanked:
                self._thanked = vote_id
                self.votes += 1
                self._ledger.thanked(vote_id)
            case Storing(until=until, follows=follows) if follows is not None:
                self._ledger.excuse(until, Unthanked.FOLLOWED)
        out = amiss(self.state)
        if out is not None and out.by is not None:
            self._ledger.excuse(out.by, Unthanked.GIVEN_UP)
