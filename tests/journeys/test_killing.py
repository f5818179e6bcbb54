"""The promise: a vote that a citizen was thanked for is stored exactly once, whatever is killed."""

from pathlib import Path

import pytest

from tests.fakes.databases import KINDS, new_database
from tests.journeys.torture import Torture

KILLS = 40


@pytest.mark.journey
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_lost_or_doubled_by_forty_kills(tmp_path: Path, seed: int, kind: str) -> None:
    (tmp_path / "server").mkdir()
    with new_database(kind, tmp_path / "server") as url:
        summary = Torture(tmp_path, seed, url).run(KILLS, tell=print)
    print(summary)
    assert summary.kills == KILLS
    assert summary.thanked > KILLS
    assert summary.whole, str(summary)
