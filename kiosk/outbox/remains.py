"""What can be read of a file page by page, when SQLite can no longer read it as a whole."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from kiosk.core.draft import Draft
from kiosk.core.time_truth import EARLIEST, Anchor, Boot
from kiosk.outbox.missing import missing
from kiosk.outbox.pages import PAGE_BYTES, Row, pages_of_log, rows_of_page
from kiosk.outbox.records import UNKNOWN_STREAM, VoteRow, checksum, settled_row
from kiosk.outbox.renewal import Remains, names_set_aside
from kiosk.outbox.tables import STREAM_COLUMNS
from protocol.messages import ClockSource, Replaced, ReplacedBecause, Vote

_TOKEN = re.compile(r"[0-9a-f]{32}")


class Readable:
    """Rows that were found and whose checksum is right; of several versions of a row the last one taken counts."""

    def __init__(self) -> None:
        self.votes: dict[str, VoteRow] = {}
        self.cases: set[str] = set()
        self._owner: str | None = None
        self._stream: dict[str, object] = {}
        self._replaced_before: dict[str, Replaced] = {}
        self._boots: dict[int, Boot] = {}
        self._anchors: dict[int, dict[int, Anchor]] = {}

    def take_file(self, path: Path) -> None:
        """Look at every page of a file, if there is one."""
        if not path.exists():
            return
        with path.open("rb") as file:
            first = True
            while page := file.read(PAGE_BYTES):
                self._take_page(page, first=first)
                first = False

    def take_log(self, log: bytes, after: int = 0) -> None:
        """Look at every page in a log, after so many; newer than the file's."""
        for page in pages_of_log(log, after):
            self._take_page(page, first=False)

    def take_missing(self, set_aside: Sequence["Readable"]) -> None:
        """Add the votes that waited here and cannot be read, from the files that were set aside when it was begun.

        Where no vote is left to tell their numbers, they are taken for carried from the first on. At worst a vote goes
        on that the server has: it never stores one twice, and no file is kept aside for longer than votes are.
        """
        found: dict[str, VoteRow] = {}
        for older in set_aside:
            votes = older.kept()
            match self._stream.get("replaced"), self._stream.get("carried"):
                case str(stream), int(carried) if stream == older._stream.get("stream"):
                    first = carried - len(votes) + 1  # the last ones, if there was no room for all
                case _:
                    first = 1
            for vote in missing(self.votes, votes, self._number("stored_up_to"), first):
                if vote.vote_id not in found or vote.hour is not None:  # a settled hour is not settled anew
                    found[vote.vote_id] = vote
        self.votes.update(found)

    def waiting(self) -> list[VoteRow]:
        """The votes that the server has not confirmed, by their numbers."""
        stored_up_to = self._number("stored_up_to")
        waiting = [vote for vote in self.votes.values() if vote.confirmed_at is None and vote.number > stored_up_to]
        return sorted(waiting, key=lambda vote: vote.number)

    def kept(self) -> list[VoteRow]:
        """The votes that were not erased, by their numbers, whether the server has confirmed them or not."""
        kept_from = self._number("kept_from")
        return sorted((vote for vote in self.votes.values() if vote.number >= kept_from), key=lambda vote: vote.number)

    @property
    def unreadable(self) -> int:
        """How many numbers are missing between what is confirmed or erased and the newest vote that was found."""
        known = {vote.number for vote in self.votes.values()}
        before = max(self._number("stored_up_to"), self._number("kept_from") - 1)
        if not self._stream:  # then the first that was found may be the first there was
            before = min(known, default=1) - 1
        return sum(number not in known for number in range(before + 1, max(known, default=0)))

    def to_carry(self, path: Path, *, copies: bool) -> Remains:
        """Return what a new file takes over; *copies*: also of the votes that the server has."""
        stream = self._stream.get("stream", UNKNOWN_STREAM)
        drafts = (msgspec.json.decode(vote.draft, type=Draft) for vote in self.votes.values())
        return Remains(
            stream=str(stream),
            votes=self.kept() if copies else self.waiting(),
            cases=self.cases.union(draft.spent for draft in drafts if draft.spent is not None),
            boots=[
                replace(boot, anchors=tuple(self._anchors.get(ordinal, {}).values()))
                for ordinal, boot in sorted(self._boots.items())
            ],
            starts=self._number("boots"),
            floor=datetime.fromisoformat(str(self._stream["floor"])) if "floor" in self._stream else EARLIEST,
            set_aside=[(name, None, False) for name in names_set_aside(path)],
            replaced=self._not_told(),
            owner=self._owner,
            whole=copies and bool(self._stream) and not self.unreadable,
        )

    def _not_told(self) -> list[Replaced]:
        replaced = list(self._replaced_before.values())
        match [self._stream.get(column) for column in ("replaced", "because", "carried")]:
            case [str(stream), str(because), int(carried)]:
                replaced.append(Replaced(stream, ReplacedBecause(because), carried))
        return replaced

    def _number(self, column: str) -> int:
        value = self._stream.get(column, 0)
        return value if isinstance(value, int) else 0

    def _take_page(self, page: bytes, *, first: bool) -> None:
        for row in rows_of_page(page, first=first):
            self._take(row)

    def _take(self, row: Row) -> None:
        if _is_sound(row):
            self._take_sound(row[:-1])
        elif _is_sound(row[1:]):  # of a table whose rows have no number of their own
            self._take_sound(row[1:-1])
        else:
            self._take_unsigned(row)

    def _take_unsigned(self, row: Row) -> None:
        match row:
            case (str(token),) if _TOKEN.fullmatch(token):
                self.cases.add(token)
            case (int(), str(), str(), _, _, _):
                self._take_vote_of_first_release(row)
            case (int(), str(stream), int(stored_up_to), int(boots)) if _TOKEN.fullmatch(stream):
                self._stream = {"stream": stream, "stored_up_to": stored_up_to, "boots": boots}

    def _take_sound(self, values: Row) -> None:
        match values:
            case _ if len(values) == len(VoteRow._fields):
                vote = VoteRow(*values)  # type: ignore[arg-type]  # the checksum says that they are what was written
                self.votes[vote.vote_id] = vote
            case _ if len(values) == len(STREAM_COLUMNS):
                self._stream = dict(zip(STREAM_COLUMNS, values, strict=True))
            case (str(name),):
                self._owner = name
            case (str(stream), str(because), int(carried)):
                self._replaced_before[stream] = Replaced(stream, ReplacedBecause(because), carried)
            case (int(ordinal), str(boot_id), str(floor), int(began_ns), int(seen_ns)):
                self._boots[ordinal] = Boot(ordinal, boot_id, datetime.fromisoformat(floor), began_ns, seen_ns)
            case (int(ordinal), int(boottime_ns), str(time), int(error_us), str(source)):
                error = timedelta(microseconds=error_us)
                anchor = Anchor("", boottime_ns, datetime.fromisoformat(time), error, ClockSource(source))
                self._anchors.setdefault(ordinal, {})[boottime_ns] = anchor

    def _take_vote_of_first_release(self, row: Row) -> None:
        """It had no checksums; what reads as a vote, under the right number and id, is taken for one."""
        number, vote_id, text, *_ = row
        try:
            vote = msgspec.json.decode(str(text), type=Vote)
        except msgspec.MsgspecError:
            return
        if (vote.number, vote.vote_id) == (number, vote_id):
            self.votes[vote.vote_id] = settled_row(vote)


def _is_sound(row: Row) -> bool:
    columns = [value for value in row if value is None or isinstance(value, str | int)]
    return len(columns) == len(row) > 1 and checksum(*columns[:-1]) == columns[-1]
