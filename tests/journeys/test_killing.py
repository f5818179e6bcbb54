"""The promise: a vote that a citizen was thanked for is stored exactly once, whatever is killed."""

from pathlib import Path

import pytest

from tests.journeys.torture import Torture

KILLS = 40


@pytest.mark.journey
def test_nothing_is_lost_or_doubled_by_forty_kills(tmp_path: Path, seed: int) -> None:
    summary = Torture(tmp_path, seed).run(KILLS, tell=print)
    print(summary)
    assert summary.kills == KILLS
    assert summary.thanked > KILLS
    assert summary.whole, str(summary)
