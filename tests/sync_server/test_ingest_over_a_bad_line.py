"""From one real disk to the other: outbox, conversation and ingest, with nothing but a bad line between them.

The line loses, repeats and reorders. Both ends are restarted; the server is restored from a backup or loses everything,
the kiosk wakes up with any clock, erases what is old, or is given back an old copy of its card.
"""

import random
import shutil
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select

from kiosk.commands_store import CommandsStore
from kiosk.conversation import Conversation, Desk
from kiosk.core.sending import Sender
from kiosk.core.tally import Lost
from kiosk.health import Health
from kiosk.orders import Orders
from kiosk.outbox import Outbox, Stored
from kiosk.setup_store import SetupStore
from protocol.chain import EMPTY, link
from protocol.codec import Message, encode
from protocol.messages import whole_hour
from protocol.topics import Address, Channel, Topic, parse, topic
from sync_server.ingest import Incoming, Ingest
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from sync_server.store.schema import answers, quarantine, stream_gaps, streams, votes
from tests.fakes.clock import FakeClock
from tests.fakes.drafts import a_draft
from tests.fakes.memory import MEMORY
from tests.fakes.small_office import NOW, SITE, migrated, seed_office

KIOSK = Address(SITE, "quay-1")
TEN_YEARS = 3650


class BadLine(RuleBasedStateMachine):
    """A kiosk, a server, and everything that an office does to both."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.place = Path(self.folder.name)
        self.clock = FakeClock()
        self.promised: dict[str, tuple[int, datetime]] = {}  # what citizens were thanked for: level and true hour
        self.up: list[Incoming] = []
        self.down: list[tuple[Channel, bytes]] = []
        self.connections = 0
        self.pace = 0.0
        self.talk: Conversation | None = None
        database = migrated(self.place)
        seed_office(database)
        with database.writing() as connection:
            add_kiosk(connection, KIOSK, NOW)
        database.close()
        self.open_database()
        self.back_up()
        self.start_kiosk()
        self.copy_the_card()

    # --- the kiosk ---

    def start_kiosk(self) -> None:
        self.outbox = Outbox(self.place / "card" / "outbox.sqlite")
        self.outbox.begin_boot(self.clock.reading())
        setups = SetupStore(self.place / "card" / "setup.json", lambda _: "")
        commands = CommandsStore(self.place / "card" / "commands.json")
        health = Health(
            boot=self.outbox.count_boot(),
            state_folder=self.place / "card",
            scanner=lambda: "up",
            storage=lambda: "ok",
            refused_scans={},
            setups=setups,
            commands=commands,
        )
        orders = Orders(
            setups=setups,
            commands=commands,
            tally=health.tally,
            arrange=lambda _: None,
            identify=lambda: None,
            end=lambda: None,
        )
        sender = Sender(self.outbox.standing().stored_up_to, random.Random(1))
        self.desk = Desk(self.outbox, sender, health, orders, self.clock)

    @rule(levels=st.lists(st.integers(1, 5), min_size=1, max_size=4))
    def cast(self, levels: list[int]) -> None:
        for level in levels:
            stored = self.outbox.cast(a_draft(level), self.clock.reading())
            assert isinstance(stored, Stored)
            self.promised[stored.vote_id] = (level, whole_hour(self.clock.true))

    @precondition(lambda self: self.talk is None)
    @rule()
    def connect(self) -> None:
        self.connections += 1
        self.talk = Conversation(self.desk, self.connections, self.say, lambda: None)
        self.talk.begin()

    def say(self, channel: Channel, message: Message) -> None:
        self.up.append(Incoming(topic(KIOSK, channel), encode(message)))

    @rule()
    def disconnect(self) -> None:
        self.talk = None
        self.down = []
        self.desk.sender.disconnected()

    @rule(seconds=st.sampled_from([0.0, 1.0, 20.0, 400.0, 5000.0]))
    def let_time_pass(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.speak()

    def speak(self) -> None:
        try:
            if self.talk is not None:
                self.talk.speak()
        except Lost:
            self.disconnect()

    @precondition(lambda self: self.talk and self.down)
    @rule(data=st.data(), again=st.booleans())
    def hear(self, data: st.DataObject, again: bool) -> None:
        place = data.draw(st.integers(0, len(self.down) - 1))
        self.hear_one(*(self.down[place] if again else self.down.pop(place)))
        self.speak()

    def hear_one(self, channel: Channel, payload: bytes) -> None:
        assert self.talk is not None
        try:
            self.talk.hear(channel, payload)
        except Lost:
            self.disconnect()

    def stop_kiosk(self) -> None:
        self.disconnect()
        self.outbox.close()

    @rule()
    def restart_kiosk(self) -> None:
        self.stop_kiosk()
        self.start_kiosk()

    @rule(off=st.integers(0, 100), jump=st.none() | st.integers(-TEN_YEARS, TEN_YEARS), knows=st.booleans())
    def reboot(self, off: int, jump: int | None, knows: bool) -> None:
        self.stop_kiosk()
        wall = None if jump is None else self.clock.true + timedelta(days=jump)
        self.clock.reboot(timedelta(hours=off), wall)
        if knows:
            self.clock.synchronise()
        self.start_kiosk()

    @rule(jump=st.integers(-TEN_YEARS, TEN_YEARS))
    def set_the_wall_clock(self, jump: int) -> None:
        self.clock.set_wall(self.clock.true + timedelta(days=jump))

    @rule(days=st.integers(20, 60))
    def grow_old(self, days: int) -> None:
        self.clock.advance(days * 86_400)
        self.outbox.forget(self.outbox.proven_time(self.clock.reading()))
        self.forget_what_is_nowhere()
        self.speak()

    @rule()
    def copy_the_card(self) -> None:
        self.stop_kiosk()
        shutil.rmtree(self.place / "copy", ignore_errors=True)
        shutil.copytree(self.place / "card", self.place / "copy")
        self.start_kiosk()

    @rule()
    def set_the_card_back(self) -> None:
        self.stop_kiosk()
        self.up = []  # what was under way from the old card would arrive before anything of the new one
        shutil.rmtree(self.place / "card")
        shutil.copytree(self.place / "copy", self.place / "card")
        self.start_kiosk()
        self.forget_what_is_nowhere()

    @rule(before=st.integers(1, 3), after=st.integers(1, 5))
    def set_the_card_back_after_a_good_day(self, before: int, after: int) -> None:
        self.copy_the_card()
        self.cast([1] * before)
        self.let_everything_arrive()
        self.set_the_card_back()
        self.cast([5] * after)

    def let_everything_arrive(self) -> None:
        if self.talk is None:
            self.connect()
        for _ in range(3):
            self.take(self.up)
            self.up = []
            while self.talk is not None and self.down:
                self.hear_one(*self.down.pop(0))
            self.speak()

    # --- the line ---

    @precondition(lambda self: self.up)
    @rule(data=st.data())
    def lose_a_message(self, data: st.DataObject) -> None:
        self.up.pop(data.draw(st.integers(0, len(self.up) - 1)))

    @precondition(lambda self: self.down)
    @rule(data=st.data())
    def lose_an_answer(self, data: st.DataObject) -> None:
        self.down.pop(data.draw(st.integers(0, len(self.down) - 1)))

    @rule(data=st.binary(max_size=20), channel=st.sampled_from([Channel.VOTES, Channel.HELLO, Channel.STATUS]))
    def noise(self, data: bytes, channel: Channel) -> None:
        self.up.append(Incoming(topic(KIOSK, channel), data))

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
        for answer in self.ingest.take(messages, self.pace):
            place = parse(answer.topic)
            assert isinstance(place, Topic)
            self.down.append((place.channel, answer.payload))

    @rule(pace=st.sampled_from([0.0, 30.0]))
    def set_the_pace(self, pace: float) -> None:
        self.pace = pace

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
        self.forget_what_is_nowhere()

    def open_database(self) -> None:
        self.database = Database(f"sqlite:///{self.place / 'server.sqlite'}")
        self.ingest = Ingest(self.database, lambda: self.clock.true)

    # --- what must be true ---

    def forget_what_is_nowhere(self) -> None:
        """A vote whose last copy was destroyed by hand cannot come back; any other must."""
        somewhere = {vote_id for vote_id, *_ in self.stored()} | self.on_the_card()
        self.promised = {vote_id: told for vote_id, told in self.promised.items() if vote_id in somewhere}

    def on_the_card(self) -> set[str]:
        with self.outbox._reading() as reader:
            return {row[0] for row in reader.execute("SELECT vote_id FROM votes").fetchall()}

    def stored(self) -> list[tuple[str, int, datetime, datetime]]:
        with self.database.reading() as connection:
            rows = connection.execute(
                select(votes.c.vote_id, answers.c.level, votes.c.hour, votes.c.until_hour).join_from(
                    votes, answers, isouter=True
                )
            )
            return [(row.vote_id, row.level, row.hour, row.until_hour) for row in rows]

    def teardown(self) -> None:
        """On a line that works every vote is stored once, as it was cast and rightly dated, and the kiosk knows."""
        self.disconnect()
        self.up, self.pace = [], 0.0
        for _ in range(60):
            if self.talk is None:
                self.clock.advance(3601)  # a kiosk begins a new stream once an hour at most
                self.connect()
            self.take(self.up)
            self.up = []
            while self.talk is not None and self.down:
                self.hear_one(*self.down.pop(0))
            self.speak()
            if not self.up:
                self.clock.advance(self.desk.sender.next_look(self.clock.monotonic()) or 0.0)
        self.compare()
        self.outbox.close()
        self.database.close()
        self.folder.cleanup()

    def compare(self) -> None:
        stored = self.stored()
        assert max(Counter(vote_id for vote_id, *_ in stored).values(), default=1) == 1
        by_id = {vote_id: (level, hour, until) for vote_id, level, hour, until in stored}
        assert self.promised.keys() <= by_id.keys()
        for vote_id, (level, true_hour) in self.promised.items():
            stored_level, hour, until = by_id[vote_id]
            assert stored_level == level
            assert hour <= true_hour <= until
        assert self.outbox.standing().waiting == 0
        self.check_the_ledger()

    def check_the_ledger(self) -> None:
        with self.database.reading() as connection:
            ids = {(row.stream, row.number): row.vote_id for row in connection.execute(select(votes))}
            apart = {(row.stream, row.number) for row in connection.execute(select(quarantine))}
            lost = {
                (gap.stream, number)
                for gap in connection.execute(select(stream_gaps))
                for number in range(gap.first, gap.last + 1)
            }
            for stream in connection.execute(select(streams)):
                whole = [(stream.stream, number) for number in range(1, stream.stored_up_to + 1)]
                assert all((place in ids) + (place in apart) + (place in lost) == 1 for place in whole)
                if all(place in ids for place in whole):
                    chain = EMPTY
                    for place in whole:
                        chain = link(chain, ids[place])
                    assert chain == stream.chain


TestBadLine = BadLine.TestCase
TestBadLine.settings = settings(max_examples=15, stateful_step_count=40)
