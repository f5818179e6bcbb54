"""Running commands as `python -m sync_server` does, in this process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync_server.__main__ import main
from sync_server.store.database import Database
from tests.fakes.small_office import seed_kiosk, seed_office


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the server keeps its database and keys."""
    return tmp_path / "server"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command of a server of its own."""
    settings = tmp_path / "server.toml"
    settings.write_text('[storage]\nfolder = "server"\n[web]\npublic_address = "https://hailong.example"\n')

    def run_it(*arguments: str | Path) -> Outcome:
        code = main(["--settings", str(settings), *map(str, arguments)])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run_it


@pytest.fixture
def seeded(folder: Path) -> Iterator[Database]:
    """The server's database with a small office and a kiosk."""
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'server.sqlite'}")
    database.migrate()
    seed_office(database)
    seed_kiosk(database)
    yield database
    database.close()
