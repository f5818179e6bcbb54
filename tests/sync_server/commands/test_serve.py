"""What keeps the server from starting is named, and whom it lets in."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.topics import Address
from sync_server.core.flood import MOST_A_SECOND, WINDOW_SECONDS
from sync_server.gate import Gate
from sync_server.service import Service
from sync_server.settings import Mqtt, Settings
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk, revoke_kiosk
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


def test_a_revoked_kiosk_is_hung_up_on_by_the_running_server_and_a_database_that_is_away_throws_nobody_out(
    seeded: Database, folder: Path
) -> None:
    with seeded.writing() as connection:
        passwords = {kiosk: add_kiosk(connection, Address(SITE, kiosk), NOW) or "" for kiosk in ("quay-1", "quay-2")}
    port = free_port()
    parts = Service(seeded, Settings(mqtt=Mqtt(port=port)))
    parts.start()
    away = Database(f"sqlite:///{folder / 'another.sqlite'}")  # without its tables
    try:
        with Client(port) as one, Client(port) as two:
            assert one.login("sia.quay-1", passwords["quay-1"]) == two.login("sia.quay-2", passwords["quay-2"]) == 0
            with seeded.writing() as connection:
                assert revoke_kiosk(connection, Address(SITE, "quay-1"), NOW)
            assert one.is_hung_up_on()
            two.ping()
            gate = Gate(away)
            assert gate.lets_stay("sia.quay-2", passwords["quay-2"])
            assert not gate.lets_in("sia.quay-2", passwords["quay-2"])
    finally:
        parts.stop()
        away.close()


def test_a_kiosk_that_floods_is_named_in_the_log_and_what_it_says_is_not(
    seeded: Database, caplog: pytest.LogCaptureFixture
) -> None:
    parts = Service(seeded, Settings(mqtt=Mqtt(port=free_port())))
    for topic in ("hailong/v1/sia/quay-1/votes", "Nguyễn/Văn/An"):
        for _ in range(int(MOST_A_SECOND * WINDOW_SECONDS)):
            parts._receive(topic, b"secret")
    assert caplog.text.count("sends far more than a kiosk needs to; 'kiosk revoke' ends that") == 2
    assert "sia quay-1 sends far more" in caplog.text
    assert "secret" not in caplog.text
    assert "Nguyễn" not in caplog.text
