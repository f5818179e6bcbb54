from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.simulator import SimulatedScanner


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """Where the scanner of a test is plugged in."""
    return tmp_path / "scanner"


@pytest.fixture
def scanner(link: Path) -> Iterator[SimulatedScanner]:
    with SimulatedScanner(link) as plugged_in:
        yield plugged_in
