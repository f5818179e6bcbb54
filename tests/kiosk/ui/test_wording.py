"""Everything is said in every language, and the same things are filled in."""

import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.core.survey import SURVEY
from kiosk.ui import wording as package
from kiosk.ui.wording import LANGUAGES, Wording, wording
from protocol.codes import RefusedReason

FOLDER = Path(package.__file__).parent


def texts(language: str) -> dict[str, str]:
    """Return every text of a file by its dotted key."""

    def walk(part: dict[str, Any], before: str) -> Iterator[tuple[str, str]]:
        for key, value in part.items():
            if isinstance(value, dict):
                yield from walk(value, f"{before}{key}.")
            else:
                yield before + key, value

    return dict(walk(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8")), ""))


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_file_is_a_language_of_the_header() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_have_the_same_keys(language: str) -> None:
    assert texts(language).keys() == texts("vi").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_things_are_filled_in(language: str) -> None:
    vietnamese = texts("vi")
    assert {key: blanks(text) for key, text in texts(language).items()} == {
        key: blanks(text) for key, text in vietnamese.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_unsaid(language: str) -> None:
    said = wording(language)
    assert all(text.strip() == text and text for text in texts(language).values())
    assert set(said.rate.levels) == set(SURVEY.criteria[0].levels)
    assert set(said.refused) == set(RefusedReason)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_signs_that_the_font_has_are_used(language: str) -> None:
    # Roboto has every Vietnamese letter, but no arrows, ticks, stars or emoji: those are drawn.
    known = set(" \n.,:;!?/·…–“”{}()")
    for key, text in texts(language).items():
        assert {letter for letter in text if not letter.isalnum()} <= known, key


def test_a_missing_or_unknown_key_is_a_mistake() -> None:
    whole = tomllib.loads((FOLDER / "vi.toml").read_text(encoding="utf-8"))
    with pytest.raises(msgspec.ValidationError, match="missing required field `name`"):
        msgspec.convert({key: part for key, part in whole.items() if key != "name"}, Wording, strict=False)
    with pytest.raises(msgspec.ValidationError, match="unknown field `greeting`"):
        msgspec.convert({**whole, "greeting": "Xin chào"}, Wording, strict=False)
