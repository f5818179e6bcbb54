"""What only a server can do to a database: be away, be slow, come back, and leave a commit in doubt."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from sync_server.store.backup import back_up, restore
from sync_server.store.backup_file import reading_backup
from sync_server.store.bulk import bulk_insert
from sync_server.store.database import CannotBeStored, Database, DatabaseTrouble
from sync_server.store.schema import answers, ingest_counts, sites
from tests.fakes import postgres
from tests.fakes.full_office import FullOffice, everything
from tests.fakes.ports import free_port
from tests.fakes.postgres import Cluster
from tests.fakes.small_office import NOW

SHIPPED = Path(__file__).parents[3] / "deploy" / "postgresql" / "hailong.conf"

pytestmark = pytest.mark.skipif(postgres.unavailable() is not None, reason=str(postgres.unavailable()))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """One that these tests may stop and kill."""
    with postgres.cluster() as own:
        yield own


@pytest.fixture
def name(cluster: Cluster) -> Iterator[str]:
    made = cluster.new_database()
    database = Database(cluster.url(made))
    database.migrate()
    database.close()
    yield made
    cluster.drop(made)


@pytest.fixture
def database(cluster: Cluster, name: str) -> Iterator[Database]:
    opened = Database(cluster.tcp_url(name))
    yield opened
    opened.close()


def add_site(database: Database, site: str) -> None:
    with database.writing() as connection:
        connection.execute(insert(sites).values(site=site))


def all_sites(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(sites.c.site).order_by(sites.c.site)).scalars())


def test_a_server_that_comes_back_is_met_as_if_it_had_never_been_away(cluster: Cluster, database: Database) -> None:
    add_site(database, "a")
    cluster.stop()
    cluster.start()
    add_site(database, "b")
    assert all_sites(database) == ["a", "b"]


def test_a_server_that_is_away_is_trouble_in_one_line_and_heals(cluster: Cluster, database: Database) -> None:
    add_site(database, "a")
    cluster.stop()
    try:
        for transaction in (database.reading, database.writing, database.rebuilding):
            with pytest.raises(DatabaseTrouble, match="Connection refused") as caught, transaction():
                pass
            assert len(str(caught.value).splitlines()) == 1
            assert cluster.password not in str(caught.value)
    finally:
        cluster.start()
    assert all_sites(database) == ["a"]


def test_a_server_that_is_killed_undoes_what_was_not_committed(cluster: Cluster, database: Database) -> None:
    add_site(database, "a")
    with pytest.raises(DatabaseTrouble), database.writing() as connection:
        connection.execute(insert(sites).values(site="b"))
        cluster.kill()
        connection.execute(insert(sites).values(site="c"))
    cluster.start()
    assert all_sites(database) == ["a"]


def test_a_connection_that_is_ended_from_the_other_side_is_trouble(cluster: Cluster, database: Database) -> None:
    with pytest.raises(DatabaseTrouble), database.reading() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        cluster.execute(f"SELECT pg_terminate_backend({pid}, 10000)")
        connection.execute(select(sites))
    assert all_sites(database) == []


class Line:
    """One connection to a port that breaks at the commit: before it arrives, or before its answer does."""

    def __init__(self, client: socket.socket, port: int, *, answer_lost: bool) -> None:
        self._client, self._server = client, socket.create_connection(("127.0.0.1", port))
        self._answer_lost = answer_lost
        self._committing, self._answered = threading.Event(), threading.Event()
        for carry in (self._there, self._back):
            threading.Thread(target=carry, daemon=True).start()

    def _there(self) -> None:
        while sent := self._client.recv(65536):
            if b"COMMIT" in sent:
                self._committing.set()
                if self._answer_lost:
                    self._server.sendall(sent)
                    self._answered.wait()
                break
            self._server.sendall(sent)
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _back(self) -> None:
        with contextlib.suppress(OSError):
            while received := self._server.recv(65536):
                if self._committing.is_set():
                    break
                self._client.sendall(received)
        self._answered.set()


@contextmanager
def line_that_breaks_at_the_commit(port: int, *, answer_lost: bool) -> Iterator[int]:
    """A way to a port that breaks at the commit."""

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                Line(listener.accept()[0], port, answer_lost=answer_lost)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join()


@pytest.mark.parametrize("answer_lost", [True, False])
def test_a_commit_in_doubt_is_trouble_whether_it_was_done_or_not(
    cluster: Cluster, name: str, answer_lost: bool
) -> None:
    with line_that_breaks_at_the_commit(cluster.port, answer_lost=answer_lost) as port:
        far = Database(cluster.tcp_url(name, port))
        with pytest.raises(DatabaseTrouble), far.writing() as connection:
            connection.execute(insert(sites).values(site="a"))
        far.close()
    near = Database(cluster.url(name))
    with near.writing() as connection:  # waits for whoever still holds the table
        connection.execute(text("LOCK TABLE sites IN ACCESS EXCLUSIVE MODE"))
    assert all_sites(near) == (["a"] if answer_lost else [])
    near.close()


def test_a_wrong_password_and_a_database_that_is_not_there_are_named(cluster: Cluster, name: str) -> None:
    for url, reason in (
        (cluster.tcp_url(name).replace(cluster.password, "wrong"), "password authentication failed"),
        (cluster.tcp_url("nowhere"), 'database "nowhere" does not exist'),
        (f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/x", "Connection refused"),
    ):
        database = Database(url)
        with pytest.raises(DatabaseTrouble, match=reason) as caught:
            database.migrate()
        assert "wrong" not in str(caught.value)
        database.close()


@pytest.fixture
def impatient(cluster: Cluster, name: str) -> Iterator[Database]:
    options = "-c%20statement_timeout=200%20-c%20lock_timeout=100"
    opened = Database(f"{cluster.url(name)}&options={options}")
    yield opened
    opened.close()


def test_a_statement_that_takes_too_long_is_trouble_and_the_connection_stays_good(impatient: Database) -> None:
    with pytest.raises(DatabaseTrouble, match="statement timeout"), impatient.writing() as connection:
        connection.execute(text("SELECT pg_sleep(60)"))
    assert all_sites(impatient) == []


def test_rows_that_stay_locked_are_trouble_for_writers_only(impatient: Database, database: Database) -> None:
    add_site(database, "a")
    with database.writing() as connection:
        connection.execute(text("UPDATE sites SET site = 'a'"))
        with pytest.raises(DatabaseTrouble, match="lock timeout"), impatient.writing() as waiting:
            waiting.execute(text("UPDATE sites SET site = 'a'"))
        assert all_sites(impatient) == ["a"]


def test_who_rebuilds_or_reads_at_leisure_is_not_hurried(impatient: Database) -> None:
    for transaction in (impatient.rebuilding, impatient.reading_at_leisure):
        with transaction() as connection:
            assert connection.scalar(text("SHOW statement_timeout")) == "0"
            connection.execute(text("SELECT pg_sleep(0.3)"))
    with impatient.reading() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "200ms"


def test_what_is_committed_is_on_the_disk_whatever_the_server_is_set_to(cluster: Cluster, name: str) -> None:
    cluster.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    cluster.execute(f"ALTER DATABASE {name} SET timezone = 'Asia/Ho_Chi_Minh'")
    database = Database(cluster.url(name))
    with database.reading() as connection:
        told = {key: connection.scalar(text(f"SHOW {key}")) for key in ("synchronous_commit", "timezone")}
    assert told == {"synchronous_commit": "on", "timezone": "UTC"}
    database.close()


def test_a_database_that_cannot_keep_every_text_is_refused(cluster: Cluster) -> None:
    cluster.execute("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    database = Database(cluster.url("ascii"))
    with pytest.raises(DatabaseTrouble, match="keeps its texts as SQL_ASCII; create it with ENCODING 'UTF8'"):
        database.migrate()
    database.close()


def test_when_all_connections_are_taken_that_is_trouble(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.engine.pool, "_timeout", 0.01)
    with contextlib.ExitStack() as taken:
        with pytest.raises(DatabaseTrouble, match="QueuePool limit"):
            for _ in range(100):
                taken.enter_context(database.reading())
        with pytest.raises(DatabaseTrouble, match="QueuePool limit"), database.writing():
            pass
    assert all_sites(database) == []


def test_a_role_that_owns_its_database_and_nothing_else_is_enough(cluster: Cluster, tmp_path: Path) -> None:
    cluster.execute("CREATE ROLE hailong LOGIN PASSWORD 'geheim'")
    cluster.execute("CREATE DATABASE hailong OWNER hailong TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    database = Database(f"postgresql+psycopg://hailong:geheim@127.0.0.1:{cluster.port}/hailong")
    database.migrate()
    FullOffice(1, votes=3).fill(database)
    with database.writing() as connection:
        row = {"name": "a", "count": 1}
        assert bulk_insert(connection, ingest_counts, list(row), [tuple(row.values())]) == 1
    before = everything(database)
    path = tmp_path / "office.backup"
    back_up(database, {}, path.parent, path, NOW, lambda *_: None)
    with reading_backup(path) as backup:
        restore(database, backup, lambda: None, lambda *_: None, replace=True)
    not_restored: dict[str, list[tuple[object, ...]]] = {"changes": [], "kiosk_status": []}
    assert everything(database) | not_restored == before | not_restored
    database.close()


def test_with_the_settings_that_ship_no_vote_stands_in_the_log(tmp_path: Path) -> None:
    told = dict(re.findall(r"^(\w+) = '?([^'\n]*)'?$", SHIPPED.read_text(encoding="utf-8"), re.MULTILINE))
    assert told["fsync"] == "on"
    vote = ("5ec2e7" * 5 + "00", "overall", 5)
    with postgres.cluster(durable=True, settings=told) as own:
        database = Database(own.url(own.new_database()))
        database.migrate()
        for all_new in (True, False):
            with pytest.raises(CannotBeStored), database.writing() as connection:
                bulk_insert(connection, answers, ["vote_id", "criterion", "level"], [vote], all_new=all_new)
        with pytest.raises(CannotBeStored), database.writing() as connection:
            connection.execute(insert(answers).values(vote_id=vote[0], criterion="overall", level=5))
        database.close()
        own.stop()
        log = (own.folder / "log").read_text()
    assert log.count("violates foreign key constraint") == 3
    assert "5ec2e7" not in log
    assert "INSERT" not in log
