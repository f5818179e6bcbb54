"""What the commands that run until they are stopped share."""

import gc
import logging
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sync_server.broker.contract import BrokerTrouble, CannotListen
from sync_server.commands import CommandMistake
from sync_server.service import Service
from sync_server.settings import Settings
from sync_server.store.database import Database
from sync_server.web.app import create_app
from sync_server.web.server import PageServer

YOUNG_OBJECTS = 50_000  # before they are looked at; a transaction of some thousand votes makes as many

log = logging.getLogger(__name__)


@contextmanager
def until_stopped() -> Iterator[None]:
    """End what runs inside, quietly, at SIGINT or SIGTERM."""
    # uvicorn, once it has stopped for a signal, raises it again: by default that would end everything on the spot.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        log.info("stopping")


@contextmanager
def taking_in(database: Database, settings: Settings, filters: Sequence[str] = (), worker: int = 1) -> Iterator[None]:
    """Take votes in meanwhile."""
    _let_garbage_wait()
    try:
        service = Service(database, settings, filters=filters, worker=worker)
        service.start()
    except CannotListen as error:
        raise CommandMistake(f"{error}; mqtt.port sets another port") from None
    except BrokerTrouble as error:
        raise CommandMistake(str(error)) from None
    mqtt = settings.mqtt
    way = "kiosks on" if mqtt.embedded else "kiosks over the broker at"
    log.info("%s %s:%d, %s", way, mqtt.host, mqtt.port, "with TLS" if mqtt.encrypted else "not encrypted")
    try:
        yield
    finally:
        service.stop()


def _let_garbage_wait() -> None:
    """Look for cycles seldom, and never again in what is loaded by now: votes and rows are in none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


def show_pages(database: Database, settings: Settings, listener: socket.socket) -> None:
    """Serve the pages until a signal."""
    log.info("pages on %s", settings.public_address)
    web = settings.web
    pages = create_app(
        database,
        settings.public_address,
        metrics_token=web.metrics_token,
        api_token=web.api_token,
        folder=settings.folder,
    )
    PageServer(pages).run(sockets=[listener])


@contextmanager
def page_socket(settings: Settings) -> Iterator[socket.socket]:
    """Listen where the pages are to be; CommandMistake when that is not possible."""
    # Bound here, because uvicorn answers a taken port with a log line and an exit of its own.
    with socket.socket(socket.AF_INET6 if ":" in settings.web.host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.web.host, settings.web.port))
        except OSError as error:
            where = f"{settings.web.host}:{settings.web.port}"
            raise CommandMistake(
                f"cannot listen on {where}: {error.strerror}; another port can be set as web.port"
            ) from None
        yield listener
