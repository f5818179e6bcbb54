"""`python -m sync_server serve`: broker, ingest and pages in one process."""

import argparse
import logging
import signal
import socket
from datetime import UTC, datetime

from sync_server.broker.embedded import BrokerTrouble, EmbeddedBroker
from sync_server.broker.rights import address_of
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.ingest import Incoming, Ingest, Outgoing
from sync_server.intake import Intake
from sync_server.settings import Settings
from sync_server.store.database import Database, DatabaseTrouble
from sync_server.store.fleet import password_fits
from sync_server.web.app import create_app
from sync_server.web.server import PageServer

log = logging.getLogger(__name__)


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="take votes in and show the pages, until stopped (the default)")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGINT or SIGTERM."""
    # uvicorn, once it has stopped for a signal, raises it again: by default that would end everything on the spot.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with opened(settings) as database, _web_socket(settings) as web_socket:
        parts = _Parts(database, settings)
        parts.start()
        try:
            log.info("pages on %s, kiosks on %s:%d", settings.public_address, settings.mqtt.host, settings.mqtt.port)
            PageServer(create_app(database, settings.public_address)).run(sockets=[web_socket])
        except KeyboardInterrupt:
            log.info("stopping")
        finally:
            parts.stop()
    return 0


class _Parts:
    """Broker and intake, each handed to the other."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._intake = Intake(Ingest(database, lambda: datetime.now(UTC)), self._publish)
        self._broker = EmbeddedBroker(settings.mqtt.host, settings.mqtt.port, self._passes, self._receive)

    def start(self) -> None:
        try:
            self._broker.start()
        except BrokerTrouble as error:
            raise CommandMistake(f"{error}; mqtt.port sets another port") from None
        self._intake.start()

    def stop(self) -> None:
        self._intake.stop()
        self._broker.stop()

    def _publish(self, message: Outgoing) -> None:
        self._broker.publish(message.topic, message.payload)

    def _receive(self, topic: str, payload: bytes) -> None:
        self._intake.offer(Incoming(topic, payload))

    def _passes(self, user: str, password: str) -> bool:
        address = address_of(user)
        if address is None:
            return False
        try:
            with self._database.reading() as connection:
                return password_fits(connection, address, password)
        except DatabaseTrouble as error:
            log.error("a password cannot be checked: %s", error)
            return False


def _web_socket(settings: Settings) -> socket.socket:
    # Bound here, because uvicorn answers a taken port with a log line and an exit of its own.
    listener = socket.socket(socket.AF_INET6 if ":" in settings.web.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.web.host, settings.web.port))
    except OSError as error:
        listener.close()
        where = f"{settings.web.host}:{settings.web.port}"
        raise CommandMistake(
            f"cannot listen on {where}: {error.strerror}; another port can be set as web.port"
        ) from None
    return listener
