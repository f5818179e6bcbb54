"""A fetch brings what is new, loses nothing when it is broken off, and asks again for what it could not use."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from protocol.settings_file import SettingsMistake
from sync_server import case_fetching
from sync_server.case_fetching import Fetched, fetch, read_feed, read_token
from sync_server.case_source import ATTEMPTS, CaseSource, SourceTrouble
from sync_server.core.case_feed import CaseFeed
from sync_server.core.case_rows import CaseReader
from sync_server.stand_in.feed import StandIn
from sync_server.store.cases import Registered
from sync_server.store.database import Database
from sync_server.store.schema import case_sources, cases
from tests.fakes.case_server import item, running
from tests.fakes.small_office import SITE, seed_office

COLUMNS = {
    "case_code": "maHoSo",
    "procedure": "thuTuc",
    "officer": "canBo.ma",
    "received": "ngayNhan",
    "due": "hanTra",
    "returned": "ngayTra",
}
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def stand_in() -> StandIn:
    there = StandIn(page_size=2)
    there.put((item(number) for number in range(1, 6)), "maHoSo", datetime(2026, 11, 1, tzinfo=UTC))
    return there


@pytest.fixture
def url(stand_in: StandIn) -> Iterator[str]:
    with running(stand_in) as address:
        yield address


@pytest.fixture
def office(database: Database) -> Database:
    seed_office(database)
    return database


class Fetching:
    """Fetches from one feed into one database, again and again."""

    def __init__(self, database: Database, feed: CaseFeed) -> None:
        self.database = database
        self.feed = feed
        self.refused: list[str] = []

    def __call__(self, *, everything: bool = False, officers: frozenset[str] = frozenset({"huong"})) -> Fetched:
        fetched = Fetched()
        self.refused = []
        reader = CaseReader(date(2026, 11, 20), self.feed, {"1.001193"}, officers)
        source = CaseSource(self.feed, sleep=lambda _: None)
        fetch(
            *(self.database, SITE, bytes(32), source, reader, self.feed),
            fetched=fetched,
            refuse=self.refused.append,
            everything=everything,
        )
        return fetched


def by_etag(url: str) -> CaseFeed:
    return CaseFeed(url=url, items="data.items", page="page", columns=COLUMNS)


def by_time(url: str) -> CaseFeed:
    return CaseFeed(url=url, items="data.items", next="data.next", since="since", columns=COLUMNS)


def test_cases_come_with_all_their_days(office: Database, url: str, stand_in: StandIn) -> None:
    stand_in.put([item(1, ngayTra="08/10/2026"), item(2, hanTra=None)], "maHoSo")
    assert Fetching(office, by_time(url))().done == Registered(new=5)
    with office.reading() as connection:
        found = connection.execute(select(cases.c.received, cases.c.due, cases.c.returned)).all()
    received, due = date(2026, 10, 2), date(2026, 10, 9)
    usual = [(received, due, None)] * 3
    others = [(received, due, date(2026, 10, 8)), (received, None, None)]
    assert sorted(map(tuple, found), key=str) == sorted([*usual, *others], key=str)


def test_a_second_fetch_asks_only_for_what_changed_since(office: Database, url: str, stand_in: StandIn) -> None:
    fetching = Fetching(office, by_time(url))
    fetching()
    assert fetching().done == Registered()
    stand_in.put([item(3, ngayTra="08/10/2026"), item(6)], "maHoSo", LATER)
    assert fetching().done == Registered(new=1, changed=1)
    assert fetching(everything=True).done == Registered(unchanged=6)


def test_a_second_fetch_leaves_pages_that_did_not_change(office: Database, url: str, stand_in: StandIn) -> None:
    fetching = Fetching(office, by_etag(url))
    assert (fetching().pages, fetching().unchanged) == (4, 4)
    stand_in.put([item(3, ngayTra="08/10/2026")], "maHoSo", LATER)
    fetched = fetching()
    assert (fetched.done, fetched.unchanged) == (Registered(changed=1, unchanged=1), 3)
    assert fetching(everything=True).unchanged == 0


@pytest.mark.parametrize("feed", [by_etag, by_time])
def test_what_was_refused_is_asked_for_again(
    office: Database, url: str, stand_in: StandIn, feed: Callable[[str], CaseFeed]
) -> None:
    fetching = Fetching(office, feed(url))
    stand_in.put([item(3, canBo={"ma": "moi"}), item(4, canBo=["Secret"])], "maHoSo")
    assert fetching().refused == 2
    assert fetching.refused == [
        "page 2, item 1: officer: there is no such officer",
        "page 2, item 2: officer: expected something, found nothing",
    ]
    # Meanwhile the office has named its new officer, and the other program has put its case right.
    stand_in.put([item(4)], "maHoSo")
    assert fetching(officers=frozenset({"huong", "moi"})).done.new == 2
    again = fetching(officers=frozenset({"huong", "moi"}))
    assert (again.refused, again.done.new, again.done.changed) == (0, 0, 0)


def test_what_came_before_trouble_is_kept_and_the_rest_comes_the_next_time(
    office: Database, url: str, stand_in: StandIn
) -> None:
    fetching = Fetching(office, by_time(url))
    seen = StandIn.page

    def page_then_trouble(self: StandIn, number: int, since: str | None) -> bytes:
        if number == 2:
            stand_in.failures.extend([503] * ATTEMPTS)
        return seen(self, number, since)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(StandIn, "page", page_then_trouble)
        with pytest.raises(SourceTrouble, match="busy or out of order"):
            fetching()
    with office.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(cases)) == 4
    assert fetching().done == Registered(new=1, unchanged=4)


def test_another_feed_begins_anew(office: Database, url: str) -> None:
    Fetching(office, by_etag(url))()
    other = Fetching(office, CaseFeed(url=url, items="data.items", page="page", columns={**COLUMNS, "channel": "kenh"}))
    assert other().unchanged == 0


def test_many_cases_come_in_several_transactions(
    office: Database, url: str, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_fetching, "A_LOT", 2)
    stand_in.page_size = 50
    assert Fetching(office, by_time(url))().done == Registered(new=5)


def test_no_code_and_no_address_is_kept(office: Database, url: str) -> None:
    Fetching(office, by_etag(url))()
    with office.reading() as connection:
        kept = str(connection.execute(select(case_sources)).one())
    assert "261002" not in kept
    assert "127.0.0.1" not in kept


def test_a_feed_and_its_token_are_read_from_their_files(tmp_path: Path) -> None:
    file, token = tmp_path / "feed.toml", tmp_path / "token"
    file.write_text('url = "https://mot-cua.example/cases"\ntoken_file = "token"\n[columns]\ncase_code = "maHoSo"\n')
    feed = read_feed(file)
    with pytest.raises(SourceTrouble, match=f"{token}: cannot be read: No such file"):
        read_token(feed)
    token.write_text("a-secret\n")
    token.chmod(0o640)
    with pytest.raises(SourceTrouble, match=f"others may read the token; run: chmod 600 {token}"):
        read_token(feed)
    token.chmod(0o600)
    assert read_token(feed) == "a-secret"
    token.write_text("\n")
    with pytest.raises(SourceTrouble, match="expected the token in its first line"):
        read_token(feed)
    file.write_text('url = "https://mot-cua.example/cases"\n')
    assert read_token(read_feed(file)) == ""
    file.write_text('address = "https://mot-cua.example/cases"\n')
    with pytest.raises(SettingsMistake, match="address"):
        read_feed(file)
