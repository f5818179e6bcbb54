"""The pages over HTTP: events, and an end that waits for nobody."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from sync_server.store.changes import change_number
from sync_server.store.database import Database
from sync_server.store.people import create_link
from tests.fakes.served_pages import ServedPages, served
from tests.fakes.small_office import seed_votes

SOON = 1.0  # seconds: a change is on the page, and a server has stopped, within this


@pytest.fixture
def pages(office: Database) -> Iterator[ServedPages]:
    with served(office) as pages:
        yield pages


@pytest.fixture
def browser(pages: ServedPages, office: Database) -> Iterator[httpx.Client]:
    """A client that is signed in and follows no redirects."""
    with httpx.Client(base_url=pages.address, timeout=20) as client:
        link = create_link(office, "Trần Thu Hà", datetime.now(UTC))
        assert client.post(f"/sign-in/{link}").status_code == 303
        yield client


def next_event(lines: Iterator[str]) -> dict[str, str]:
    event: dict[str, str] = {}
    for line in lines:
        if not line and "event" in event:
            return event
        name, _, value = line.partition(": ")
        event[name] = value
    raise AssertionError("the stream ended")


def test_a_vote_is_told_to_who_listens(office: Database, browser: httpx.Client) -> None:
    seen = change_number(office)
    with browser.stream("GET", f"/events?seen={seen}") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines) == "retry: 2000"
        seed_votes(office, [5])
        assert next_event(lines)["event"] == "changed"


def test_what_changed_before_listening_is_told_at_once(office: Database, browser: httpx.Client) -> None:
    seen = change_number(office)
    seed_votes(office, [5])
    with browser.stream("GET", f"/events?seen={seen}") as answer:
        assert next_event(answer.iter_lines())["data"] == str(seen + 1)


def test_the_server_stops_within_a_second_while_pages_listen(
    pages: ServedPages, office: Database, browser: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    seen = change_number(office)
    with browser.stream("GET", f"/events?seen={seen}") as one, browser.stream("GET", "/events") as other:
        next(one.iter_lines())
        next_event(other.iter_lines())
        assert pages.stop() < SOON
    assert [record for record in caplog.records if record.levelno > logging.WARNING] == []


def test_the_secret_of_a_link_is_in_no_log(
    browser: httpx.Client, office: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    link = create_link(office, "Trần Thu Hà", datetime.now(UTC))
    browser.get(f"/sign-in/{link}")
    browser.post(f"/sign-in/{link}")
    logged = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert not any(link in record.getMessage() for record in logged)


def test_the_software_is_not_named(browser: httpx.Client) -> None:
    assert "server" not in browser.get("/healthz").headers
