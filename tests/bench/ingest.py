"""How fast votes get from kiosks into the database, beside what limits it: `python -m tests.bench ingest`.

A real Mosquitto, real `sync_server ingest` process, simulated kiosks in another process that follow the real sending
rules. A vote counts when its kiosk has the receipt. Beside it, in the same run: a subscriber that only receives, the
bare insertion of the same rows (executemany on SQLite, COPY on PostgreSQL), and a subscriber that commits a message.
"""

import json
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import psycopg

from protocol.topics import Address
from sync_server.broker.mosquitto_files import password_text, rights_text
from sync_server.passwords import digest
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from tests.bench.fleet import Plan
from tests.bench.rows import COLUMNS, Row, Rows, insertion, sqlite_like_the_server
from tests.fakes import postgres
from tests.fakes.databases import write_sqlite_file
from tests.fakes.mosquitto import Mosquitto, resident_bytes
from tests.fakes.ports import free_port
from tests.fakes.small_office import SITE, seed_office
from tests.journeys.processes import Program, eventually

KIOSKS = 32
TOGETHER = 5000  # rows a transaction, for the bare insertion
START_SECONDS = 60.0
LONGEST_SECONDS = 900.0

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Rate:
    """Votes a second of everything that was measured at one size of message on one database."""

    database: str
    per_message: int
    votes: int
    end_to_end: float
    receive_only: float
    bare: float
    naive: float

    @property
    def limit(self) -> float:
        return min(self.receive_only, self.bare)


@dataclass(frozen=True)
class Storm:
    """What it took to take a thousand backlogs in."""

    database: str
    kiosks: int
    votes: int
    seconds: float
    server_bytes: int
    broker_bytes: int
    calm_delays: list[float]  # of live votes while nobody else sends
    live_delays: list[float]  # of live votes meanwhile


@dataclass
class Office:
    """A broker, a database and registered kiosks."""

    folder: Path
    url: str
    mosquitto: Mosquitto
    passwords: dict[str, str]

    @property
    def password_file(self) -> Path:
        return self.folder / "ingest.password"

    @property
    def log(self) -> Path:
        return self.folder / "bench.log"

    @contextmanager
    def server(self) -> Iterator[Program]:
        """The real ingest, until the end of the block."""
        settings = self.folder / "server.toml"
        settings.write_text(
            f'[storage]\nfolder = "server"\ndatabase = "{self.url}"\n[mqtt]\nembedded = false\n'
            f'port = {self.mosquitto.port}\npassword_file = "{self.password_file}"\n'
        )
        server = Program("sync_server", "--settings", str(settings), "ingest", log=self.log)
        try:
            # Whoever asks before it listens waits ten seconds to ask again, and that is not what is measured.
            eventually("the ingest listens", lambda: "connected to the broker" in self.log.read_text(), START_SECONDS)
            yield server
        finally:
            server.end()

    def fleet(self, plan: Plan, told: Callable[[], None] = lambda: None) -> dict[str, object]:
        """Let the kiosks of a plan send; return what they tell. *told* is called when all have connected."""
        path = self.folder / "plan.json"
        path.write_text(json.dumps(asdict(plan)))
        fleet = Program("tests.bench.fleet", str(path), log=self.log)
        try:
            assert fleet.line(START_SECONDS + plan.votes * len(plan.passwords) / 5000) == "ready"
            told()
            fleet.say("go")
            line = fleet.line(LONGEST_SECONDS)
            assert line is not None, self.log.read_text(errors="replace")[-2000:]
            answer: dict[str, object] = json.loads(line)
            return answer
        finally:
            fleet.abandon()

    def subscriber(self, kind: str, messages: int, plan: Plan) -> float:
        """Let a subscriber take what the kiosks send without waiting for receipts; return the seconds."""
        arguments = [kind, str(self.mosquitto.port), str(self.password_file), str(messages), self.url]
        subscriber = Program("tests.bench.subscribers", *arguments, log=self.log)
        try:
            assert subscriber.line(START_SECONDS) == "ready"
            self.fleet(replace(plan, blast=True))
            line = subscriber.line(LONGEST_SECONDS)
            assert line is not None, self.log.read_text(errors="replace")[-2000:]
            return float(line)
        finally:
            subscriber.abandon()


@contextmanager
def office(database: str, kiosks: int, *, bounded: bool = True) -> Iterator[Office]:
    """A new office on a database of this kind, which is as durable as in real life.

    Not *bounded*: the broker drops nothing when senders that wait for no receipt are faster than the subscriber.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        if database == "sqlite":
            write_sqlite_file(folder / "server.sqlite")
            url = f"sqlite:///{folder / 'server.sqlite'}"
        else:
            cluster = stack.enter_context(postgres.cluster(durable=True))
            url = cluster.tcp_url(cluster.new_database())
        opened = Database(url)
        opened.migrate()
        seed_office(opened)
        passwords: dict[str, str] = {}
        with opened.writing() as connection:
            for number in range(kiosks):
                password = add_kiosk(connection, Address(SITE, f"k{number}"), datetime.now(UTC))
                assert password is not None
                passwords[f"k{number}"] = password
        opened.close()
        secret = secrets.token_hex(16)
        (folder / "ingest.password").write_text(secret)
        digests = {f"{SITE}.{kiosk}": digest(password) for kiosk, password in passwords.items()}
        (folder / "passwd").write_text(password_text({"ingest": digest(secret), **digests}))
        (folder / "acl").write_text(rights_text(["ingest"], [Address(SITE, kiosk) for kiosk in passwords]))
        mosquitto = Mosquitto(folder, free_port(), tls=False, bounded=bounded)
        mosquitto.start()
        stack.callback(mosquitto.stop)
        yield Office(folder, url, mosquitto, passwords)


def rate(database: str, per_message: int, votes: int, naive_messages: int, tell: Tell) -> Rate:
    """Measure one size of message on one database; each part in an office of its own."""
    each = votes // KIOSKS // per_message * per_message
    whole = each * KIOSKS
    tell(f"{database}, {per_message} a message: end to end")
    with office(database, KIOSKS) as place, place.server():
        plan = Plan(place.mosquitto.port, SITE, place.passwords, each, per_message)
        answer = place.fleet(plan)
        end_to_end = whole / _number(answer["seconds"])
    tell(f"{database}, {per_message} a message: receive only")
    with office("sqlite", KIOSKS, bounded=False) as place:
        plan = Plan(place.mosquitto.port, SITE, place.passwords, each, per_message)
        receive_only = whole / place.subscriber("receive-only", whole // per_message, plan)
    tell(f"{database}, {per_message} a message: a commit a message")
    few = max(1, naive_messages // KIOSKS)
    with office(database, KIOSKS, bounded=False) as place:
        plan = Plan(place.mosquitto.port, SITE, place.passwords, few * per_message, per_message)
        naive = few * KIOSKS * per_message / place.subscriber("naive", few * KIOSKS, plan)
    tell(f"{database}, {per_message} a message: bare insertion")
    with office(database, 1) as place:
        bare = _bare(place.url, whole)
    return Rate(database, per_message, whole, end_to_end, receive_only, bare, naive)


def storm(database: str, kiosks: int, votes: int, live: int, tell: Tell) -> Storm:
    """Let a thousand kiosks come back at once, while a few others go on as every day."""
    with office(database, kiosks + live) as place, place.server() as server:
        names = list(place.passwords)
        tell("storm: the live kiosks alone")
        alone = {name: place.passwords[name] for name in names[:live]}
        calm = place.fleet(Plan(place.mosquitto.port, SITE, alone, 0, 200, live, live_for=15.0))
        tell(f"storm: {kiosks} kiosks with {votes} waiting votes each")
        before = (resident_bytes(server.pid), resident_bytes(place.mosquitto.pid))
        answer = place.fleet(Plan(place.mosquitto.port, SITE, place.passwords, votes, 200, live))
        after = (resident_bytes(server.pid), resident_bytes(place.mosquitto.pid))
        return Storm(
            database,
            kiosks,
            votes,
            _number(answer["seconds"]),
            max(before[0], after[0]),
            max(before[1], after[1]),
            _numbers(calm["live_delays"]),
            _numbers(answer["live_delays"]),
        )


def _bare(url: str, votes: int) -> float:
    """Insert rows into the same tables by the fastest way there is, and nothing else; votes a second."""
    ids = [secrets.token_hex(16) for _ in range(votes)]
    made = Rows(url)
    rows: dict[str, list[Row]] = {
        "votes": [made.next(vote_id, secrets.token_hex(16)) for vote_id in ids],
        "answers": [(vote_id, "overall", 5) for vote_id in ids],
    }
    return votes / (_executemany if url.startswith("sqlite") else _copy)(url, rows)


def _executemany(url: str, rows: Mapping[str, Sequence[Row]]) -> float:
    connection = sqlite_like_the_server(url)
    began = perf_counter()
    for first in range(0, len(rows["votes"]), TOGETHER):
        connection.execute("BEGIN IMMEDIATE")
        for table, all_of_it in rows.items():
            connection.executemany(insertion(table, "?"), all_of_it[first : first + TOGETHER])
        connection.execute("COMMIT")
    seconds = perf_counter() - began
    connection.close()
    return seconds


def _copy(url: str, rows: Mapping[str, Sequence[Row]]) -> float:
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        began = perf_counter()
        for first in range(0, len(rows["votes"]), TOGETHER):
            for table, all_of_it in rows.items():
                statement = f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN".encode()
                with connection.cursor() as cursor, cursor.copy(statement) as copy:
                    for row in all_of_it[first : first + TOGETHER]:
                        copy.write_row(row)
            connection.commit()
        return perf_counter() - began


def _number(value: object) -> float:
    assert isinstance(value, (int, float))
    return float(value)


def _numbers(values: object) -> list[float]:
    assert isinstance(values, list)
    return [float(value) for value in values]
