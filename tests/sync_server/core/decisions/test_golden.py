"""Three whole Decisions, compared letter by letter; `UPDATE_GOLDEN=1 pytest` writes them anew, for a person to read."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from sync_server.core.decisions.facts import Facts
from sync_server.core.decisions.plain_text import as_text
from sync_server.core.decisions.preview import filled_document
from sync_server.core.decisions.values import computed_of
from tests.sync_server.core.decisions import samples

GOLDEN = Path(__file__).parent / "golden"
DECISIONS: dict[str, Callable[[], Facts]] = {
    "thi-tran-2019-quy-3": samples.old_office,
    "xa-2026-quy-4": samples.new_office,
    "xa-2026-quy-4-sua-doi": lambda: samples.amended_office(computed_of(samples.new_office().figures)),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_the_whole_text_is_as_it_was_read_and_approved(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    text = as_text(filled_document(DECISIONS[name]()))
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
