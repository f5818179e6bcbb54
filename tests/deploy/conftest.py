import shutil
from pathlib import Path

import pytest

from tests.deploy.programs import Programs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def programs(tmp_path: Path) -> Programs:
    return Programs(tmp_path / "programs")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of the set-up alone, whose requirements are met by nothing."""
    checkout = tmp_path / "checkout"
    (checkout / "deploy").mkdir(parents=True)
    (checkout / "tests").mkdir()
    for source in (ROOT / "deploy").glob("*.py"):
        shutil.copy(source, checkout / "deploy")
    (checkout / "requirements.txt").write_text("# nothing\n", encoding="utf-8")
    (checkout / "tests" / "requirements.txt").write_text("-r ../requirements.txt\n", encoding="utf-8")
    return checkout
