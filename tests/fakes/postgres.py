"""A PostgreSQL of the tests' own: made when first asked for, in a folder of its own, gone at the end.

Whatever ends the tests ends it too: its parent's end, Ctrl-C, a kill. It is nobody else's: it listens on a
socket in its folder and, with a password, on a free port of the loopback.
"""

import atexit
import contextlib
import functools
import itertools
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep

import psycopg

from tests.fakes.memory import MEMORY
from tests.fakes.ports import free_port

START_SECONDS = 60
INSTALLED = Path("/usr/lib/postgresql")
USER = "postgres"

# The tests lose their databases on purpose; where a real loss is tried, the cluster is started durable.
HASTY = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0"}


def unavailable() -> str | None:
    """Return why there can be no PostgreSQL here, None when there can."""
    if programs() is None:
        return "needs PostgreSQL: apt-get install postgresql"
    if shutil.which("setpriv") is None:
        return "needs setpriv, of util-linux, to end PostgreSQL with the tests"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(USER)
        except KeyError:
            return "needs a user 'postgres': PostgreSQL does not run as root"
    return None


@functools.cache
def programs() -> Path | None:
    """Return the folder with initdb and postgres, of the newest version there is."""
    versions = [path for path in INSTALLED.glob("*/bin") if (path / "initdb").exists()]
    newest_first = sorted(versions, key=lambda path: float(path.parent.name), reverse=True)
    found = shutil.which("initdb")
    return next(iter(newest_first), None) or (Path(found).resolve().parent if found else None)


@dataclass
class Cluster:
    """One PostgreSQL server; it can be stopped, killed and started again over the same files."""

    folder: Path
    port: int
    password: str
    settings: dict[str, str]
    _server: "subprocess.Popen[bytes] | None" = None
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        """The URL over the socket in the folder."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}&port={self.port}"

    def tcp_url(self, database: str, port: int | None = None) -> str:
        """The URL over TCP, with the password; through another port if told."""
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{port or self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement outside of any transaction."""
        with psycopg.connect(
            host=str(self.folder), port=self.port, user=USER, dbname=database, autocommit=True
        ) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def new_database(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, database: str) -> None:
        """Drop a database, whoever uses it."""
        self.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def start(self) -> None:
        """Start it and wait until it answers."""
        told = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                _as_its_user("postgres", "-D", str(self.folder / "data"), *told),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C is for the tests, which then stop it
            )
        ready = _as_its_user("pg_isready", "-q", "-h", str(self.folder), "-p", str(self.port), "-t", "1")
        for _ in range(START_SECONDS * 20):
            if subprocess.run(ready, cwd=self.folder, check=False).returncode == 0:
                return
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._server.wait(0.05)
                break
        raise RuntimeError("PostgreSQL does not start: " + (self.folder / "log").read_text(errors="replace")[-2000:])

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it and wait: SIGINT writes everything down, SIGQUIT leaves the recovery to the next start."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait()
            self._server = None

    def kill(self) -> None:
        """SIGKILL to all of its processes, as an end of memory or of power would."""
        if self._server is not None:
            # Its processes are groups of their own, so one after the other; first the one that would start new ones.
            parts = _children_of(self._server.pid)
            self._server.kill()
            for part in parts:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(part, signal.SIGKILL)
            self._server.wait()
            self._server = None
            while any(_runs(part) for part in parts):  # a part that still ends would keep the next start out
                sleep(0.01)


@contextmanager
def cluster(
    folder: Path | None = None, *, durable: bool = False, settings: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """A PostgreSQL server until the end of the block; *durable* leaves fsync on, as everywhere but in tests."""
    place = Path(tempfile.mkdtemp(prefix="hailong-postgres-", dir=folder or (None if durable else MEMORY)))
    made = _make(place, durable=durable)
    made.settings |= settings or {}
    try:
        made.start()
        yield made
    finally:
        made.stop(signal.SIGQUIT)
        shutil.rmtree(place, ignore_errors=True)


@functools.cache
def shared() -> Cluster:
    """The one that the tests of this process share, until its end."""
    context = cluster()
    started = context.__enter__()
    atexit.register(context.__exit__, None, None, None)
    return started


def _make(place: Path, *, durable: bool) -> Cluster:
    password = secrets.token_hex(16)
    (place / "password").write_text(password)
    if os.geteuid() == 0:
        its_user = pwd.getpwnam(USER)
        for path in (place, place / "password"):
            os.chown(path, its_user.pw_uid, its_user.pw_gid)
        for parent in place.parents:  # temporary folders are for their owner only, and it has to get through
            mode = parent.stat().st_mode
            if not mode & stat.S_IXOTH:
                parent.chmod(stat.S_IMODE(mode) | stat.S_IXGRP | stat.S_IXOTH)
    made = subprocess.run(
        _as_its_user(
            *("initdb", "--no-sync", "--username", USER, "--encoding", "UTF8", "--locale", "C.UTF-8"),
            *("--auth-local", "trust", "--auth-host", "scram-sha-256", "--pwfile", str(place / "password")),
            *("-D", str(place / "data")),
        ),
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise RuntimeError(f"initdb fails: {made.stderr}")
    port = free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(place),
        "max_connections": "60",
        "shared_buffers": "32MB",
        "autovacuum": "off",
        **({} if durable else HASTY),
    }
    return Cluster(place, port, password, settings)


def _as_its_user(program: str, *arguments: str) -> list[str]:
    folder = programs()
    assert folder is not None
    user = [f"--reuid={USER}", f"--regid={USER}", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *user, "--pdeathsig", "QUIT", str(folder / program), *arguments]


def _children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
