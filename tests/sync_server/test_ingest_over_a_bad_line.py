"""From one real disk to the other: outbox, sender and ingest, with nothing but a bad line between them."""

import random
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import text

from kiosk.core.sending import Send, Sender, SendHello
from kiosk.outbox import Outbox, Stored
from protocol.codec import decode, encode
from protocol.messages import Hello, Receipt, VoteBatch
from protocol.topics import Address, Channel, topic
from sync_server.ingest import Incoming, Ingest
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from tests.fakes.drafts import a_draft, an_instant
from tests.fakes.small_office import NOW, SITE, migrated, seed_office

KIOSK = Address(SITE, "quay-1")


class BadLine(RuleBasedStateMachine):
    """Messages and receipts are lost, doubled and reordered; both ends are restarted, the server also restored."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.place = Path(self.folder.name)
        self.now = 0.0
        self.cast_votes: dict[str, int] = {}
        self.outbox = Outbox(self.place / "outbox.sqlite")
        self.sender = Sender(0, random.Random(1))
        self.connected = False
        self.up: list[Incoming] = []
        self.down: list[Receipt] = []
        self.database = migrated(self.place)
        seed_office(self.database)
        with self.database.writing() as connection:
            add_kiosk(connection, KIOSK, NOW)
        self.ingest = Ingest(self.database, lambda: NOW)
        self.back_up()

    # --- the kiosk ---

    @rule(levels=st.lists(st.integers(1, 5), min_size=1, max_size=4))
    def cast(self, levels: list[int]) -> None:
        for level in levels:
            stored = self.outbox.cast(a_draft(level), an_instant())
            assert isinstance(stored, Stored)
            self.cast_votes[stored.vote_id] = level

    @precondition(lambda self: not self.connected)
    @rule()
    def connect(self) -> None:
        self.connected = True
        self.sender.connected(self.now)

    @rule()
    def disconnect(self) -> None:
        self.connected = False
        self.down = []
        self.sender.disconnected()

    @rule()
    def restart_kiosk(self) -> None:
        self.disconnect()
        self.outbox.close()
        self.outbox = Outbox(self.place / "outbox.sqlite")
        self.sender = Sender(self.outbox.standing().stored_up_to, random.Random(1))

    @rule(seconds=st.sampled_from([0.0, 1.0, 20.0, 400.0]))
    def send(self, seconds: float) -> None:
        self.now += seconds
        for message in self.sender.due(self.outbox.standing().highest, self.now):
            match message:
                case SendHello():
                    self.up.append(self.hello())
                case Send(first, last):
                    batch = VoteBatch(self.outbox.stream, self.outbox.votes(first, last))
                    self.up.append(Incoming(topic(KIOSK, Channel.VOTES), encode(batch)))

    def hello(self) -> Incoming:
        hello = Hello(self.outbox.stream, self.outbox.standing().highest, boot=1, version="0.1")
        return Incoming(topic(KIOSK, Channel.HELLO), encode(hello))

    @precondition(lambda self: self.connected and self.down)
    @rule(data=st.data(), again=st.booleans())
    def hear_a_receipt(self, data: st.DataObject, again: bool) -> None:
        place = data.draw(st.integers(0, len(self.down) - 1))
        self.believe(self.down[place] if again else self.down.pop(place))

    def believe(self, receipt: Receipt) -> None:
        self.sender.received(receipt.stored_up_to, self.outbox.standing().highest, self.now)
        self.outbox.confirm(receipt.stored_up_to)

    # --- the line ---

    @precondition(lambda self: self.up)
    @rule(data=st.data())
    def lose_a_message(self, data: st.DataObject) -> None:
        self.up.pop(data.draw(st.integers(0, len(self.up) - 1)))

    @precondition(lambda self: self.down)
    @rule(data=st.data())
    def lose_a_receipt(self, data: st.DataObject) -> None:
        self.down.pop(data.draw(st.integers(0, len(self.down) - 1)))

    @rule(data=st.binary(max_size=20))
    def noise(self, data: bytes) -> None:
        self.up.append(Incoming(topic(KIOSK, Channel.VOTES), data))

    # --- the server ---

    @precondition(lambda self: self.up)
    @rule(data=st.data(), again=st.booleans())
    def take_some_messages(self, data: st.DataObject, again: bool) -> None:
        order = data.draw(st.permutations(self.up))
        together = order[: data.draw(st.integers(1, 4))]
        if not again:
            self.up = order[len(together) :]
        self.take(together)

    def take(self, messages: list[Incoming]) -> None:
        self.down += [decode(answer.payload, Receipt) for answer in self.ingest.take(messages)]

    @rule()
    def restart_server(self) -> None:
        self.disconnect()
        self.up = []
        self.database.close()
        self.open_database()

    @rule()
    def back_up(self) -> None:
        self.database.close()  # the last one to close leaves everything in the one file
        shutil.copy(self.place / "server.sqlite", self.place / "backup.sqlite")
        self.open_database()

    @rule()
    def restore(self) -> None:
        self.restart_server()
        self.database.close()
        shutil.copy(self.place / "backup.sqlite", self.place / "server.sqlite")
        self.open_database()

    def open_database(self) -> None:
        self.database = Database(f"sqlite:///{self.place / 'server.sqlite'}")
        self.ingest = Ingest(self.database, lambda: NOW)

    def teardown(self) -> None:
        """On a line that works every vote is stored once, as it was cast, and the kiosk knows."""
        if not self.connected:
            self.connect()
        self.up, self.down = [self.hello()], []
        for _ in range(40):
            self.send(0.0)
            self.take(self.up)
            self.up = []
            while self.down:
                self.believe(self.down.pop(0))
            self.now += self.sender.next_look(self.now) or 0.0
        with self.database.reading() as connection:
            query = "SELECT vote_id, number, level FROM votes LEFT JOIN answers USING (vote_id)"
            stored = [tuple(row) for row in connection.execute(text(query))]
        assert max(Counter(vote_id for vote_id, _, _ in stored).values(), default=1) == 1
        assert {vote_id: level for vote_id, _, level in stored} == self.cast_votes
        assert sorted(number for _, number, _ in stored) == list(range(1, len(self.cast_votes) + 1))
        assert self.outbox.standing().waiting == 0
        self.outbox.close()
        self.database.close()
        self.folder.cleanup()


TestBadLine = BadLine.TestCase
TestBadLine.settings = settings(max_examples=12, stateful_step_count=30)
