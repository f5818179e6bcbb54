"""The metrics are for those who show the token, and for nobody where there is none."""

from collections.abc import Iterator

import pytest
from litestar.testing import TestClient

from sync_server.store.database import Database
from sync_server.web.app import create_app
from tests.sync_server.web.conftest import ADDRESS, Client, SettableClock

TOKEN = "a-long-enough-token_1"


@pytest.fixture
def monitored(office: Database, clock: SettableClock) -> Iterator[Client]:
    pages = create_app(office, ADDRESS, clock, metrics_token=TOKEN)
    with TestClient(pages, base_url=ADDRESS) as client:
        yield client


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_who_shows_the_token_reads_them(monitored: Client, scheme: str) -> None:
    answer = monitored.get("/metrics", headers={"authorization": f"{scheme} {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    assert 'hailong_kiosks{condition="well",site="sia"} 1.0' in answer.text


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN, "Bearer ấ"]
)
def test_who_does_not_reads_nothing(monitored: Client, authorization: str) -> None:
    answer = monitored.get("/metrics", headers={b"authorization": authorization.encode()})
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert monitored.get("/metrics").status_code == 401


def test_a_session_is_no_token(admin: Client, monitored: Client) -> None:
    monitored.cookies.update(admin.cookies)
    assert monitored.get("/metrics").status_code == 401


def test_without_a_token_in_the_settings_there_is_no_such_page(admin: Client) -> None:
    for headers in ({}, {"authorization": "Bearer "}, {"authorization": f"Bearer {TOKEN}"}):
        answer = admin.get("/metrics", headers=headers)
        assert answer.status_code == 404
        assert "Không có trang này" in answer.text
