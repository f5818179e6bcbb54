"""What the office's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.store.database import Database
from tests.fakes.small_office import migrated


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new SQLite file with its tables and nothing in them."""
    opened = migrated(tmp_path)
    yield opened
    opened.close()
