"""A process that is killed while it issues leaves what was reviewed or what is issued, whole."""

import hashlib
import random
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from sync_server.core.decisions.states import State
from sync_server.core.spans import Span
from sync_server.deciding import ARCHIVE, DOCX, PDF
from sync_server.store.database import Database
from sync_server.store.decisions import Kept, kept_versions
from tests.fakes.decided import closed, desk_of, reviewed
from tests.fakes.decision_parts import verify
from tests.fakes.issuing import MARKS
from tests.fakes.small_office import SITE, seed_kiosk, seed_office, seed_votes

ROOT = Path(__file__).parents[2]
QUARTER = Span.parse("2026-Q4")
LATER = datetime(2027, 1, 5, 2, tzinfo=UTC)
MOST_ATTEMPTS = 10


def check_whole(database: Database, folder: Path) -> Kept:
    with database.reading() as connection:
        [kept] = kept_versions(connection, SITE)
    assert kept.folder is not None
    files = {path.name: path.read_bytes() for path in (folder / kept.folder).iterdir()}
    if kept.state is State.ISSUED:
        assert files.keys() == {DOCX, PDF, ARCHIVE}
        assert hashlib.sha256(files[ARCHIVE]).hexdigest() == kept.archive_sha256
        assert verify(folder / kept.folder / ARCHIVE) == []
    else:
        assert kept.state is State.REVIEWED
        assert files.keys() == {DOCX, PDF}
    assert b"5 " in files[DOCX]
    return kept


def test_whenever_it_is_killed_the_old_state_or_the_new_is_there_whole(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    seed_office(database)
    seed_kiosk(database)
    seed_votes(database, [5, 5, 4, 2, 1])
    folder = tmp_path / "data"
    closed(database, QUARTER, LATER)
    reviewed(desk_of(database, folder), QUARTER, LATER)
    chance = random.Random(7)
    states = []
    for attempt in range(MOST_ATTEMPTS):
        command = [sys.executable, "-m", "tests.fakes.issuing", database_url, str(folder), str(QUARTER)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            # From the beginning to the very end, where a few milliseconds decide.
            for _ in range(min(attempt + 1, MARKS)):
                process.stdout.readline()
            if attempt < MOST_ATTEMPTS - 1:
                threading.Event().wait(chance.random() * 0.02)
                process.send_signal(signal.SIGKILL)
            process.wait(timeout=60)
        states.append(check_whole(database, folder).state)
        if states[-1] is State.ISSUED:
            break
    assert states[-1] is State.ISSUED
    assert states[0] is State.REVIEWED
    place = folder / "decisions" / SITE / str(QUARTER) / "1"
    assert {path.name for path in place.iterdir()} <= {".lock", "ban-hanh-3", "du-thao-1"}
