"""Asking another server for its cases: patient with its troubles, which are told in words."""

import random
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from sync_server import case_source
from sync_server.case_source import ATTEMPTS, CaseSource, SourceTrouble
from sync_server.core.case_feed import CaseFeed
from sync_server.stand_in.feed import BREAK_OFF, StandIn
from tests.fakes.case_server import Calm, item, running
from tests.fakes.ports import free_port

TOKEN = "a-secret-token"


@pytest.fixture
def stand_in() -> StandIn:
    there = StandIn(TOKEN, page_size=2)
    there.put((item(number) for number in range(1, 6)), "maHoSo")
    return there


@pytest.fixture
def url(stand_in: StandIn) -> Iterator[str]:
    with running(stand_in) as address:
        yield address


class Asked:
    """A source whose pauses take no time and are kept."""

    def __init__(self, feed: CaseFeed, token: str = TOKEN, chance: random.Random | None = None) -> None:
        self.pauses: list[float] = []
        self.source = CaseSource(feed, token, sleep=self.pauses.append, chance=chance or Calm())

    def codes(self, since: str | None = None) -> list[str]:
        return [each["maHoSo"][-4:] for page in self.source.pages(since) for each in page.items]  # type: ignore[index]

    def trouble(self) -> str:
        with pytest.raises(SourceTrouble) as trouble:
            self.codes()
        return str(trouble.value)


def leading(url: str) -> CaseFeed:
    return CaseFeed(url=url, items="data.items", next="data.next")


def numbered(url: str) -> CaseFeed:
    return CaseFeed(url=url, items="data.items", page="page", since="since")


ALL = ["0001", "0002", "0003", "0004", "0005"]


@pytest.mark.parametrize("feed", [leading, numbered])
def test_every_page_is_asked_for(url: str, feed: Callable[[str], CaseFeed]) -> None:
    asked = Asked(feed(url))
    assert asked.codes() == ALL
    assert asked.pauses == []
    began = asked.source.began
    assert began is not None
    assert abs(began - datetime.now(UTC)).total_seconds() < 3600


def test_a_server_that_fails_for_a_while_is_asked_again_after_growing_pauses(url: str, stand_in: StandIn) -> None:
    stand_in.failures = deque([503, BREAK_OFF, 429, 500])
    asked = Asked(leading(url))
    assert asked.codes() == ALL
    assert asked.pauses == [1.0, 2.0, 4.0, 8.0]


def test_pauses_differ_from_one_office_to_the_next(url: str, stand_in: StandIn) -> None:
    paused = []
    for seed in (1, 2):
        stand_in.failures = deque([503, 503])
        asked = Asked(leading(url), chance=random.Random(seed))
        assert asked.codes() == ALL
        paused.append(asked.pauses)
    assert paused[0] != paused[1]


def test_a_server_that_says_how_long_to_wait_is_heeded_within_reason(url: str, stand_in: StandIn) -> None:
    for said, waited in ((7, 7.0), (86_400, 60.0)):
        stand_in.failures, stand_in.retry_after = deque([429]), said
        asked = Asked(leading(url))
        assert asked.codes() == ALL
        assert asked.pauses == [waited]


@pytest.mark.parametrize(
    ("failure", "words"),
    [(503, "it is busy or out of order (503)"), (BREAK_OFF, "it cannot be reached, or breaks off")],
)
def test_patience_ends(url: str, stand_in: StandIn, failure: int, words: str) -> None:
    stand_in.failures = deque([failure] * ATTEMPTS)
    asked = Asked(leading(url))
    assert asked.trouble() == f"{url}: {words}; asked {ATTEMPTS} times"
    assert len(asked.pauses) == ATTEMPTS - 1


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (401, "it refuses the token (401): put the right one into the file that token_file names"),
        (403, "this token may not read it (403)"),
        (404, "there is nothing at this address (404)"),
        (302, "it sends elsewhere (302): put the address that it leads to into the settings"),
        (304, "it sends elsewhere (304): put the address that it leads to into the settings"),
        (418, "it answers with an error (418)"),
    ],
)
def test_what_would_fail_again_is_told_at_once(url: str, stand_in: StandIn, failure: int, words: str) -> None:
    stand_in.failures = deque([failure])
    asked = Asked(leading(url))
    assert asked.trouble() == f"{url}: {words}"
    assert asked.pauses == []


def test_a_wrong_token_is_refused_and_not_told(url: str) -> None:
    told = Asked(leading(url), "another-token").trouble()
    assert "it refuses the token" in told
    assert "another-token" not in told
    assert "it refuses the token" in Asked(leading(url), "").trouble()


def test_a_query_may_hold_a_secret_and_is_not_told(url: str, stand_in: StandIn) -> None:
    stand_in.failures = deque([404])
    assert Asked(leading(f"{url}?key=secret")).trouble() == f"{url}: there is nothing at this address (404)"


def test_nobody_listens() -> None:
    url = f"http://127.0.0.1:{free_port()}/cases"
    assert Asked(leading(url)).trouble() == f"{url}: it cannot be reached, or breaks off; asked {ATTEMPTS} times"


def test_a_server_without_tls_is_no_server_with_it(url: str) -> None:
    secure = url.replace("http:", "https:")
    assert Asked(leading(secure)).trouble() == f"{secure}: its certificate is not trusted, or it speaks no TLS"


def test_only_this_machine_is_asked_without_tls() -> None:
    with pytest.raises(SourceTrouble, match=r"mot-cua\.example is not this machine: expected https"):
        CaseSource(CaseFeed(url="http://mot-cua.example/"))
    CaseSource(CaseFeed(url="http://mot-cua.example/", insecure=True))
    CaseSource(CaseFeed(url="https://mot-cua.example/"))


def test_a_token_that_would_be_more_than_a_token_is_not_sent(url: str) -> None:
    with pytest.raises(SourceTrouble, match="the token cannot be sent") as trouble:
        CaseSource(CaseFeed(url=url), "a\r\nX-Other: b")
    assert "X-Other" not in str(trouble.value)


def test_what_is_not_what_it_was_said_to_be_is_told(url: str) -> None:
    assert Asked(CaseFeed(url=url, items="items")).trouble() == f"{url}: expected a list at 'items'"
    assert Asked(CaseFeed(url=url)).trouble() == f"{url}: expected a list as the whole page"


class Odd(StandIn):
    """Sends one page, whatever is asked for."""

    content = b""

    def page(self, number: int, since: str | None) -> bytes:
        return self.content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "expected JSON, found something else"),
        (b"[" * 100_000, "expected JSON, found something else"),
        (b"\xff", "expected JSON, found something else"),
        (b'{"data": {"items": [], "next": "/cases"}}', "a page says that it is followed by an earlier one"),
        (b'{"data": {"items": [], "next": "http://127.0.0.2/"}}', "the next page is said to be on another server"),
    ],
)
def test_odd_pages_end_it_in_words(content: bytes, words: str) -> None:
    odd = Odd()
    odd.content = content
    with running(odd) as url:
        assert Asked(leading(url)).trouble() == f"{url}: {words}"


def test_a_page_without_end_is_left(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_source, "LARGEST_PAGE", 100)
    assert "a page is larger than 0 MiB: ask for smaller ones" in Asked(leading(url)).trouble()


def test_pages_without_end_are_left(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_source, "MOST_PAGES", 2)
    for feed in (leading(url), numbered(url)):
        assert Asked(feed).trouble() == f"{url}: there are more than 2 pages"


def test_pages_that_did_not_change_do_not_travel_again(url: str, stand_in: StandIn) -> None:
    source = Asked(numbered(url)).source
    etags = [page.etag for page in source.pages()]
    assert len(etags) == 4
    assert all(etags)
    assert [(page.number, page.unchanged) for page in source.pages(None, etags)] == [(n, True) for n in (1, 2, 3, 4)]
    stand_in.put([item(3, ngayTra="2026-10-05"), item(6), item(7)], "maHoSo")
    again = list(source.pages(None, etags))
    assert [(page.number, page.unchanged) for page in again] == [(1, True), *((n, False) for n in (2, 3, 4, 5))]
    assert [len(page.items) for page in again] == [0, 2, 2, 1, 0]


def test_pages_that_lead_to_each_other_are_always_asked_for(url: str, stand_in: StandIn) -> None:
    source = Asked(leading(url)).source
    assert [page.etag for page in source.pages()] == ["", "", ""]
    stand_in.page_size = 50
    [page] = source.pages()
    assert page.etag
    assert [page.unchanged for page in source.pages(None, [page.etag])] == [True]


def test_only_what_changed_is_asked_for(url: str, stand_in: StandIn) -> None:
    later = datetime(2100, 1, 1, tzinfo=UTC)
    stand_in.put([item(9)], "maHoSo", later)
    assert Asked(numbered(url)).codes("2099-12-31T00:00:00Z") == ["0009"]
    assert all("since=2099" in each for each in stand_in.requests)
