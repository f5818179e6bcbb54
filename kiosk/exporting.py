"""An export to a stick from the kiosk's own screen: in a thread, for a stick takes its time, and may hang."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.clock import Clock
from kiosk.controller import StorageBroken
from kiosk.mounted import sticks
from kiosk.settings import Settings
from protocol.messages import Count

if TYPE_CHECKING:
    from kiosk.outbox import Outbox
    from kiosk.stick import Stick

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 10.0  # for a file that is being written while the kiosk is to end


class Stage(StrEnum):
    """How far an export has come, or how it ended."""

    NOT_ASKED = "not-asked"
    WRITING = "writing"
    WRITTEN = "written"
    NOTHING_WAITS = "nothing-waits"
    NO_STICK = "no-stick"
    SEVERAL_STICKS = "several-sticks"
    FAILED = "failed"


@dataclass(frozen=True)
class Progress:
    """*votes* are on the stick, of *waiting*; the server's receipts *confirmed* others. *reason* is for an operator."""

    stage: Stage = Stage.NOT_ASKED
    votes: Count = 0
    waiting: Count = 0
    confirmed: Count = 0
    reason: str = ""


class Exporter:
    """One per kiosk; `progress` may be read from any thread."""

    def __init__(self, settings: Settings, clock: Clock, find: Callable[[], list[Path]] = sticks) -> None:
        self.progress = Progress()
        self._settings = settings
        self._clock = clock
        self._find = find
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        return self.progress.stage is Stage.WRITING

    def begin(self) -> None:
        """Begin, unless an export is running."""
        if not self.is_running:
            self.progress = Progress(Stage.WRITING)
            # A stick that hangs must not keep the process from ending; what it holds is then a part of a file.
            self._thread = threading.Thread(target=self._run, name="export", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End after the file that is being written; one that hangs is not waited for."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        # Not at the top, here and below: the first screen is not to wait for what hardly ever is needed.
        from kiosk.stick_visit import NoVisit
        from protocol.stick_files import StickTrouble

        try:
            self.progress = self._exported()
        except (NoVisit, StickTrouble) as trouble:
            log.warning("no export: %s", trouble)
            self.progress = Progress(Stage.FAILED, self.progress.votes, self.progress.waiting, reason=str(trouble))
        except Exception as error:
            # Its text may quote a vote: only its kind.
            log.error("an export failed: %s", type(error).__name__)
            self.progress = Progress(Stage.FAILED, reason=f"internal error: {type(error).__name__}")

    def _exported(self) -> Progress:
        from kiosk.stick_visit import visiting

        chosen = self._settings.service.stick
        found = [Path(chosen)] if chosen else self._find()
        if len(found) != 1:
            return Progress(Stage.SEVERAL_STICKS if found else Stage.NO_STICK, reason=", ".join(map(str, found)))
        with visiting(found[0], self._settings, alone=False) as (stick, outbox):
            return self._written(stick, outbox)

    def _written(self, stick: "Stick", outbox: "Outbox") -> Progress:
        from kiosk.stick_visit import hello_of

        confirmed, amiss = _receipts(stick)
        waiting, votes = outbox.standing().waiting, 0
        if not waiting:
            return Progress(Stage.NOTHING_WAITS, confirmed=confirmed, reason=amiss)
        self.progress = Progress(Stage.WRITING, 0, waiting, confirmed)
        for file in stick.export(self._clock.reading(), hello_of(outbox)):
            votes += file.votes
            self.progress = Progress(Stage.WRITING, votes, waiting, confirmed)
            if self._stopping.is_set():
                break
        return Progress(Stage.WRITTEN, votes, waiting, confirmed, amiss)


def _receipts(stick: "Stick") -> tuple[Count, str]:
    """Take the receipts; return how many votes they confirm, and what is wrong with one of them."""
    from kiosk.stick import Confirmed, OtherVotes, Passed

    confirmed, amiss = 0, ""
    try:
        for taken in stick.take_receipts():
            match taken:
                case Confirmed(votes):
                    confirmed += votes
                case OtherVotes():
                    amiss = "the server holds other votes: stop the kiosk and run 'python -m kiosk receipts FOLDER'"
                case Passed(path, reason, amiss=True):
                    amiss = f"{path.name}: {reason}"
    except StorageBroken as error:  # a full disk takes no receipt, and its votes are wanted all the more
        amiss = f"not taken: {error}"
    return confirmed, amiss
