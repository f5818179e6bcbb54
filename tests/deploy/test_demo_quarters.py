"""The demo's finished quarters: which they are, once, and what is said when they cannot be made up."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.demo_office import DemoTrouble, Office
from deploy.demo_quarters import Quarters, last_two
from sync_server.core.quarter import Quarter


@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_the_two_quarters_before_a_day_are_complete_and_follow_each_other(day: date) -> None:
    older, newest = (Quarter.parse(text) for text in last_two(day))
    assert older.last < newest.first <= newest.last < day
    assert (newest.first - older.last).days == 1
    assert (day - newest.last).days <= 92


def test_they_are_chosen_once(tmp_path: Path) -> None:
    (tmp_path / "quarters").mkdir()
    chosen = Quarters(Office(tmp_path)).names
    assert Quarters(Office(tmp_path)).names == chosen
    (tmp_path / "quarters" / "chosen").write_text("2019-Q2 2019-Q3", encoding="utf-8")
    assert Quarters(Office(tmp_path)).names == ("2019-Q2", "2019-Q3")


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    (tmp_path / "quarters").mkdir()
    (tmp_path / "quarters" / "done").touch()
    told: list[str] = []
    Quarters(Office(tmp_path)).prepare(told.append)
    assert told == []


def test_why_they_cannot_be_made_up_is_said_in_the_command_s_words(tmp_path: Path) -> None:
    (tmp_path / "server.toml").write_text('[storage]\nfolder = "nowhere"\n', encoding="utf-8")
    with pytest.raises(DemoTrouble, match="there is no database here"):
        Quarters(Office(tmp_path)).prepare(lambda step: None)
    assert not (tmp_path / "quarters" / "done").exists()
