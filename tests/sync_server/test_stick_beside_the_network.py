"""From the real outbox to the real ingest, by sticks and by the network, in any order, with backups and old sticks.

Nothing is lost that the kiosk or any stick still has, and nothing is stored twice.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import text

from kiosk.core.time_truth import Reading
from kiosk.outbox import Outbox, Proof, Stored
from kiosk.stick import Keys, Stick
from protocol.codec import decode, encode
from protocol.messages import Hello, Receipt, VoteBatch
from protocol.sealing import sealing_key, verify_key
from protocol.stick import VOTES_SUFFIX
from protocol.topics import Address, Channel, topic
from sync_server.ingest import Incoming, Ingest
from sync_server.stick import StickImport, Taken
from sync_server.store.database import Database
from sync_server.store.export_keys import give_export_key
from sync_server.store.fleet import add_kiosk
from tests.fakes.databases import KINDS, new_database, write_sqlite_file
from tests.fakes.drafts import a_draft, a_reading
from tests.fakes.memory import MEMORY
from tests.fakes.small_office import NOW, SITE, seed_office
from tests.fakes.sticks import SERVER

KIOSK = Address(SITE, "quay-1")
SIGNING = b"k" * 32
KEYS = Keys(SIGNING, sealing_key(SERVER.votes), verify_key(SERVER.receipts))


class Both:
    """A kiosk and a server, a drawer full of old sticks, and one clock for all."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.hours = 0
        self.cast_ids: list[str] = []
        self.sticks: list[Path] = []
        self.state = folder / "state"
        self.outbox = Outbox(self.state / "outbox.sqlite")
        seed_office(database)
        with database.writing() as connection:
            add_kiosk(connection, KIOSK, NOW)
            give_export_key(connection, KIOSK, verify_key(SIGNING), NOW)

    def now(self) -> datetime:
        return NOW + timedelta(hours=self.hours)

    def reading(self) -> Reading:
        return a_reading(self.now(), boottime_ns=42_000_000_000 + self.hours * 3_600_000_000_000)

    def cast(self, number: int) -> None:
        for place in range(number):
            stored = self.outbox.cast(a_draft(place % 5 + 1), self.reading())
            assert isinstance(stored, Stored)
            self.cast_ids.append(stored.vote_id)

    def hello(self) -> Hello:
        standing = self.outbox.standing()
        return Hello(
            stream=self.outbox.stream,
            highest=standing.highest,
            kept_from=standing.kept_from,
            chain_before=standing.chain_before,
            boot=1,
            nonce="0" * 16,
            version="0.1",
        )

    def reopen(self) -> None:
        self.outbox.close()
        self.outbox = Outbox(self.state / "outbox.sqlite")

    # --- by stick ---

    def new_stick(self) -> Path:
        self.sticks.append(self.folder / f"stick-{len(self.sticks)}")
        self.sticks[-1].mkdir()
        return self.sticks[-1]

    def visit(self, folder: Path) -> Stick:
        return Stick(folder, outbox=self.outbox, state=self.state, address=KIOSK, keys=KEYS, alone=True)

    def export(self, folder: Path) -> None:
        # A copy of what lies there stays in the drawer: what the kiosk tidies away may come back.
        for _ in self.visit(folder).export(self.reading(), self.hello()):
            pass

    def take_receipts(self, folder: Path) -> None:
        for _ in self.visit(folder).take_receipts():
            pass

    def import_(self, folder: Path, files: list[Path] | None = None) -> list[Taken]:
        importing = StickImport(self.database, self.now, SERVER)
        outcomes = list(importing.take(files or sorted(folder.glob(f"*{VOTES_SUFFIX}"))))
        for receipt in importing.receipts():
            (folder / receipt.name).write_bytes(receipt.data)
        assert all(isinstance(outcome, Taken) for outcome in outcomes)
        return [outcome for outcome in outcomes if isinstance(outcome, Taken)]

    # --- by the network ---

    def exchange(self) -> None:
        """One connection: hello, then whatever the server lacks and the kiosk keeps."""
        receipt = self.say(Channel.HELLO, encode(self.hello()))
        assert self.outbox.proof(receipt.stored_up_to, receipt.chain) is not Proof.OTHER_VOTES
        self.outbox.confirm(receipt.stored_up_to, receipt.time)
        highest = self.outbox.standing().highest
        if receipt.stored_up_to < highest:
            last = min(receipt.stored_up_to + 10, highest)
            self.outbox.settle(receipt.stored_up_to + 1, last, self.reading())
            votes = self.outbox.votes(receipt.stored_up_to + 1, last)
            receipt = self.say(Channel.VOTES, encode(VoteBatch(self.outbox.stream, votes)))
            self.outbox.confirm(receipt.stored_up_to, receipt.time)

    def say(self, channel: Channel, payload: bytes) -> Receipt:
        answers = Ingest(self.database, self.now).take([Incoming(topic(KIOSK, channel), payload)])
        (receipt,) = [decode(answer.payload, Receipt) for answer in answers if answer.topic.endswith("/receipt")]
        return receipt

    # --- what must hold ---

    def stored(self) -> list[str]:
        with self.database.reading() as connection:
            return list(connection.execute(text("SELECT vote_id FROM votes")).scalars())

    def check(self) -> None:
        stored = self.stored()
        assert len(stored) == len(set(stored)), "a vote is stored twice"
        assert set(stored) <= set(self.cast_ids)

    def everything_arrives(self) -> None:
        """Whatever the drawer and the kiosk have, by stick alone."""
        self.check()
        stick = self.new_stick()
        drawer = [file for folder in self.sticks for file in sorted(folder.glob(f"*{VOTES_SUFFIX}"))]
        for _ in range(3):
            self.hours += 1
            self.export(stick)
            drawer += sorted(stick.glob(f"*{VOTES_SUFFIX}"))
            if files := [file for file in drawer if file.exists()]:
                self.import_(stick, files)
            self.hours += 1
            self.take_receipts(stick)
        self.check()
        assert set(self.stored()) == set(self.cast_ids), "a vote is lost"
        assert self.outbox.standing().waiting == 0


class Years(RuleBasedStateMachine):
    """SQLite, with backups."""

    def __init__(self) -> None:
        super().__init__()
        self.temporary = tempfile.TemporaryDirectory(dir=MEMORY)
        self.place = Path(self.temporary.name)
        self.file = self.place / "server.sqlite"
        write_sqlite_file(self.file)
        self.both = Both(self.place, Database(f"sqlite:///{self.file}"))
        self.back_up()

    @rule(number=st.integers(1, 12))
    def cast(self, number: int) -> None:
        self.both.cast(number)

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        self.both.hours += hours

    @rule()
    def export_onto_a_new_stick(self) -> None:
        self.both.export(self.both.new_stick())

    @precondition(lambda self: self.both.sticks)
    @rule(data=st.data())
    def export_onto_an_old_stick(self, data: st.DataObject) -> None:
        self.both.export(data.draw(st.sampled_from(self.both.sticks)))

    @precondition(lambda self: self.both.sticks)
    @rule(data=st.data())
    def import_a_stick(self, data: st.DataObject) -> None:
        self.both.import_(data.draw(st.sampled_from(self.both.sticks)))

    @precondition(lambda self: self.both.sticks)
    @rule(data=st.data())
    def take_receipts(self, data: st.DataObject) -> None:
        self.both.take_receipts(data.draw(st.sampled_from(self.both.sticks)))

    @rule()
    def connect(self) -> None:
        self.both.exchange()

    @rule()
    def restart_the_kiosk(self) -> None:
        self.both.reopen()

    @rule()
    def back_up(self) -> None:
        self.both.database.close()
        shutil.copy(self.file, self.place / "backup.sqlite")

    @rule()
    def restore(self) -> None:
        self.both.hours += 1
        self.both.database.close()
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copy(self.place / "backup.sqlite", self.file)

    def teardown(self) -> None:
        try:
            self.both.everything_arrives()
        finally:
            self.both.outbox.close()
            self.both.database.close()
            self.temporary.cleanup()


TestYears = pytest.mark.filterwarnings("ignore::ResourceWarning")(Years.TestCase)
TestYears.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)


@pytest.fixture(params=KINDS)
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Both]:
    with new_database(request.param, tmp_path) as url, closing(Database(url)) as database:
        both = Both(tmp_path, database)
        yield both
        both.outbox.close()


def test_a_quarter_of_an_office_that_is_seldom_online(both: Both) -> None:
    stick = both.new_stick()
    for week in range(12):
        both.hours += 24 * 7
        both.cast(9)
        if week % 5 == 3:
            both.exchange()
        both.take_receipts(stick)
        both.export(stick)
        both.hours += 2
        if list(stick.glob(f"*{VOTES_SUFFIX}")):
            both.import_(stick)
    both.everything_arrives()
    assert len(both.stored()) == 108
