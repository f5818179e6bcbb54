"""The server's processes and the broker, in either of the two ways to run them."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.mosquitto import Mosquitto
from tests.fakes.ports import free_port
from tests.journeys.office import SITE, Office
from tests.journeys.processes import Program
from tests.journeys.torture.service import Service

INGESTS = 3  # two share the kiosks, the third is now and then a double of both


class OutsideBroker:
    """A Mosquitto as it is deployed, but for TLS: a kiosk whose clock is years off could not use that."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        self._mosquitto = Mosquitto(folder, port, tls=False)
        # Debian's own settings keep what sessions there are, so it does here.
        with (folder / "mosquitto.conf").open("a", encoding="utf-8") as settings:
            settings.write(f"\npersistence true\npersistence_location {folder}/\nautosave_interval 1\n")

    def start(self) -> None:
        """Start it over whatever it had kept."""
        self._mosquitto.start()

    def kill(self) -> None:
        """SIGKILL."""
        self._mosquitto.kill()

    def wipe(self) -> None:
        """Remove everything it had kept; it must not run."""
        for kept in self._folder.rglob("*.db*"):
            kept.unlink()

    def hang(self) -> None:
        """SIGSTOP."""
        os.kill(self._mosquitto.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        os.kill(self._mosquitto.pid, signal.SIGCONT)


@dataclass(frozen=True)
class Servers:
    """*services* are kept running, *second* is now and then a double of them."""

    services: tuple[Service, ...]
    second: Service
    second_port: int | None  # of its own broker, where it has one
    broker: OutsideBroker | None


def all_in_one(office: Office, log: Path) -> Servers:
    """Broker, ingest and pages in one process; its double is the same on other ports."""
    port, settings, twin = free_port(), office.server_settings, office.folder / "server-2.toml"
    text = settings.read_text(encoding="utf-8").replace(f"port = {office.broker_port}\n", f"port = {port}\n")
    twin.write_text(text.replace(f"port = {office.web_port}\n", f"port = {free_port()}\n"), encoding="utf-8")
    serve = Service("serve", lambda: _program("serve", settings, log))
    return Servers((serve,), Service("second serve", lambda: _program("serve", twin, log)), port, None)


def split(office: Office, log: Path) -> Servers:
    """Mosquitto, two ingests that share the kiosks, and the pages; the double is an ingest that hears every kiosk."""
    folder = office.folder / "mosquitto"
    folder.mkdir()
    office.server("broker", "write", str(folder))
    settings = office.server_settings
    first, *others = (f"hailong/v1/{SITE}/{kiosk}/#" for kiosk in office.kiosks)
    services = (
        Service("ingest", lambda: _ingest(settings, log, 1, first)),
        Service("ingest-2", lambda: _ingest(settings, log, 2, *others)),
        Service("web", lambda: _program("web", settings, log)),
    )
    second = Service("second ingest", lambda: _ingest(settings, log, INGESTS, first, *others))
    return Servers(services, second, None, OutsideBroker(folder, office.broker_port))


def outside_settings(folder: Path) -> str:
    """The lines of [mqtt] that an outside broker needs, the server's password for it below a folder."""
    return f'embedded = false\nworkers = {INGESTS}\npassword_file = "{folder / "broker-password"}"\n'


def _ingest(settings: Path, log: Path, worker: int, *filters: str) -> Program:
    each = [part for text in filters for part in ("--filter", text)]
    return _program("ingest", settings, log, "--worker", str(worker), *each)


def _program(command: str, settings: Path, log: Path, *arguments: str) -> Program:
    return Program("sync_server", "--settings", str(settings), command, *arguments, log=log)
