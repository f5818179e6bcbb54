"""Headers, static files, health, and answers when something is wrong."""

import asyncio
import logging
from contextlib import aclosing

import pytest
from litestar.testing import TestClient

from sync_server.store.database import Database
from sync_server.web import live
from sync_server.web.app import create_app
from sync_server.web.assets import read_assets
from sync_server.web.live import Changes
from sync_server.web.pages.service import messages
from tests.sync_server.web.conftest import ADDRESS, Client, SettableClock

ASSETS = read_assets()


@pytest.mark.parametrize(
    "path", ["/", "/figures/2026-Q4", "/no/such/page", "/healthz", "/sign-in/x", ASSETS.address("app.css")]
)
def test_every_answer_carries_the_headers(stranger: Client, path: str) -> None:
    headers = stranger.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; ")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "permissions-policy" in headers
    assert "strict-transport-security" not in headers


def test_pages_are_not_kept_and_static_files_are(admin: Client) -> None:
    for path in ("/figures/2026-Q4", "/figures/2026-Q4/fragment", "/", "/nothing"):
        assert admin.get(path).headers["cache-control"] == "no-store"
    static = admin.get(ASSETS.address("app.js"))
    assert static.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "set-cookie" not in static.headers


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("app.css", "text/css"),
        ("app.js", "text/javascript"),
        ("htmx.min.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_static_files_need_no_session(stranger: Client, name: str, kind: str) -> None:
    answer = stranger.get(ASSETS.address(name))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.content == ASSETS.by_name[name].content


@pytest.mark.parametrize(
    "path", [f"/static/{ASSETS.fingerprint}/app.py", "/static/old/app.css", "/static/x/%2e%2e%2fapp.py"]
)
def test_other_static_addresses_are_none(stranger: Client, path: str) -> None:
    assert stranger.get(path).status_code == 404


def test_templates_cannot_ask_for_a_file_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        ASSETS.address("app.py")


def test_our_own_script_is_small() -> None:
    assert len(ASSETS.by_name["app.js"].content) < 2000


def test_a_page_that_is_none_is_answered_in_words(stranger: Client) -> None:
    answer = stranger.get("/no/such/page")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text


def test_a_request_that_is_not_understood_is_answered_in_words(admin: Client) -> None:
    answer = admin.request("DELETE", "/sign-out")
    assert answer.status_code == 405
    assert "Không thực hiện được" in answer.text
    assert admin.get("/events?seen=abc").status_code == 400
    assert admin.post("/sign-out", content=b"x" * 20_000).status_code == 413


def test_listening_is_refused_where_too_many_listen(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_LISTENERS", 0)
    answer = admin.get("/events")
    assert answer.status_code == 503
    assert "Quá nhiều trang đang mở" in answer.text


def test_a_quiet_stream_carries_comments() -> None:
    async def first_two() -> list[bytes]:
        stream = messages(Changes(lambda: 1, poll_every=0.001, keep_alive_every=0.01), seen=1)
        async with aclosing(stream):
            return [(await anext(stream)).encode(), (await anext(stream)).encode()]

    assert asyncio.run(first_two()) == [b"retry: 2000\r\n\r\n", b": nothing new\r\n\r\n"]


def test_health_is_the_databases(stranger: Client) -> None:
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_a_database_that_cannot_be_read_is_a_page_of_words(
    database: Database, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE changes")
    with TestClient(create_app(database, ADDRESS, clock), base_url=ADDRESS) as client:
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "Máy chủ gặp sự cố" in answer.text
    assert "changes" not in answer.text
    assert [record.levelno for record in caplog.records if record.name.startswith("sync_server")] == [logging.ERROR]


def test_a_fault_of_ours_is_a_page_of_words_and_a_log_entry_without_the_address(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    pages = create_app(database, ADDRESS, broken)  # type: ignore[arg-type]
    with TestClient(pages, base_url=ADDRESS, raise_server_exceptions=False) as client:
        answer = client.get("/sign-in/very-secret")
    assert answer.status_code == 500
    assert "Máy chủ gặp sự cố" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text
    assert "very-secret" not in caplog.text
