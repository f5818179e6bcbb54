"""What a quarter has and lacks, read from the tables."""

from datetime import UTC, date, datetime

import pytest

from sync_server.core.channels import Channel
from sync_server.core.decisions.readiness import OpenBatch
from sync_server.core.paper import Batch
from sync_server.core.rules import Rules
from sync_server.store.database import Database
from sync_server.store.paper import Deed, close_batch, kept_batch, open_batch
from sync_server.store.readiness import first_vote, look
from tests.fakes.labelled import cast, register, run_rules
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_office

DAYS = (date(2026, 10, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)


def test_of_an_office_without_anything(database: Database) -> None:
    with database.reading() as connection:
        found = look(connection, SITE, "2026-Q4", DAYS, Rules())
        assert first_vote(connection, SITE) is None
    assert [kiosk.kiosk for kiosk in found.kiosks] == ["kiosk-1"]
    assert (found.newest_case, found.undated, found.unjudged_days, dict(found.unreviewed)) == (None, 0, 0, {})


def test_labels_cases_days_and_votes_without_a_time_are_counted(database: Database) -> None:
    cast(database, 1, labels=["hasty"], case_token="a" * 32)
    cast(database, 2, case_token="b" * 32)
    end = datetime(2026, 12, 31, 9, tzinfo=UTC)
    cast(database, 3, hour=end, until_hour=datetime(2027, 1, 2, 9, tzinfo=UTC))
    register(database, "a" * 32)
    with database.reading() as connection:
        found = look(connection, SITE, "2026-Q4", DAYS, Rules(excluded=("hasty",)))
        assert first_vote(connection, SITE) == date(2026, 11, 20)
    assert (found.undated, found.unjudged_days, found.cases_unknown) == (1, 2, 1)
    assert found.newest_case == date(2026, 11, 20)
    assert dict(found.unreviewed) == {"hasty": 1}
    assert found.excluded == ("hasty",)
    run_rules(database)
    with database.reading() as connection:
        assert look(connection, SITE, "2026-Q4", DAYS, Rules()).unjudged_days == 0


def test_batches_count_as_open_until_they_are_closed(database: Database) -> None:
    deed = Deed(NOW, "Hà")
    with database.writing() as connection:
        for name in ("lo-1", "lo-2"):
            open_batch(connection, SITE, Batch(name, Channel.PAPER, *DAYS, 1), None, deed)
        close_batch(connection, kept_batch(connection, SITE, "lo-2"), 0, deed)
    with database.reading() as connection:
        assert look(connection, SITE, "2026-Q4", DAYS, Rules()).batches == (OpenBatch("lo-1"),)
