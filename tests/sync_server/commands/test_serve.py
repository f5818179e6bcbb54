"""What keeps the server from starting is named, and whom it lets in."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.topics import Address
from sync_server.service import Service
from sync_server.settings import Mqtt, Settings
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from tests.fakes.ports import free_port
from tests.fakes.raw_mqtt import Client
from tests.fakes.small_office import NOW, SITE
from tests.sync_server.commands.conftest import Run

ADDRESS_IN_USE = "ddress already in use"


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Serving changes what SIGTERM does."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("part", ["mqtt", "web"])
def test_a_taken_port_is_named_with_the_setting_that_changes_it(
    run: Run, seeded: Database, taken: int, tmp_path: Path, part: str
) -> None:
    other = {"mqtt": "web", "web": "mqtt"}[part]
    with (tmp_path / "server.toml").open("a") as settings:
        settings.write(f"port = {taken if part == 'web' else free_port()}\n")
        settings.write(f"[mqtt]\nport = {taken if part == 'mqtt' else free_port()}\n")
    done = run("serve")
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert f"cannot listen on 127.0.0.1:{taken}" in done.err
    assert ADDRESS_IN_USE in done.err
    assert f"{part}.port" in done.err
    assert f"{other}.port" not in done.err


def test_only_registered_kiosks_with_their_password_are_let_in(seeded: Database) -> None:
    with seeded.writing() as connection:
        password = add_kiosk(connection, Address(SITE, "quay-1"), NOW)
    assert password is not None
    port = free_port()
    parts = Service(seeded, Settings(mqtt=Mqtt(port=port)))
    parts.start()
    try:
        for user, given, answer in (
            ("sia.quay-1", password, 0),
            ("sia.quay-1", password.upper(), 5),
            ("sia.quay-1", "", 5),
            ("sia.nobody", password, 5),
            ("nobody", password, 5),
            ("sia.quay-1' OR 1=1 --", password, 5),
        ):
            with Client(port) as client:
                assert client.login(user, given) == answer
    finally:
        parts.stop()


def test_while_the_database_cannot_be_read_nobody_is_let_in_and_nothing_breaks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")  # without its tables
    port = free_port()
    parts = Service(database, Settings(mqtt=Mqtt(port=port)))
    parts.start()
    try:
        for _ in range(2):
            with Client(port) as client:
                assert client.login("sia.quay-1", "secret") == 5
    finally:
        parts.stop()
        database.close()
    assert "a password cannot be checked" in caplog.text
    assert "secret" not in caplog.text
