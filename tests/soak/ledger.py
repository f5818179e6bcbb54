"""What was asked of the disk, what it answered and who was thanked, noted in a file: memory is what is measured."""

import json
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from kiosk.core.draft import Draft
from protocol.messages import VoteId


class Unthanked(StrEnum):
    """Why a stored vote may lack its thanks: everybody but its citizen went on first."""

    FOLLOWED = "another case was scanned and its visit begun"
    OVERTAKEN = "a scan came in the moment of the thanks"
    GIVEN_UP = "the disk stored it after the screen had given up on it"


@dataclass
class Account:
    """A ledger, read. Casts are named by their `by`."""

    casts: dict[float, dict[str, Any]] = field(default_factory=dict)
    stored: dict[VoteId, float] = field(default_factory=dict)
    excused: dict[float, Unthanked] = field(default_factory=dict)
    thanked: list[VoteId] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)  # by the server, which confirmed them


class Ledger:
    """Notes may be made from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file = path.open("w", encoding="utf-8")

    def cast(self, by: float, draft: Draft) -> None:
        """The disk was asked to store this."""
        self._note("cast", by, msgspec.to_builtins(draft))

    def stored(self, by: float, vote_id: VoteId) -> None:
        """The disk said so."""
        self._note("stored", vote_id, by)

    def excuse(self, by: float, why: Unthanked) -> None:
        """This one may be stored and not thanked for."""
        self._note("excused", by, why)

    def thanked(self, vote_id: VoteId) -> None:
        """The thank-you was on the screen."""
        self._note("thanked", vote_id)

    def received(self, vote: dict[str, Any]) -> None:
        """The server has it."""
        self._note("received", vote)

    def read(self) -> Account:
        """Return all that was noted."""
        with self._lock:
            self._file.flush()
        account = Account()
        with self._path.open(encoding="utf-8") as lines:
            for line in lines:
                match json.loads(line):
                    case ["cast", by, draft]:
                        account.casts[by] = draft
                    case ["stored", vote_id, by]:
                        account.stored[vote_id] = by
                    case ["excused", by, why]:
                        account.excused[by] = Unthanked(why)
                    case ["thanked", vote_id]:
                        account.thanked.append(vote_id)
                    case ["received", vote]:
                        account.received.append(vote)
        return account

    def close(self) -> None:
        """Nothing more is noted."""
        self._file.close()

    def _note(self, *what: object) -> None:
        line = json.dumps(what, ensure_ascii=False) + "\n"
        with self._lock:
            self._file.write(line)
