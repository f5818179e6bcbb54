"""The thread that brings the votes to the server: one connection after the other, for ever.

It looks at what waits, not at what the network says of itself: as long as votes wait and no connection stands, it
tries again.
"""

import contextlib
import logging
import random
import socket
import ssl
import threading
from collections.abc import Callable

from kiosk.clock import Clock
from kiosk.connection import Connection, Heard
from kiosk.controller import StorageBroken
from kiosk.conversation import Conversation, Desk
from kiosk.core.sending import Sender
from kiosk.core.tally import Counted, Lost, Obstacle
from kiosk.health import Health
from kiosk.orders import Orders
from kiosk.outbox import Journal
from kiosk.settings import Server
from protocol.backoff import Backoff
from protocol.topics import Address

log = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0  # from CONNECT to the granted subscriptions
LONGEST_LOOK = 1.0  # paho's keepalive wants to be looked at


class Uplink:
    """Keeps one connection to the broker and the stream moving over it; `start` it once, `stop` ends it.

    *online* is called with whether the server answers and, if it does not, why; from the uplink's thread.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        address: Address,
        server: Server,
        tls: ssl.SSLContext | None,
        health: Health,
        orders: Orders,
        online: Callable[[bool, str], None],
        clock: Clock,
        chance: random.Random,
    ) -> None:
        self._address = address
        self._server = server
        self._tls = tls
        self._online = online
        self._clock = clock
        self._backoff = Backoff(chance)
        self._desk = Desk(journal, Sender(journal.standing().stored_up_to, chance), health, orders, clock)
        self._attempts = 0
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_writer.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="uplink")
        self._trouble = ""

    def start(self) -> None:
        """Begin to connect, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Disconnect and end the thread; what is not confirmed stays in the outbox."""
        self._stopping.set()
        self.wake()
        self._thread.join()
        self._wake_reader.close()
        self._wake_writer.close()

    def wake(self) -> None:
        """Say, from any thread, that there is a new vote."""
        with contextlib.suppress(BlockingIOError):  # full: it is awake enough
            self._wake_writer.send(b"!")

    def report(self) -> None:
        """Say, from any thread, that something changed which a status should tell at once."""
        self._news.set()
        self.wake()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve()
            except Lost as lost:
                self._note(lost.obstacle, str(lost))
            except StorageBroken as error:
                self._note(Obstacle.STORAGE, str(error))
            except Exception as error:
                # The votes are safe in the outbox; a thread that has died would leave them there for ever.
                self._note(Obstacle.INTERNAL, f"internal error: {type(error).__name__}")
            self._desk.sender.disconnected()
            self._online(False, self._trouble)
            self._stopping.wait(self._backoff.pause())

    def _serve(self) -> None:
        """Connect and stay until the connection ends (Lost) or the uplink stops."""
        self._attempts += 1
        connection = Connection(self._address, self._server, self._tls, self._clock.now)
        conversation = Conversation(self._desk, self._attempts, connection.publish, self._answered)
        try:
            connection.open(conversation.will())
            early = self._until_it_listens(connection)
            if not connection.listens:
                return  # it is to stop
            conversation.begin()
            for channel, data in early:
                conversation.hear(channel, data)
            while not self._stopping.is_set():
                look = self._desk.sender.next_look(self._clock.monotonic())
                for channel, data in connection.turn(self._wake_reader, min(look or 0.0, LONGEST_LOOK)):
                    conversation.hear(channel, data)
                if self._news.is_set():
                    self._news.clear()
                    self._desk.sender.report(self._clock.monotonic())
                conversation.speak()
        finally:
            connection.close()

    def _until_it_listens(self, connection: Connection) -> list[Heard]:
        deadline = self._clock.monotonic() + ANSWER_SECONDS
        heard: list[Heard] = []
        while not connection.listens and not self._stopping.is_set():
            heard += connection.turn(self._wake_reader, LONGEST_LOOK)
            if self._clock.monotonic() > deadline:
                raise Lost(Obstacle.SILENCE, "the broker does not answer")
        return heard

    def _note(self, obstacle: Obstacle, trouble: str) -> None:
        # A first failure is a warning, its repeats are not worth a line a minute.
        log.log(logging.DEBUG if trouble == self._trouble else logging.WARNING, "no connection: %s", trouble)
        self._desk.health.tally.add(obstacle)
        self._trouble = trouble

    def _answered(self) -> None:
        if self._trouble:
            log.info("connected again")
        self._trouble = ""
        self._desk.health.tally.add(Counted.CONNECTIONS)
        self._backoff.reset()
        self._online(True, "")
