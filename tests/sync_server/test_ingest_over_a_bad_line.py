"""From one real disk to the other: outbox, conversation and ingest, with nothing but a bad line between them."""

import random
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import text

from kiosk.commands_store import CommandsStore
from kiosk.conversation import RENEWAL_SECONDS, Conversation, Desk
from kiosk.core.sending import Sender
from kiosk.core.tally import Lost
from kiosk.health import Health
from kiosk.orders import Orders
from kiosk.outbox import Outbox, Stored
from kiosk.setup_store import SetupStore
from protocol.codec import Message, encode
from protocol.messages import whole_hour
from protocol.topics import Address, Channel, Topic, parse, topic
from sync_server.ingest import Incoming, Ingest, Outgoing
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from tests.fakes.clock import FakeClock
from tests.fakes.drafts import a_draft
from tests.fakes.small_office import NOW, SITE, migrated, seed_office

KIOSK = Address(SITE, "quay-1")
YEARS = timedelta(days=3650)


class BadLine(RuleBasedStateMachine):
    """Messages are lost, doubled and reordered both ways; both ends are restarted, and either is set back to a copy.

    What a copy does not know is lost with the disk that did, unless the other end has it: nobody can do better.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.place = Path(self.folder.name)
        self.clock = FakeClock()
        self.clock.set_wall(self.clock.true)  # nobody vouches for it
        self.levels: dict[str, int] = {}  # of every vote that was ever thanked for
        self.hours: dict[str, datetime] = {}  # in which it was truly cast
        self.expected: set[str] = set()  # must be on the server in the end
        self.up: list[Incoming] = []
        self.down: list[Outgoing] = []
        self.pace = 0.0
        self.conversation: Conversation | None = None
        self.connections = 0
        self.switch_on()
        database = migrated(self.place)
        seed_office(database)
        with database.writing() as connection:
            add_kiosk(connection, KIOSK, NOW)
        database.close()
        self.open_database()
        self.copy_the_card()
        self.back_up()

    # --- the kiosk ---

    def switch_on(self) -> None:
        self.outbox = Outbox(self.card / "outbox.sqlite")
        self.outbox.begin_boot(self.clock.reading())
        setups = SetupStore(self.card / "setup.json", lambda _: "")
        commands = CommandsStore(self.card / "commands.json")
        health = Health(
            boot=self.outbox.count_boot(),
            state_folder=self.card,
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

    @property
    def card(self) -> Path:
        return self.place / "card"

    @rule(levels=st.lists(st.integers(1, 5), min_size=1, max_size=4))
    def cast(self, levels: list[int]) -> None:
        for level in levels:
            stored = self.outbox.cast(a_draft(level), self.clock.reading())
            assert isinstance(stored, Stored)
            self.levels[stored.vote_id] = level
            self.hours[stored.vote_id] = whole_hour(self.clock.true)
            self.expected.add(stored.vote_id)

    @precondition(lambda self: self.conversation is None)
    @rule()
    def connect(self) -> None:
        self.connections += 1
        self.conversation = Conversation(self.desk, self.connections, self.say, lambda: None)
        self.attempt(self.conversation.begin)

    @rule()
    def disconnect(self) -> None:
        self.conversation = None
        self.down = []
        self.desk.sender.disconnected()

    @rule(reboot=st.booleans(), off=st.sampled_from([0, 3, 40]), wrong=st.sampled_from([-YEARS, timedelta(0), YEARS]))
    def restart_kiosk(self, reboot: bool, off: int, wrong: timedelta) -> None:
        self.disconnect()
        self.outbox.close()
        if reboot:
            self.clock.reboot(off=timedelta(hours=off), wall=self.clock.true + wrong)
        self.switch_on()

    @rule(seconds=st.sampled_from([0.0, 1.0, 20.0, 70.0, 400.0, 3700.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        if self.conversation is not None:
            self.attempt(self.conversation.speak)

    def say(self, channel: Channel, message: Message) -> None:
        self.up.append(Incoming(topic(KIOSK, channel), encode(message)))

    def attempt(self, speak: "object") -> None:
        try:
            speak()  # type: ignore[operator]
        except Lost:
            self.disconnect()

    @precondition(lambda self: self.conversation is not None and self.down)
    @rule(data=st.data(), again=st.booleans())
    def the_kiosk_hears(self, data: st.DataObject, again: bool) -> None:
        place = data.draw(st.integers(0, len(self.down) - 1))
        self.hear(self.down[place] if again else self.down.pop(place))

    def hear(self, message: Outgoing) -> None:
        place, conversation = parse(message.topic), self.conversation
        assert isinstance(place, Topic)
        if conversation is not None:
            self.attempt(lambda: conversation.hear(place.channel, message.payload))

    @rule()
    def copy_the_card(self) -> None:
        self.outbox.close()
        shutil.rmtree(self.place / "copied card", ignore_errors=True)
        shutil.copytree(self.card, self.place / "copied card")
        self.disconnect()
        self.switch_on()

    @rule()
    def put_the_copied_card_in(self) -> None:
        self.disconnect()
        self.outbox.close()
        shutil.rmtree(self.card)
        shutil.copytree(self.place / "copied card", self.card)
        self.switch_on()
        self.expected = self.stored() | self.on_the_card()

    @rule(before=st.integers(1, 3), after=st.integers(1, 5))
    def a_card_is_copied_and_set_back_after_a_good_day(self, before: int, after: int) -> None:
        self.copy_the_card()
        self.cast([1] * before)
        self.a_good_moment(3)
        self.put_the_copied_card_in()
        self.cast([5] * after)

    # --- the line ---

    @rule(turns=st.integers(1, 4))
    def a_good_moment(self, turns: int) -> None:
        """For once everything arrives, in its order."""
        if self.conversation is None:
            self.connect()
        for _ in range(turns):
            self.take(self.up)
            self.up = []
            while self.down and self.conversation is not None:
                self.hear(self.down.pop(0))
            self.time_passes(1.0)

    @precondition(lambda self: self.up)
    @rule(data=st.data())
    def lose_a_message(self, data: st.DataObject) -> None:
        self.up.pop(data.draw(st.integers(0, len(self.up) - 1)))

    @precondition(lambda self: self.down)
    @rule(data=st.data())
    def lose_an_answer(self, data: st.DataObject) -> None:
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
        self.down += self.ingest.take(messages, self.pace)

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
        self.expected = self.stored() | self.on_the_card()

    def open_database(self) -> None:
        self.database = Database(f"sqlite:///{self.place / 'server.sqlite'}")
        self.ingest = Ingest(self.database, lambda: self.clock.true)

    # --- both ---

    def stored(self) -> set[str]:
        with self.database.reading() as connection:
            return set(connection.execute(text("SELECT vote_id FROM votes")).scalars())

    def on_the_card(self) -> set[str]:
        with self.outbox._reading() as reader:
            return {row[0] for row in reader.execute("SELECT vote_id FROM votes").fetchall()}

    def teardown(self) -> None:
        """On a line that works every vote is stored once, as and when it was cast, and the kiosk knows."""
        self.disconnect()
        self.up = []
        self.clock.advance(RENEWAL_SECONDS)
        for _ in range(200):
            self.a_good_moment(1)
            if self.expected <= self.stored() and not self.outbox.standing().waiting:
                break
            self.time_passes(self.desk.sender.next_look(self.clock.monotonic()) or 0.0)
        self.check()
        self.outbox.close()
        self.database.close()
        self.folder.cleanup()

    def check(self) -> None:
        with self.database.reading() as connection:
            query = "SELECT vote_id, level, hour, until_hour FROM votes LEFT JOIN answers USING (vote_id)"
            rows = connection.execute(text(query)).all()
        ids = [row.vote_id for row in rows]
        assert len(ids) == len(set(ids)), "a vote is stored twice"
        assert self.expected <= set(ids), "a vote is lost"
        for vote_id, level, hour, until_hour in rows:
            assert level == self.levels[vote_id]
            assert moment(hour) <= self.hours[vote_id] <= moment(until_hour or hour), "a vote is wrongly dated"
        assert self.outbox.standing().waiting == 0


def moment(stored: str) -> datetime:
    found = datetime.fromisoformat(stored)
    return found.replace(tzinfo=FakeClock().true.tzinfo)


TestBadLine = BadLine.TestCase
TestBadLine.settings = settings(max_examples=15, stateful_step_count=40, deadline=None)
