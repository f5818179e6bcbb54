"""The languages that the screens speak: there is a wording file of each, and to add one is to add a file."""

from pathlib import Path

WORDING = Path(__file__).parent / "ui" / "wording"
FIRST = "vi"

# As they stand in the header.
LANGUAGES = (FIRST, *sorted(path.stem for path in WORDING.glob("*.toml") if path.stem != FIRST))
