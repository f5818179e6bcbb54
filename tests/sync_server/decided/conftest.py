"""An office on either database whose Decisions are made by the real parts."""

from pathlib import Path

import pytest

from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.rules import Rules
from sync_server.store.database import Database
from tests.fakes.whole_office import WholeOffice

RULES = Rules(least_shown=1, labelling=Labelling(rules=()))


@pytest.fixture
def office(database: Database, tmp_path: Path) -> WholeOffice:
    """An office with two kiosks that nobody has used yet."""
    made = WholeOffice(database, tmp_path / "data", RULES)
    for kiosk in ("quay-1", "quay-2"):
        made.kiosk(kiosk)
        made.report(kiosk)
    return made
