"""The server's processes and the broker, in either of the two ways to run them."""

import os
import signal
from pathlib import Path
from typing import Protocol

from tests.fakes.mosquitto import Mosquitto
from tests.fakes.ports import free_port
from tests.journeys.office import SITE, Office
from tests.journeys.processes import Program
from tests.journeys.torture.service import Service

INGESTS = 3  # two share the kiosks, the third is now and then a double of both


class Servers(Protocol):
    """*services* are kept running, *second* is now and then a double of them."""

    services: tuple[Service, ...]
    second: Service
    second_port: int | None  # of its own broker, where it has one
    broker: "OutsideBroker | None"


class AllInOne:
    """Broker, ingest and pages in one process; its double is the same on other ports."""

    def __init__(self, office: Office, log: Path) -> None:
        self.broker = None
        self.second_port: int | None = free_port()
        twin = office.folder / "server-2.toml"
        text = office.server_settings.read_text(encoding="utf-8")
        text = text.replace(f"port = {office.broker_port}\n", f"port = {self.second_port}\n")
        twin.write_text(text.replace(f"port = {office.web_port}\n", f"port = {free_port()}\n"), encoding="utf-8")
        self.services = (Service("serve", lambda: _program("serve", office.server_settings, log)),)
        self.second = Service("second serve", lambda: _program("serve", twin, log))


class Split:
    """Mosquitto, two ingests that share the kiosks, and the pages; the double is an ingest that hears every kiosk."""

    def __init__(self, office: Office, log: Path) -> None:
        folder = office.folder / "mosquitto"
        folder.mkdir()
        office.server("broker", "write", str(folder))
        self.broker = OutsideBroker(folder, office.broker_port)
        self.second_port = None
        first, *others = (f"hailong/v1/{SITE}/{kiosk}/#" for kiosk in office.kiosks)
        settings = office.server_settings
        self.services = (
            Service("ingest", lambda: _ingest(settings, log, 1, first)),
            Service("ingest-2", lambda: _ingest(settings, log, 2, *others)),
            Service("web", lambda: _program("web", settings, log)),
        )
        self.second = Service("second ingest", lambda: _ingest(settings, log, 3, first, *others))

    @staticmethod
    def settings(folder: Path) -> str:
        """The lines of [mqtt] that this needs, its password file below a folder."""
        return f'embedded = false\nworkers = {INGESTS}\npassword_file = "{folder / "broker-password"}"\n'


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


def _ingest(settings: Path, log: Path, worker: int, *filters: str) -> Program:
    each = [part for text in filters for part in ("--filter", text)]
    return _program("ingest", settings, log, "--worker", str(worker), *each)


def _program(command: str, settings: Path, log: Path, *arguments: str) -> Program:
    return Program("sync_server", "--settings", str(settings), command, *arguments, log=log)
