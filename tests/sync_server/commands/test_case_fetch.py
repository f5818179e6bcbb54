"""`cases fetch` asks another server, says what came of it, and what is wrong in words."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server import case_source
from sync_server.commands import case_fetch
from sync_server.stand_in.feed import StandIn
from sync_server.store.database import Database
from tests.fakes.case_server import item, running
from tests.sync_server.commands.conftest import Run

FEED = """
url = "{url}"
token_file = "token"
items = "data.items"
page = "page"
[columns]
case_code = "maHoSo"
procedure = "thuTuc"
officer = "canBo.ma"
received = "ngayNhan"
due = "hanTra"
"""


@pytest.fixture
def stand_in() -> StandIn:
    there = StandIn("a-secret", page_size=2)
    there.put((item(number) for number in range(1, 4)), "maHoSo")
    return there


@pytest.fixture
def feed(stand_in: StandIn, tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "token").write_text("a-secret\n")
    (tmp_path / "token").chmod(0o600)
    file = tmp_path / "feed.toml"
    with running(stand_in) as url:
        file.write_text(FEED.format(url=url))
        yield file


def test_a_fetch_says_what_came_of_it(run: Run, seeded: Database, feed: Path) -> None:
    done = run("cases", "fetch", "--feed", feed)
    assert (done.code, done.err) == (0, "")
    told = "0 changed, 0 unchanged; 0 rows refused; 0 earlier votes assigned\n"
    assert done.out == f"sia: 3 pages; 3 cases new, {told}"
    again = run("cases", "fetch", "--feed", feed)
    assert again.out == f"sia: 3 pages, 3 of them unchanged; 0 cases new, {told}"
    assert "3 unchanged; 0 rows" in run("cases", "fetch", "--feed", feed, "--all").out


def test_the_settings_name_the_feed_of_each_site(run: Run, seeded: Database, feed: Path, tmp_path: Path) -> None:
    assert "sia: no feed is known: name its file as cases.feeds or with --feed" in run("cases", "fetch").err
    settings = tmp_path / "server.toml"
    settings.write_text(settings.read_text() + '[cases]\nfeeds = { sia = "feed.toml" }\n')
    assert run("cases", "fetch").code == 0
    settings.write_text(settings.read_text().replace("sia =", '"S i a" ='))
    assert "feeds: expected sites as keys" in run("cases", "fetch").err


def test_refused_items_are_named_by_their_place(
    run: Run, seeded: Database, feed: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_fetch, "MOST_REASONS", 1)
    stand_in.put((item(number, thuTuc="Secret") for number in (1, 2, 3)), "maHoSo")
    done = run("cases", "fetch", "--feed", feed)
    assert done.code == 1
    assert done.err.splitlines() == [
        "page 1, item 1: procedure: there is no such procedure",
        "… and others: only the first 1 are named",
    ]
    assert "3 rows refused" in done.out


def test_trouble_is_told_in_a_sentence_with_what_came_before(
    run: Run, seeded: Database, feed: Path, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_source, "MOST_PAGES", 1)
    done = run("cases", "fetch", "--feed", feed)
    assert (done.code, done.out) == (2, "")
    assert "there are more than 1 pages\nbefore that: 2 cases new" in done.err
    stand_in.failures = deque([403])
    assert run("cases", "fetch", "--feed", feed).err.endswith("/cases: this token may not read it (403)\n")


def test_a_feed_that_is_none_is_named(run: Run, seeded: Database, feed: Path, tmp_path: Path) -> None:
    assert "cannot be read" in run("cases", "fetch", "--feed", tmp_path / "none.toml").err
    (tmp_path / "token").chmod(0o644)
    assert "others may read the token; run: chmod 600" in run("cases", "fetch", "--feed", feed).err
    feed.write_text('url = "http://mot-cua.example/"')
    assert "mot-cua.example is not this machine" in run("cases", "fetch", "--feed", feed).err
