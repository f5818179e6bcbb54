"""Signing in by a one-time link, sessions, and forms from our own pages only."""

import re
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from sync_server.store.database import Database
from sync_server.store.people import IDLE_LASTS, LINK_LASTS, SESSION_LASTS, create_link
from sync_server.web.app import create_app
from tests.sync_server.web.conftest import ADDRESS, NAME, Client, SettableClock

QUARTER = "/figures/2026-Q4"


def form_token(client: Client) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', client.get(QUARTER).text)
    assert found is not None
    return found[1]


@pytest.fixture
def link(office: Database, clock: SettableClock) -> str:
    return f"/sign-in/{create_link(office, NAME, clock())}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", QUARTER),
        ("GET", "/figures/nonsense"),
        ("GET", f"{QUARTER}/fragment"),
        ("GET", "/events"),
        ("POST", "/sign-out"),
    ],
)
def test_without_a_session_there_is_only_a_page_that_says_how_to_get_one(
    stranger: Client, method: str, path: str
) -> None:
    answer = stranger.request(method, path)
    assert answer.status_code == 401
    assert "python -m sync_server admin link" in answer.text
    assert "set-cookie" not in answer.headers
    assert "Trung tâm" not in answer.text


def test_looking_at_a_link_does_not_use_it_up(stranger: Client, link: str) -> None:
    for _ in range(3):
        looked = stranger.get(link)
        assert looked.status_code == 200
        assert "set-cookie" not in looked.headers
    assert stranger.post(link).status_code == 303


def test_the_button_signs_in(stranger: Client, link: str) -> None:
    answer = stranger.post(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    page = stranger.get(QUARTER)
    assert page.status_code == 200
    assert NAME in page.text


def test_a_used_link_is_refused_in_words(stranger: Client, link: str) -> None:
    stranger.post(link)
    for answer in (stranger.get(link), stranger.post(link)):
        assert answer.status_code == 410
        assert "chỉ dùng được một lần" in answer.text
        assert "set-cookie" not in answer.headers


def test_an_old_or_invented_link_is_refused(stranger: Client, link: str, clock: SettableClock) -> None:
    assert stranger.post("/sign-in/invented").status_code == 410
    clock.advance(LINK_LASTS)
    assert stranger.get(link).status_code == 410
    assert stranger.post(link).status_code == 410


def test_the_cookie_is_for_this_host_and_no_script(stranger: Client, link: str) -> None:
    cookie = stranger.post(link).headers["set-cookie"]
    assert cookie.startswith("hailong-session=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert part in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_over_tls_the_cookie_is_tied_to_it(office: Database, clock: SettableClock) -> None:
    address = "https://hailong.example"
    link = f"/sign-in/{create_link(office, NAME, clock())}"
    with TestClient(create_app(office, address, clock), base_url=address) as client:
        answer = client.post(link, follow_redirects=False)
        assert answer.headers["set-cookie"].startswith("__Host-hailong-session=")
        assert "Secure" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert client.get(QUARTER).status_code == 200


def test_a_cookie_chosen_by_someone_else_is_worth_nothing(stranger: Client, link: str) -> None:
    stranger.cookies.set("hailong-session", "chosen", domain="testserver.local")
    assert stranger.get(QUARTER).status_code == 401
    assert "hailong-session=chosen" not in stranger.post(link).headers["set-cookie"]


def test_a_session_ends_unused_after_an_hour_and_in_any_case_after_twelve(admin: Client, clock: SettableClock) -> None:
    for _ in range(int(SESSION_LASTS / IDLE_LASTS) * 2 - 1):
        clock.advance(IDLE_LASTS / 2)
        assert admin.get(f"{QUARTER}/fragment").status_code == 200
    clock.advance(IDLE_LASTS / 2)
    assert admin.get(QUARTER).status_code == 401


def test_an_unused_session_ends_after_an_hour(admin: Client, clock: SettableClock) -> None:
    clock.advance(IDLE_LASTS + timedelta(seconds=1))
    assert admin.get(QUARTER).status_code == 401


def test_a_part_of_a_page_whose_session_is_over_reloads_the_page(stranger: Client) -> None:
    answer = stranger.get(f"{QUARTER}/fragment", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-refresh"]) == (401, "true")


def test_signing_out_ends_the_session_itself(admin: Client) -> None:
    cookies = dict(admin.cookies)
    answer = admin.post("/sign-out", data={"form_token": form_token(admin)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    admin.cookies.update(cookies)
    assert admin.get(QUARTER).status_code == 401


@pytest.mark.parametrize("token", ["", "0" * 64, "á"])
def test_a_form_of_another_session_is_refused(admin: Client, token: str) -> None:
    answer = admin.post("/sign-out", data={"form_token": token})
    assert answer.status_code == 403
    assert admin.get(QUARTER).status_code == 200


def test_a_form_without_its_token_is_refused(admin: Client) -> None:
    assert admin.post("/sign-out", data={"other": "1"}).status_code == 400
    assert admin.get(QUARTER).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": "http://testserver.local.elsewhere.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_what_another_sites_page_sends_is_refused(admin: Client, headers: dict[str, str], link: str) -> None:
    token = form_token(admin)
    assert admin.post("/sign-out", data={"form_token": token}, headers=headers).status_code == 403
    assert admin.post(link, headers=headers).status_code == 403
    assert admin.get(link).status_code == 200
    assert admin.get(QUARTER, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": ADDRESS},
        {"origin": "http://192.168.1.5:8080", "host": "192.168.1.5:8080"},
        {"origin": ADDRESS, "host": "127.0.0.1:8080"},
        {"sec-fetch-site": "same-origin"},
        {},
    ],
)
def test_what_our_own_pages_send_is_taken(stranger: Client, headers: dict[str, str], link: str) -> None:
    assert stranger.post(link, headers=headers).status_code == 303
