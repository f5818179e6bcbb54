"""`broker …`: Mosquitto's files as the registered kiosks have it, and certificates; a mistake changes nothing."""

import os
import signal
import ssl
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from protocol.topics import Address
from sync_server.passwords import fits
from sync_server.store.database import Database
from sync_server.store.fleet import revoke_kiosk
from tests.fakes.mosquitto import Mosquitto, needs_mosquitto
from tests.fakes.ports import free_port
from tests.fakes.raw_mqtt import Client
from tests.fakes.small_office import NOW, SITE
from tests.journeys.processes import Program, eventually
from tests.sync_server.commands.conftest import Run

DEADLINE = 20.0  # seconds; reached only when something is broken


@pytest.fixture
def broker_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "broker"
    folder.mkdir()
    return folder


@pytest.fixture
def outside(tmp_path: Path, run: Run, seeded: Database) -> Database:
    """The server's settings name an outside broker, and its kiosk has a password that Mosquitto can check."""
    with (tmp_path / "server.toml").open("a") as settings:
        settings.write('[mqtt]\nembedded = false\npassword_file = "ingest.password"\nworkers = 2\n')
    add(run, tmp_path, "kiosk-1", renew=True)
    return seeded


def add(run: Run, folder: Path, kiosk: str, *, renew: bool = False) -> str:
    file = folder / f"{kiosk}.toml"
    more = ["--renew"] if renew else []
    assert run("kiosk", "add", SITE, kiosk, "--settings-file", file, *more).code == 0
    [password] = [line for line in file.read_text().splitlines() if line.startswith("password")]
    return password.split('"')[1]


def users(folder: Path) -> dict[str, str]:
    return dict(line.split(":", 1) for line in (folder / "passwd").read_text().splitlines())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- write ------------------------------------------------------------------------------------------


def test_the_files_have_every_kiosk_that_may_send_and_the_server(
    run: Run, outside: Database, tmp_path: Path, broker_folder: Path
) -> None:
    one, two = add(run, tmp_path, "quay-1"), add(run, tmp_path, "quay-2")
    add(run, tmp_path, "quay-3")
    run("kiosk", "revoke", SITE, "quay-3")
    done = run("broker", "write", broker_folder)
    assert (done.code, done.err) == (0, "")
    assert "3 kiosks, and the server as ingest, ingest-2" in done.out
    written = users(broker_folder)
    assert list(written) == ["ingest", "ingest-2", "sia.kiosk-1", "sia.quay-1", "sia.quay-2"]
    assert fits(one, written["sia.quay-1"])
    assert fits(two, written["sia.quay-2"])
    secret = (tmp_path / "ingest.password").read_text().strip()
    assert len(secret) == 32
    assert fits(secret, written["ingest"])
    assert fits(secret, written["ingest-2"])
    rights = (broker_folder / "acl").read_text()
    assert "topic write hailong/v1/sia/quay-1/votes\n" in rights
    assert "quay-3" not in rights
    assert not any(password in done.out + rights for password in (one, two, secret))
    assert [mode(tmp_path / "ingest.password"), mode(broker_folder / "passwd"), mode(broker_folder / "acl")] == [
        *(0o600, 0o600, 0o600)
    ]
    assert sorted(path.name for path in broker_folder.iterdir()) == ["acl", "passwd"]


def test_in_a_folder_that_hands_its_group_on_that_group_may_read(
    run: Run, outside: Database, broker_folder: Path
) -> None:
    broker_folder.chmod(0o2750)
    run("broker", "write", broker_folder)
    assert [mode(broker_folder / name) for name in ("passwd", "acl")] == [0o640, 0o640]


def test_writing_again_changes_nothing_unless_something_has_changed(
    run: Run, outside: Database, tmp_path: Path, broker_folder: Path
) -> None:
    run("broker", "write", broker_folder)
    before = {path.name: (path.read_text(), path.stat().st_ino) for path in broker_folder.iterdir()}
    run("broker", "write", broker_folder)
    assert {path.name: (path.read_text(), path.stat().st_ino) for path in broker_folder.iterdir()} == before
    (tmp_path / "ingest.password").write_text("another\n")
    run("broker", "write", broker_folder)
    assert fits("another", users(broker_folder)["ingest"])


def test_a_kiosk_whose_password_has_an_older_digest_is_named_and_left_out(
    run: Run, outside: Database, broker_folder: Path
) -> None:
    with outside.writing() as connection:
        connection.execute(text(f"UPDATE kiosks SET password_digest = '{'0' * 64}'"))
    done = run("broker", "write", broker_folder)
    assert done.code == 1
    assert "sia kiosk-1 is left out" in done.out
    assert "kiosk add sia kiosk-1 --renew" in done.out
    assert list(users(broker_folder)) == ["ingest", "ingest-2"]


def test_the_embedded_broker_has_no_such_files(run: Run, seeded: Database, broker_folder: Path) -> None:
    done = run("broker", "write", broker_folder)
    assert (done.code, done.out) == (2, "")
    assert "for Mosquitto, set mqtt.embedded = false" in done.err
    assert list(broker_folder.iterdir()) == []


def test_a_folder_that_is_not_there_is_named_with_how_to_make_it(run: Run, outside: Database, tmp_path: Path) -> None:
    done = run("broker", "write", tmp_path / "nowhere")
    assert done.code == 2
    assert f"install -d -m 2750 -g mosquitto {tmp_path / 'nowhere'}" in done.err


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch])
def test_a_password_file_that_cannot_be_used_is_named(
    run: Run, outside: Database, tmp_path: Path, broker_folder: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "ingest.password")
    done = run("broker", "write", broker_folder)
    assert done.code == 2
    assert f"{tmp_path / 'ingest.password'}: " in done.err
    assert len(done.err.splitlines()) == 1


# --- reload and watch -------------------------------------------------------------------------------


@pytest.fixture
def mosquitto(run: Run, outside: Database, broker_folder: Path) -> Iterator[Mosquitto]:
    run("broker", "write", broker_folder)
    made = Mosquitto(broker_folder, free_port(), tls=False)
    made.start()
    yield made
    made.kill()


@needs_mosquitto
def test_mosquitto_reads_its_files_again_when_it_is_told(
    run: Run, tmp_path: Path, broker_folder: Path, mosquitto: Mosquitto
) -> None:
    password = add(run, tmp_path, "quay-1")
    with Client(mosquitto.port) as kiosk:
        assert kiosk.login("sia.quay-1", password) == 5
    assert run("broker", "write", broker_folder, "--pid-file", mosquitto.pid_file).code == 0
    eventually("it is let in", lambda: is_let_in(mosquitto.port, "sia.quay-1", password), DEADLINE)
    assert run("broker", "reload", "--pid-file", mosquitto.pid_file).code == 0


def is_let_in(port: int, user: str, password: str) -> bool:
    with Client(port) as kiosk:
        return kiosk.login(user, password) == 0


@needs_mosquitto
def test_whoever_is_registered_or_revoked_while_it_is_watched_is_let_in_or_hung_up_on_at_once(
    run: Run, outside: Database, tmp_path: Path, broker_folder: Path, mosquitto: Mosquitto
) -> None:
    settings = str(tmp_path / "server.toml")
    watch = Program(
        *("sync_server", "--settings", settings, "broker", "watch", str(broker_folder)),
        *("--pid-file", str(mosquitto.pid_file)),
        log=tmp_path / "watch.log",
    )
    try:
        password = add(run, tmp_path, "quay-1")
        eventually("it is let in", lambda: is_let_in(mosquitto.port, "sia.quay-1", password), DEADLINE)
        with Client(mosquitto.port) as kiosk:
            assert kiosk.login("sia.quay-1", password) == 0
            with outside.writing() as connection:
                assert revoke_kiosk(connection, Address(SITE, "quay-1"), NOW)
            assert kiosk.is_hung_up_on()
        assert not is_let_in(mosquitto.port, "sia.quay-1", password)
        # Mosquitto being away is said once, and what changes meanwhile is made up for.
        mosquitto.kill()
        password = add(run, tmp_path, "quay-1", renew=True)
        eventually("it is noticed", lambda: "cannot follow" in (tmp_path / "watch.log").read_text(), DEADLINE)
        mosquitto.start()
        eventually("it is let in", lambda: is_let_in(mosquitto.port, "sia.quay-1", password), DEADLINE)
        assert watch.end() == 0
    finally:
        watch.abandon()
    log = (tmp_path / "watch.log").read_text()
    assert password not in log
    assert "Traceback" not in log


@pytest.mark.parametrize("content", ["", "x", "-1", "99999999", None, "1\n2"])
def test_a_pid_file_that_does_not_name_mosquitto_is_named_and_nothing_is_sent(
    run: Run, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "mosquitto.pid"
    if content is not None:
        path.write_text(content)
    done = run("broker", "reload", "--pid-file", path)
    assert done.code == 2
    assert done.err.startswith(f"sync_server: {path}: ")
    assert len(done.err.splitlines()) == 1


def test_another_program_under_an_old_number_is_left_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mosquitto.pid"
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        path.write_text(str(other.pid))
        done = run("broker", "reload", "--pid-file", path)
        assert done.code == 2
        assert "names a process that is not Mosquitto; nothing was sent to it" in done.err
        assert other.poll() is None
        other.communicate(b"\n", timeout=DEADLINE)
    assert other.returncode == 0 != -signal.SIGHUP


# --- certificate ------------------------------------------------------------------------------------


def test_an_authority_and_a_certificate_are_made_and_their_keys_are_the_owner_s(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "broker"
    done = run("broker", "certificate", folder, "--name", "localhost", "--name", "127.0.0.1")
    assert (done.code, done.err) == (0, "")
    assert "certificate for localhost, 127.0.0.1, good until 2" in done.out
    assert {path.name: mode(path) for path in folder.iterdir()} == {
        "authority.pem": 0o644,
        "authority.key": 0o600,
        "server.pem": 0o644,
        "server.key": 0o600,
    }
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")


def test_a_new_certificate_comes_under_the_same_authority(run: Run, broker_folder: Path) -> None:
    broker_folder.chmod(0o2750)
    run("broker", "certificate", broker_folder, "--name", "localhost")
    before = {path.name: path.read_bytes() for path in broker_folder.iterdir()}
    again = run("broker", "certificate", broker_folder, "--name", "localhost")
    assert again.code == 2
    assert "--renew makes a new certificate under it" in again.err
    assert {path.name: path.read_bytes() for path in broker_folder.iterdir()} == before
    assert run("broker", "certificate", broker_folder, "--name", "localhost", "--renew", "--years", "0.5").code == 0
    after = {path.name: path.read_bytes() for path in broker_folder.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"server.pem", "server.key"}
    assert {name: mode(broker_folder / name) for name in ("server.key", "authority.key")} == {
        "server.key": 0o640,
        "authority.key": 0o600,
    }


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--name", "no name"], "--name: no name is neither a host name nor an address"),
        (["--name", "localhost", "--years", "0"], "--years: expected more than 0 and up to 20"),
        (["--name", "localhost", "--years", "21"], "--years: expected more than 0 and up to 20"),
        (["--name", "localhost", "--years", "nan"], "--years: expected more than 0 and up to 20"),
        (["--name", "localhost", "--renew"], "authority.pem: cannot be used: No such file or directory"),
    ],
)
def test_a_mistake_about_a_certificate_is_one_line(
    run: Run, broker_folder: Path, arguments: list[str], told: str
) -> None:
    done = run("broker", "certificate", broker_folder, *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert len(done.err.splitlines()) == 1


def test_an_authority_whose_files_do_not_belong_together_is_named(run: Run, broker_folder: Path) -> None:
    (broker_folder / "authority.pem").write_text("x")
    (broker_folder / "authority.key").write_text("y")
    done = run("broker", "certificate", broker_folder, "--name", "localhost", "--renew")
    assert done.code == 2
    assert "authority.pem and authority.key do not belong together" in done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_named(run: Run, broker_folder: Path) -> None:
    broker_folder.chmod(0o500)
    done = run("broker", "certificate", broker_folder, "--name", "localhost")
    assert done.code == 2
    assert "Permission denied" in done.err
