"""What the ingest is measured beside: a subscriber that only counts, and one as a tutorial would write it.

`python -m tests.bench.subscribers receive-only|naive PORT PASSWORD_FILE MESSAGES [DATABASE_URL]` writes `ready`,
takes so many messages, and then writes how many seconds passed between the first and the last of them.
"""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import psycopg

from sync_server.broker.outside import Account, OutsideBroker
from sync_server.core.topic_filters import of_all_kiosks
from tests.bench.rows import Row, Rows, insertion, sqlite_like_the_server


class Counting:
    """Counts, and notes when the first and the last came."""

    def __init__(self, messages: int, take: Callable[[bytes], None]) -> None:
        self._left = messages
        self._take = take
        self._began = 0.0
        self.seconds = 0.0
        self.done = threading.Event()

    def receive(self, _topic: str, payload: bytes) -> None:
        if not self._began:
            self._began = perf_counter()
        self._take(payload)
        self._left -= 1
        if not self._left:
            self.seconds = perf_counter() - self._began
            self.done.set()


def naive(url: str) -> Callable[[bytes], None]:
    """Return what stores a message's votes in a transaction of their own, on either database."""
    made = Rows(url)
    if url.startswith("sqlite"):
        lite = sqlite_like_the_server(url)

        def into_sqlite(payload: bytes) -> None:
            lite.execute("BEGIN IMMEDIATE")
            for table, rows in _rows(made, payload).items():
                lite.executemany(insertion(table, "?"), rows)
            lite.execute("COMMIT")

        return into_sqlite
    post = psycopg.connect(url.replace("+psycopg", "", 1))

    def into_postgres(payload: bytes) -> None:
        with post.cursor() as cursor:
            for table, rows in _rows(made, payload).items():
                cursor.executemany(insertion(table, "%s"), rows)
        post.commit()

    return into_postgres


def _rows(made: Rows, payload: bytes) -> dict[str, list[Row]]:
    votes = json.loads(payload)["votes"]
    return {
        "votes": [made.next(vote["vote_id"], vote["case_token"]) for vote in votes],
        "answers": [(vote["vote_id"], "overall", vote["answers"]["overall"]) for vote in votes],
    }


def main() -> int:
    """Subscribe, count, say how long it took."""
    kind, port, password_file, messages, *rest = sys.argv[1:]
    take = naive(rest[0]) if kind == "naive" else lambda _payload: None
    counting = Counting(int(messages), take)
    password = Path(password_file).read_text(encoding="utf-8").strip()
    link = OutsideBroker(Account("127.0.0.1", int(port), "ingest", password), of_all_kiosks(), counting.receive)
    link.start()
    while not link.connected:
        threading.Event().wait(0.05)
    print("ready", flush=True)
    counting.done.wait()
    link.stop()
    print(counting.seconds, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
