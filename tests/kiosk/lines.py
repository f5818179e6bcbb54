"""A kiosk's journal and uplink, and servers to talk to: the real one, and one that says what the test wants."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

from sqlalchemy import text

from kiosk.commands_store import CommandsStore
from kiosk.core.setups import objection
from kiosk.core.tally import Counted, Obstacle
from kiosk.health import Health
from kiosk.languages import LANGUAGES
from kiosk.orders import Orders
from kiosk.outbox import Outbox, Stored
from kiosk.settings import Server
from kiosk.setup_store import SetupStore
from kiosk.uplink import Uplink
from protocol.chain import EMPTY, extend
from protocol.codec import Message, decode, encode
from protocol.messages import Chain, Hello, KioskStatus, Receipt, Setup, VoteBatch
from protocol.tls import trusting
from protocol.topics import Address, Channel, Topic, parse, topic
from sync_server.broker.embedded import EmbeddedBroker
from sync_server.service import Service
from sync_server.settings import Mqtt, Settings
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from tests.fakes.clock import FakeClock
from tests.fakes.drafts import a_draft
from tests.fakes.patience import DEADLINE, Hasty
from tests.fakes.ports import free_port
from tests.fakes.small_office import NOW, SITE, migrated, seed_office

KIOSK = Address(SITE, "quay-1")
ONE_HOUR = timedelta(hours=1)


class Line:
    """A kiosk's outbox and uplink, on a clock that stands still."""

    def __init__(self, path: Path, port: int, password: str = "any", *, authority: Path | None = None) -> None:
        self.outbox = Outbox(path)
        self.clock = FakeClock()
        self.outbox.begin_boot(self.clock.reading())
        self.online: SimpleQueue[tuple[bool, str]] = SimpleQueue()
        self.followed: SimpleQueue[Setup] = SimpleQueue()
        self.asked_for_its_name: SimpleQueue[None] = SimpleQueue()
        self.ended: SimpleQueue[None] = SimpleQueue()
        self.scanner = "up"
        setups = SetupStore(path.with_name("setup.json"), lambda setup: objection(setup, None, LANGUAGES))
        commands = CommandsStore(path.with_name("commands.json"))
        self.health = Health(
            boot=self.outbox.count_boot(),
            state_folder=path.parent,
            scanner=lambda: self.scanner,
            storage=lambda: "ok",
            refused_scans={},
            setups=setups,
            commands=commands,
            thermometer=path.with_name("no thermometer"),
        )
        self.orders = Orders(
            setups=setups,
            commands=commands,
            tally=self.health.tally,
            arrange=self.followed.put,
            identify=lambda: self.asked_for_its_name.put(None),
            end=lambda: self.ended.put(None),
        )
        self.uplink = Uplink(
            journal=self.outbox,
            address=KIOSK,
            server=Server(password=password, port=port, authority=str(authority or "")),
            tls=None if authority is None else trusting(authority),
            health=self.health,
            orders=self.orders,
            online=lambda online, trouble: self.online.put((online, trouble)),
            clock=self.clock,
            chance=Hasty(),
        )
        self.uplink.start()

    def cast(self, votes: int = 1) -> list[str]:
        """Cast votes, each touched just now; return their ids."""
        ids = []
        for _ in range(votes):
            stored = self.outbox.cast(a_draft(), self.clock.reading())
            assert isinstance(stored, Stored)
            self.health.delays.touched(stored.vote_id, self.clock.monotonic())
            ids.append(stored.vote_id)
        self.uplink.wake()
        return ids

    def advance(self, seconds: float) -> None:
        """Let time pass, and the uplink notice."""
        self.clock.advance(seconds)
        self.uplink.wake()

    def kept(self) -> list[tuple[int, str]]:
        """Numbers and ids of all votes that were sent once and are still there."""
        return [(vote.number, vote.vote_id) for vote in self.outbox.votes(1, 100_000)]

    def all_confirmed(self) -> bool:
        return self.outbox.standing().waiting == 0

    def counted(self, what: Counted | Obstacle) -> int:
        return self.health.tally.reported().get(what, 0)

    def comes_online(self) -> bool:
        """Whether the server answers, sooner or later."""
        while True:
            try:
                online, _ = self.online.get(timeout=DEADLINE)
            except Empty:
                return False
            if online:
                return True

    def goes_offline(self) -> str:
        """Wait until there is no connection; why."""
        while True:
            online, trouble = self.online.get(timeout=DEADLINE)
            if not online:
                return trouble

    def close(self) -> None:
        self.uplink.stop()
        self.outbox.close()


class RealServer:
    """Broker, intake, ingest and database; it can be stopped and started, also with another database."""

    def __init__(self, folder: Path) -> None:
        self.certificate: Path | None = None  # and key: the broker then speaks TLS
        self.port = free_port()
        self.path = folder / "server.sqlite"
        database = migrated(folder)
        seed_office(database)
        with database.writing() as connection:
            password = add_kiosk(connection, KIOSK, NOW)
        assert password is not None
        self.password = password
        database.close()

    def start(self) -> None:
        self.database = Database(f"sqlite:///{self.path}")
        certificate = str(self.certificate or "")
        told = Settings(mqtt=Mqtt(port=self.port, certificate=certificate, key=certificate))
        self._service = Service(self.database, told)
        self._service.start()

    def stop(self) -> None:
        self._service.stop()
        self.database.close()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def votes(self) -> list[tuple[object, ...]]:
        return self.rows("SELECT number, vote_id FROM votes ORDER BY number")


class ScriptedServer:
    """A real broker; what it answers is the test's choice."""

    def __init__(self) -> None:
        self.port = free_port()
        self.heard: SimpleQueue[tuple[Channel, bytes]] = SimpleQueue()
        self.broker = EmbeddedBroker("127.0.0.1", self.port, lambda *_: True, self._hear)
        self.broker.start()

    def _hear(self, name: str, payload: bytes) -> None:
        place = parse(name)
        assert isinstance(place, Topic)
        self.heard.put((place.channel, payload))

    def next(self, channel: Channel) -> bytes:
        """Return the next message on a channel; those on others before it are skipped."""
        while True:
            heard, payload = self.heard.get(timeout=DEADLINE)
            if heard == channel:
                return payload

    def hello(self) -> Hello:
        return decode(self.next(Channel.HELLO), Hello)

    def status(self) -> KioskStatus:
        return decode(self.next(Channel.STATUS), KioskStatus)

    def batch(self) -> VoteBatch:
        return decode(self.next(Channel.VOTES), VoteBatch)

    def numbers(self) -> list[int]:
        return [vote.number for vote in self.batch().votes]

    def welcome(self, held: "Held | None" = None, pace: float = 0.0) -> Hello:
        """Answer the next hello truthfully: this is what is held of its stream."""
        hello = self.hello()
        self.confirm(hello.stream, held or Held(), nonce=hello.nonce, pace=pace)
        return hello

    def hang_up(self) -> None:
        """Reset every connection."""
        broker = self.broker._broker
        assert broker is not None

        def reset() -> None:
            for writer in broker._connections.values():
                writer.transport.abort()

        self.broker._loop.call_soon_threadsafe(reset)

    def confirm(
        self,
        stream: str,
        held: "Held",
        *,
        nonce: str | None = None,
        time: datetime = NOW,
        pace: float = 0.0,
    ) -> None:
        self.say(Channel.RECEIPT, Receipt(stream, held.number, held.chain, time, answers=nonce, pace=pace))

    def say(self, channel: Channel, message: Message | bytes) -> None:
        payload = message if isinstance(message, bytes) else encode(message)
        self.broker.publish(topic(KIOSK, channel), payload)

    def stop(self) -> None:
        self.broker.stop()


class Held:
    """What a server holds of a stream: votes with these ids, in this order."""

    def __init__(self, *ids: str) -> None:
        self.number = len(ids)
        self.chain: Chain = extend(EMPTY, ids)


def now() -> datetime:
    return datetime.now(UTC)
