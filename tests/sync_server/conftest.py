"""What the office's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.store.database import Database
from tests.fakes.databases import KINDS, new_database


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database: the test runs on each."""
    named: str = request.param
    return named


@pytest.fixture
def database_url(kind: str, tmp_path: Path) -> Iterator[str]:
    """A new database with its tables and nothing in them."""
    with new_database(kind, tmp_path) as url:
        yield url


@pytest.fixture
def empty_url(kind: str, tmp_path: Path) -> Iterator[str]:
    """A new database without tables."""
    folder = tmp_path / "empty"
    folder.mkdir()
    with new_database(kind, folder, tables=False) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, opened."""
    opened = Database(database_url)
    yield opened
    opened.close()
