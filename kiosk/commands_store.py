"""Which commands were answered, in the kiosk's state folder: none is obeyed twice, not even across a restart."""

import logging
from collections.abc import Set
from pathlib import Path

import msgspec

from protocol.messages import MOST_REPORTED, CommandAnswer, CommandId
from protocol.whole_file import read_bounded, write_whole

log = logging.getLogger(__name__)

MOST_REMEMBERED = 200
LARGEST_FILE = 128 * 1024  # bytes; 200 answers of the longest kind stay below


class CommandsStore:
    """Owned by one thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._answers: tuple[CommandAnswer, ...] = ()
        try:
            data = read_bounded(path, LARGEST_FILE)
            if data is not None:
                self._answers = msgspec.json.decode(data, type=tuple[CommandAnswer, ...])[-MOST_REMEMBERED:]
        except (OSError, ValueError) as error:
            # A command that is repeated now would be obeyed again, unless it has expired: they do within hours.
            log.error("the answered commands cannot be read: %s", type(error).__name__)

    @property
    def answered(self) -> Set[CommandId]:
        """The ids of the commands that were answered."""
        return {answer.command for answer in self._answers}

    @property
    def newest(self) -> tuple[CommandAnswer, ...]:
        """The newest answers, as many as a status may carry, the last one last."""
        return self._answers[-MOST_REPORTED:]

    def note(self, answer: CommandAnswer) -> None:
        """Remember an answer, on the disk when this returns; OSError when only memory has it."""
        self._answers = (*self._answers, answer)[-MOST_REMEMBERED:]
        write_whole(self._path, msgspec.json.encode(self._answers))

    def amend(self, answer: CommandAnswer) -> None:
        """Exchange the newest answer, in memory: what was to be done turned out to be impossible."""
        self._answers = (*self._answers[:-1], answer)
