"""A wording file is all that a further language needs."""

import shutil
import subprocess
import sys
from pathlib import Path

from kiosk.languages import LANGUAGES, WORDING

ROOT = Path(__file__).parents[2]
ASKS = (
    "from kiosk.languages import LANGUAGES; from kiosk.ui.wording import wording; print(LANGUAGES, wording('fr').name)"
)


def test_vietnamese_stands_first() -> None:
    assert LANGUAGES == ("vi", "en")


def test_a_file_that_is_added_is_a_language(tmp_path: Path) -> None:
    for room in ("kiosk", "protocol", "hardware"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    added = tmp_path / WORDING.relative_to(ROOT) / "fr.toml"
    added.write_text(
        (WORDING / "en.toml").read_text(encoding="utf-8").replace('name = "English"', 'name = "Français"', 1)
    )
    said = subprocess.run([sys.executable, "-c", ASKS], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert said.stdout == "('vi', 'en', 'fr') Français\n"
