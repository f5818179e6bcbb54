"""The part of the server that takes votes in: broker, intake and ingest, each handed to the other."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from protocol.topics import Topic, parse
from sync_server.broker.contract import Broker, BrokerTrouble, Receive
from sync_server.broker.embedded import Certificate, EmbeddedBroker
from sync_server.broker.outside import Account, OutsideBroker
from sync_server.core.flood import FloodWatch
from sync_server.core.topic_filters import of_all_kiosks
from sync_server.folder import Folder
from sync_server.gate import Gate
from sync_server.ingest import Incoming, Ingest, Outgoing
from sync_server.intake import Intake
from sync_server.secret_files import read_secret
from sync_server.settings import Mqtt, Settings
from sync_server.store.changes import Subject
from sync_server.store.database import Database
from sync_server.watching import Watch

log = logging.getLogger(__name__)


class Service:
    """Takes in what the kiosks send, over the embedded broker or an outside one, as the settings say.

    Of an outside broker, only what comes on *filters*; it is signed in to under the name of this *worker*.
    """

    def __init__(self, database: Database, settings: Settings, *, filters: Sequence[str] = (), worker: int = 1) -> None:
        self._intake = Intake(Ingest(database, lambda: datetime.now(UTC)), self._publish)
        self._broker: Broker
        self._folder = Folder(database, lambda: datetime.now(UTC))
        self._watch: Watch | None = None
        self._running = ExitStack()
        self._floods = FloodWatch()
        if settings.mqtt.embedded:
            gate = Gate(database)
            embedded = _embedded(settings.mqtt, gate, self._receive)
            self._broker = embedded
            # A kiosk that is revoked or has a new password is hung up on, as Mosquitto does when it is told.
            self._watch = Watch(database, Subject.RIGHTS, lambda: embedded.review(gate.lets_stay))
        else:
            account = _account(settings.mqtt, worker)
            self._broker = OutsideBroker(account, filters or of_all_kiosks(), self._receive)

    def start(self) -> None:
        """Begin; BrokerTrouble when the broker cannot be used."""
        with ExitStack() as started:
            self._broker.start()
            started.callback(self._broker.stop)
            self._intake.start()
            started.callback(self._intake.stop)
            self._folder.start()
            started.callback(self._folder.stop)
            if self._watch is not None:
                self._watch.start()
                started.callback(self._watch.stop)
            self._running = started.pop_all()

    def stop(self) -> None:
        """Finish the transaction at hand and end everything."""
        self._running.close()

    def _publish(self, message: Outgoing) -> None:
        self._broker.publish(message.topic, message.payload, message.qos)

    def _receive(self, topic: str, payload: bytes) -> None:
        if self._floods.count(topic.rpartition("/")[0], monotonic()):
            place = parse(topic)
            who = f"{place.address.site} {place.address.kiosk}" if isinstance(place, Topic) else "somebody"
            log.warning("%s sends far more than a kiosk needs to; 'kiosk revoke' ends that", who)
        self._intake.offer(Incoming(topic, payload))


def _embedded(mqtt: Mqtt, gate: Gate, receive: Receive) -> EmbeddedBroker:
    certificate = Certificate(Path(mqtt.certificate), Path(mqtt.key)) if mqtt.certificate else None
    return EmbeddedBroker(mqtt.host, mqtt.port, gate.lets_in, receive, certificate, mqtt.messages_a_second)


def _account(mqtt: Mqtt, worker: int) -> Account:
    file = Path(mqtt.password_file)
    try:
        password = read_secret(file)
    except OSError as error:
        raise BrokerTrouble(f"{file}: cannot be read: {error.strerror}; 'broker write' makes it") from None
    authority = Path(mqtt.authority) if mqtt.authority else None
    return Account(mqtt.host, mqtt.port, mqtt.user_of(worker), password, authority)
