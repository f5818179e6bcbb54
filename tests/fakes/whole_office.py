"""An office whose votes come in by the real ways, and whose Decisions are made by the real parts."""

import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from protocol.codec import encode
from protocol.messages import StreamId, Vote, VoteBatch
from protocol.topics import Address, Channel, topic
from sync_server.core.book import THE_OFFICE, THE_RULES, Kind, Said
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.decisions.readiness import Lack, lacking
from sync_server.core.decisions.states import Change, Step
from sync_server.core.letterhead import Letterhead, Signer
from sync_server.core.paper import Batch, Line
from sync_server.core.rules import Rules
from sync_server.core.spans import Span
from sync_server.deciding import ARCHIVE, Desk, Paper, amend, close, draft, issue, review
from sync_server.decision_parts import parts_of
from sync_server.ingest import Incoming, Ingest
from sync_server.settings import Settings, Storage
from sync_server.store.database import Database
from sync_server.store.decision_overview import blank, rules_of
from sync_server.store.decisions import Doing, Kept
from sync_server.store.fleet import add_kiosk
from sync_server.store.folding import fold
from sync_server.store.labelling import judge
from sync_server.store.paper import Deed, close_batch, kept_batch, open_batch
from sync_server.store.paper_entry import enter
from sync_server.store.readiness import look
from sync_server.store.records import book, write_records
from tests.fakes.kiosk_says import a_hello, a_status, sent
from tests.fakes.small_office import SITE, seed_office

QUARTER = Span.parse("2026-Q4")
FIRST_HOUR = datetime(2026, 9, 30, 17, tzinfo=UTC)  # midnight in Vietnam
END = datetime(2026, 12, 31, 17, tzinfo=UTC)
AFTER = datetime(2027, 1, 5, 2, tzinfo=UTC)
LETTERHEAD = Letterhead(
    "UBND xã Quảng Điền",
    "Trung tâm Phục vụ hành chính công",
    place="Quảng Điền",
    signer=Signer("Nguyễn Văn Đặng", "Chủ tịch"),
)
AT_ONCE = 100


def stream_of(kiosk: str) -> StreamId:
    return f"{sum(kiosk.encode()):032x}"


class WholeOffice:
    """The small office on a database of its own, with a folder for what it decides."""

    def __init__(self, database: Database, folder: Path, rules: Rules | None = None) -> None:
        self.database, self.folder, self.now = database, folder, AFTER
        self._ingest = Ingest(database, lambda: self.now)
        self._numbers: dict[str, int] = {}
        self._ticks = 0
        seed_office(database)
        self.say((Kind.OFFICE, Record(THE_OFFICE, ALWAYS, LETTERHEAD)))
        if rules is not None:
            self.say((Kind.RULES, Record(THE_RULES, ALWAYS, rules)))

    def say(self, *said: Said) -> None:
        with self.database.writing() as connection:
            write_records(connection, SITE, said, "a test", self.now)

    def kiosk(self, name: str) -> None:
        """Have a kiosk, which says hello."""
        with self.database.writing() as connection:
            add_kiosk(connection, Address(SITE, name), self.now)
        self._numbers[name] = 0
        self._ingest.take([sent(a_hello(stream=stream_of(name)), Address(SITE, name))])

    def cast(self, kiosk: str, votes: Iterable[Vote]) -> None:
        """Have votes arrive from a kiosk under the numbers that are next."""
        first = self._numbers[kiosk] + 1
        numbered = [replace_number(vote, first + place) for place, vote in enumerate(votes)]
        self._numbers[kiosk] += len(numbered)
        self.arrive(kiosk, numbered)

    def arrive(self, kiosk: str, votes: Sequence[Vote]) -> None:
        """Have numbered votes arrive."""
        for first in range(0, len(votes), AT_ONCE):
            batch = VoteBatch(stream_of(kiosk), tuple(votes[first : first + AT_ONCE]))
            self._ingest.take([Incoming(topic(Address(SITE, kiosk), Channel.VOTES), encode(batch))])

    def report(self, kiosk: str, *, highest: int | None = None, waiting: int = 0) -> None:
        """Have a kiosk report how far it is: that everything has been sent, unless told otherwise."""
        known = self._numbers[kiosk] if highest is None else highest
        self._ticks += 1  # of two reports the later one counts
        status = a_status(stream=stream_of(kiosk), highest=known, waiting=waiting, tick=self._ticks)
        self._ingest.take([sent(status, Address(SITE, kiosk))])

    def on_paper(self, batch: Batch, lines: Sequence[Line]) -> None:
        """Enter lines once and close their batch."""
        deed = Deed(self.now, "Chị Hà", "")
        with self.database.writing() as connection:
            assert open_batch(connection, SITE, batch, "", deed)
            kept = kept_batch(connection, SITE, batch.batch, to_change=True)
            enter(connection, kept, lines, deed, again=False)
            close_batch(connection, kept, None, deed)

    def settle(self) -> None:
        """Have rules look at everything, and everything folded."""
        quiet = self.now + timedelta(hours=3)
        for _ in judge(self.database, quiet):
            pass
        for _ in fold(self.database, quiet):
            pass

    @cached_property
    def desk(self) -> Desk:
        settings = Settings(storage=Storage(folder=str(self.folder)))
        return Desk(self.database, self.folder, parts_of(settings))

    def lacks(self, span: Span = QUARTER) -> tuple[Lack, ...]:
        """Return what a time lacks at this moment."""
        with self.database.reading() as connection:
            said = book(connection, SITE)
            begins = blank(said, span)
            looked = look(connection, SITE, str(span), (begins.first, begins.last), rules_of(said, span))
        return lacking(looked, self.now)

    def draft(self, span: Span = QUARTER, because: str = "") -> Kept:
        """Close a time as it is, and draft it."""
        lacks = [lack.words for lack in self.lacks(span)] if because else []
        with self.database.reading() as connection:
            begins = blank(book(connection, SITE), span)
        close(self.database, begins, lacks, because, Doing(Step.CLOSE, "Hà", self.now, because))
        return draft(self.desk, SITE, span, Doing(Step.DRAFT, "Hà", self.now))

    def issue(self, span: Span = QUARTER, paper: Paper | None = None, because: str = "") -> "Issued":
        """Have a time issued."""
        self.draft(span, because)
        review(self.database, SITE, span, Doing(Step.REVIEW, "Trần Thị Lan", self.now))
        kept = issue(self.desk, SITE, span, paper or Paper(), Doing(Step.ISSUE, "Trần Thị Lan", self.now))
        return Issued(kept, self.folder)

    def change(self, change: Change, why: str, paper: Paper | None = None, span: Span = QUARTER) -> "Issued":
        """Have a time issued once more."""
        with self.database.reading() as connection:
            begins = blank(book(connection, SITE), span)
        amend(self.database, begins, change, Doing(Step.AMEND, "Hà", self.now, why))
        return self.issue(span, paper)


class Issued:
    """A version with its files."""

    def __init__(self, kept: Kept, folder: Path) -> None:
        assert kept.folder is not None
        self.kept = kept
        self.archive = folder / kept.folder / ARCHIVE

    @cached_property
    def members(self) -> Mapping[str, bytes]:
        with zipfile.ZipFile(self.archive) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def verified_by_its_own(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the archive's own verifier on it, as a stranger does: a file and Python, nothing of this project."""
        program = folder / "verify.py"
        program.write_bytes(self.members["verify.py"])
        command = [sys.executable, "-I", str(program), str(self.archive), *arguments]
        return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder, check=False)


def replace_number(vote: Vote, number: int) -> Vote:
    return Vote(**{name: getattr(vote, name) for name in vote.__struct_fields__} | {"number": number})


def a_line(number: int, day: date, answers: Mapping[tuple[str, int], int], votes: int, **about: object) -> Line:
    """Return a line of paper: a form, or a tally."""
    empty = Line(number, day, day, None, None, None, None, forms=votes, votes=votes, answers=answers)
    return replace(empty, **about)  # type: ignore[arg-type]
