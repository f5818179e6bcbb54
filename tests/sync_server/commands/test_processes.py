"""`ingest` and `web` as real processes beside each other, ended by a signal without a word too many."""

import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.topics import Address
from sync_server.mosquitto import server_password, write_files
from sync_server.settings import load
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from tests.fakes.mosquitto import Mosquitto, needs_mosquitto
from tests.fakes.ports import free_port
from tests.fakes.raw_kiosk import RawKiosk
from tests.fakes.small_office import NOW, SITE
from tests.fakes.votes import some_votes
from tests.journeys.processes import Program, eventually
from tests.sync_server.commands.conftest import Run

DEADLINE = 30.0  # seconds; reached only when something is broken
KIOSK = Address(SITE, "quay-1")
STREAM = "7" * 32


class Server:
    """The settings of a server with an outside broker, and its processes."""

    def __init__(self, folder: Path, mosquitto: Mosquitto, web_port: int) -> None:
        self.folder = folder
        self.web_port = web_port
        self.settings = folder / "server.toml"
        self.settings.write_text(
            f'[storage]\nfolder = "server"\n[web]\nport = {web_port}\n'
            f'[mqtt]\nembedded = false\nport = {mosquitto.port}\npassword_file = "ingest.password"\nworkers = 2\n'
        )
        self.programs: list[Program] = []

    def start(self, name: str, *arguments: str) -> Program:
        program = Program("sync_server", "--settings", str(self.settings), *arguments, log=self.folder / f"{name}.log")
        self.programs.append(program)
        return program

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    made = Mosquitto(tmp_path, free_port(), tls=False)
    yield made
    made.kill()


@pytest.fixture
def server(tmp_path: Path, seeded: Database, mosquitto: Mosquitto) -> Iterator[Server]:
    made = Server(tmp_path, mosquitto, free_port())
    yield made
    for program in made.programs:
        program.abandon()


@needs_mosquitto
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_ingest_and_pages_are_processes_of_their_own_and_end_cleanly(
    server: Server, seeded: Database, mosquitto: Mosquitto, how: signal.Signals
) -> None:
    mqtt = load(server.settings).mqtt
    with seeded.writing() as connection:
        password = add_kiosk(connection, KIOSK, NOW)
    assert password is not None
    write_files(seeded, server.folder, mqtt.users, server_password(Path(mqtt.password_file)))
    mosquitto.start()
    ingest = server.start("ingest", "ingest", "--worker", "2", "--filter", "hailong/v1/sia/#")
    web = server.start("web", "web")
    eventually("the ingest is connected", lambda: " as ingest-2" in server.said("ingest"), DEADLINE)
    with RawKiosk(mosquitto.port, KIOSK, password) as kiosk:
        kiosk.cast(STREAM, some_votes(1, 20))
        kiosk.until_stored(STREAM, 20)
    eventually("the pages are there", lambda: healthy(server.web_port), DEADLINE)
    for program, name in ((ingest, "ingest"), (web, "web")):
        assert program.end(DEADLINE, how) == 0
        assert "stopping" in server.said(name)
        assert "Traceback" not in server.said(name)
        assert "WARNING" not in server.said(name)
        assert password not in server.said(name)


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize(
    ("mqtt", "arguments", "told"),
    [
        ("", [], "for 'ingest', set mqtt.embedded = false"),
        ("outside", ["--worker", "3"], "--worker: expected a number from 1 to 2, which mqtt.workers says"),
        ("outside", ["--worker", "0"], "--worker: expected a number from 1 to 2"),
        ("outside", ["--filter", "#"], "--filter: expected hailong/v1/SITE/KIOSK/CHANNEL"),
        ("outside", ["--filter", "hailong/v1/sia/+/receipt"], "--filter: kiosks speak on hello, status, votes only"),
        ("outside", [], "ingest.password: cannot be read: No such file or directory; 'broker write' makes it"),
    ],
)
def test_a_mistake_about_the_ingest_is_one_line(
    run: Run, seeded: Database, tmp_path: Path, mqtt: str, arguments: list[str], told: str
) -> None:
    if mqtt:
        with (tmp_path / "server.toml").open("a") as settings:
            settings.write('[mqtt]\nembedded = false\npassword_file = "ingest.password"\nworkers = 2\n')
    before = signal.getsignal(signal.SIGTERM)
    done = run("ingest", *arguments)
    signal.signal(signal.SIGTERM, before)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("certificate", "told"),
    [
        (None, "server.pem, "),
        ("no PEM", "not a certificate and its key, both as PEM"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_named_before_anything_listens(
    run: Run, seeded: Database, tmp_path: Path, certificate: str | None, told: str
) -> None:
    with (tmp_path / "server.toml").open("a") as settings:
        settings.write(f"port = {free_port()}\n[mqtt]\nport = {free_port()}\n")
        settings.write('certificate = "server.pem"\nkey = "server.key"\n')
    if certificate is not None:
        (tmp_path / "server.pem").write_text(certificate)
        (tmp_path / "server.key").write_text(certificate)
    before = signal.getsignal(signal.SIGTERM)
    done = run("serve")
    signal.signal(signal.SIGTERM, before)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1
