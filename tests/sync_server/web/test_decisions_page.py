"""Who may fetch the files of a Decision, and what else is asked for."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from litestar.testing import TestClient

from sync_server.core.spans import Span
from sync_server.store.database import Database
from sync_server.store.people import create_link
from sync_server.web.app import create_app
from tests.fakes.decided import desk_of, issued
from tests.fakes.small_office import seed_votes
from tests.sync_server.web.conftest import ADDRESS, Client, SettableClock

QUARTER = Span.parse("2026-Q3")
FILE = "/decisions/sia/2026-Q3/1/ho-so.zip"


@pytest.fixture
def client(office: Database, clock: SettableClock, tmp_path: Path) -> Client:
    seed_votes(office, [5, 4, 1], hour=datetime(2026, 8, 3, 3, tzinfo=UTC))
    issued(desk_of(office, tmp_path), QUARTER, datetime(2026, 10, 5, 3, tzinfo=UTC))
    made = TestClient(create_app(office, ADDRESS, clock, folder=tmp_path), base_url=ADDRESS)
    made.follow_redirects = False
    return made


@pytest.fixture
def signed_in(client: Client, office: Database, clock: SettableClock) -> Client:
    client.post(f"/sign-in/{create_link(office, 'Trần Thu Hà', clock())}")
    return client


@pytest.mark.parametrize("address", ["/decisions", FILE])
def test_a_stranger_sees_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code == 401


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ho-so.zip", "application/zip"),
        ("quyet-dinh.pdf", "application/pdf"),
        ("quyet-dinh.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_file_is_kept_under_a_name_that_says_what_it_is_and_by_nobody_in_between(
    signed_in: Client, name: str, kind: str
) -> None:
    answer = signed_in.get(f"/decisions/sia/2026-Q3/1/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    stem, _, ending = name.rpartition(".")
    assert f'filename="{stem}-sia-2026-Q3-1.{ending}"' in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "address",
    [
        "/decisions/sia/2026-Q3/2/ho-so.zip",
        "/decisions/sia/2026-Q3/1/server.sqlite",
        "/decisions/sia/2026-Q3/1/..%2F..%2F..%2F..%2Fserver.sqlite",
        "/decisions/sia/..%2F2026-Q3/1/ho-so.zip",
        "/decisions/hue/2026-Q3/1/ho-so.zip",
    ],
)
def test_there_is_nothing_else(signed_in: Client, address: str) -> None:
    assert signed_in.get(address).status_code == 404


def test_the_list_names_the_quarter_and_the_quarter_leads_to_the_list(signed_in: Client) -> None:
    listed = signed_in.get("/decisions").text
    assert "Quý III năm 2026" in listed
    assert "Đúng hạn" in listed
    assert FILE in listed
    assert "/decisions?site=sia" in signed_in.get("/figures/2026-Q4").text


def test_a_paper_that_is_dated_in_time_hides_no_late_issue(signed_in: Client, office: Database, tmp_path: Path) -> None:
    before, at = Span.parse("2026-Q2"), datetime(2026, 10, 5, 3, tzinfo=UTC)
    seed_votes(office, [5], hour=datetime(2026, 5, 4, 3, tzinfo=UTC))
    issued(desk_of(office, tmp_path), before, at, "05", date(2026, 7, 2))
    listed = signed_in.get("/decisions").text
    assert "Đúng hạn theo ngày trên văn bản; ban hành trên hệ thống ngày 05/10/2026" in listed
    assert "ngày 02/07/2026 (ban hành trên hệ thống ngày 05/10/2026)" in listed


def test_an_unknown_office_is_told(signed_in: Client) -> None:
    assert signed_in.get("/decisions?site=hue").status_code == 404
