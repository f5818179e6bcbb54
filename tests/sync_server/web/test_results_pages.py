"""Published results: strangers may read them, and nothing that was not issued."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from litestar.testing import TestClient

from sync_server.archives.keys import fingerprint_of, signing_key
from sync_server.deciding import ARCHIVE, DOCX, PDF
from sync_server.web.app import create_app
from tests.fakes.published_office import published_office
from tests.fakes.small_office import SITE, migrated, seed_office
from tests.fakes.whole_office import WholeOffice
from tests.sync_server.web.conftest import ADDRESS, Client, SettableClock

PAGES = (
    *("/results", "/results/sia", "/results/sia/lobby", "/results/sia/poster"),
    *("/results/sia/2026-Q4/1", "/results/sia/2026-Q4/2"),
)


@dataclass(frozen=True)
class Published:
    """The office, which every test of this module reads, and a stranger's client."""

    office: WholeOffice
    stranger: Client


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("published")
    database = migrated(folder)
    office = published_office(database, folder)
    seed_office(database, "phu")  # which has issued nothing
    with TestClient(
        create_app(database, ADDRESS, SettableClock(office.now), folder=folder), base_url=ADDRESS
    ) as client:
        client.follow_redirects = False
        yield Published(office, client)
    database.close()


def without_files(published: Published, folder: Path) -> Client:
    """Return a client of a server that was restored from a backup, which holds no files."""
    app = create_app(published.office.database, ADDRESS, SettableClock(), folder=folder)
    return TestClient(app, base_url=ADDRESS)


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_may_read_what_was_issued_and_sees_no_draft(published: Published, address: str) -> None:
    answer = published.stranger.get(address)
    assert answer.status_code == 200
    assert "UBND xã Quảng Điền" in answer.text
    assert "set-cookie" not in answer.headers
    for unseen in ("Quý I năm 2027", "2027-Q1", "777", "còn lượt nữa", "Trần Thị Lan", "2026-Q4/3", "du-thao"):
        assert unseen not in answer.text, unseen


@pytest.mark.parametrize("address", ["/results/sia", "/results/sia/lobby", "/results/sia/poster"])
def test_the_newest_is_shown_as_it_is_printed(published: Published, address: str) -> None:
    text = published.stranger.get(address).text
    for said in ("Quý IV năm 2026", "88,9", "54", "Quyết định sửa đổi, bổ sung số 07 ngày 09/01/2027", "Rất hài lòng"):
        assert said in text, said


def test_all_annexes_stand_on_the_page_with_the_printed_numbers(published: Published) -> None:
    text = published.stranger.get("/results/sia").text
    with zipfile.ZipFile(next(published.office.folder.rglob("2/*/ho-so.zip"))) as archive:
        figures = json.loads(archive.read("figures.json"))["computed"]
        document = json.loads(archive.read("document.json"))
    for annex in document["annexes"]:
        assert annex["label"] in text
    for name in ("s1.overall.interval", "s1.overall.level.5.percent", "votes"):
        assert figures[name] in text


def test_an_older_version_says_that_it_is_one_and_leads_to_the_newest(published: Published) -> None:
    old = published.stranger.get("/results/sia/2026-Q4/1").text
    assert "Không còn là bản mới nhất" in old
    assert 'href="/results/sia/2026-Q4/2"' in old
    assert "90,6" in old
    assert "Không còn là bản mới nhất" not in published.stranger.get("/results/sia/2026-Q4/2").text


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/results/hue", "/results"),
        ("/results/phu", "/results"),
        ("/results/phu/lobby", "/results"),
        ("/results/phu/poster", "/results"),
        ("/results/phu/public-key.txt", "/results"),
        ("/results/sia/2026-Q4/3", "/results/sia/2026-Q4/2"),
        ("/results/sia/2026-Q4/9", "/results/sia/2026-Q4/2"),
        ("/results/sia/2027-Q1/1", "/results/sia/2026-Q4/2"),
        ("/results/sia/2027-Q1/1/quyet-dinh.pdf", "/results/sia/2026-Q4/2"),
        ("/results/sia/2026-Q4/3/ho-so.zip", "/results/sia/2026-Q4/2"),
        ("/results/sia/2026-Q4/1/server.sqlite", "/results/sia/2026-Q4/1"),
    ],
)
def test_what_there_is_not_is_said_in_words_and_leads_on(published: Published, address: str, leads_to: str) -> None:
    answer = published.stranger.get(address)
    assert answer.status_code == 404
    assert ("Chưa có kết quả" in answer.text) or ("Không có trang này" in answer.text)
    assert f'href="{leads_to}"' in answer.text


@pytest.mark.parametrize(
    "address", ["2026-Q4/x", "2026-Q4/1/..%2F..%2F..%2F..%2Fserver.sqlite", "..%2F2026-Q4/1", "..%2F..%2Fkeys"]
)
def test_there_is_nothing_else(published: Published, address: str) -> None:
    assert published.stranger.get(f"/results/sia/{address}").status_code == 404


@pytest.mark.parametrize("name", [DOCX, PDF, ARCHIVE])
@pytest.mark.parametrize("version", [1, 2])
def test_files_are_those_that_were_issued(published: Published, name: str, version: int) -> None:
    answer = published.stranger.get(f"/results/sia/2026-Q4/{version}/{name}")
    assert answer.status_code == 200
    assert answer.content == next(published.office.folder.rglob(f"2026-Q4/{version}/*/{name}")).read_bytes()
    stem, _, ending = name.rpartition(".")
    assert f'filename="{stem}-sia-2026-Q4-{version}.{ending}"' in answer.headers["content-disposition"]


def test_a_stranger_checks_the_archive_with_the_key_that_the_office_publishes(
    published: Published, tmp_path: Path
) -> None:
    public = signing_key(published.office.folder, SITE).public
    page = published.stranger.get("/results/sia").text
    assert public in page
    assert fingerprint_of(public) in page
    assert fingerprint_of(public) in published.stranger.get("/results/sia/poster").text
    assert 'href="/results/sia/public-key.txt"' in page
    key = published.stranger.get("/results/sia/public-key.txt")
    assert key.headers["content-type"].startswith("text/plain")
    assert 'filename="public-key-sia.txt"' in key.headers["content-disposition"]
    (tmp_path / "KHOA.txt").write_bytes(key.content)
    (tmp_path / ARCHIVE).write_bytes(published.stranger.get(f"/results/sia/2026-Q4/2/{ARCHIVE}").content)
    with zipfile.ZipFile(tmp_path / ARCHIVE) as archive:
        archive.extract("verify.py", tmp_path)
    command = [sys.executable, "-I", "verify.py", ARCHIVE, "--key", "KHOA.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
    assert "hãy so vân tay" not in done.stdout


def test_a_server_restored_without_the_files_shows_the_figures_that_its_database_holds(
    published: Published, tmp_path: Path
) -> None:
    with without_files(published, tmp_path) as client:
        text = client.get("/results/sia").text
        assert "88,9" in text
        assert "chưa được khôi phục" in text
        assert "ho-so.zip" not in text
        assert "public-key.txt" not in text
        assert client.get("/results/sia/2026-Q4/2/ho-so.zip").status_code == 404
        assert client.get("/results/sia/public-key.txt").status_code == 404
        assert client.get("/results/sia/poster").status_code == 200
    assert not (tmp_path / "keys").exists(), "asking for a key makes none"


def test_a_key_or_an_archive_that_cannot_be_read_takes_no_page_away(
    published: Published, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("decisions", "keys"):
        shutil.copytree(published.office.folder / name, tmp_path / name)
    (tmp_path / "keys" / "decision.sia.key").chmod(0o644)
    for archive in tmp_path.rglob(ARCHIVE):
        archive.write_bytes(b"no archive")
    with without_files(published, tmp_path) as client:
        text = client.get("/results/sia").text
    assert "88,9" in text
    assert "public-key.txt" not in text
    assert "other users may read this key" in caplog.text
    assert "cannot be read: BadZipFile; restore it from a backup" in caplog.text


def test_before_anything_was_issued_the_list_says_so(stranger: Client) -> None:
    assert "Chưa có kết quả nào được công bố" in stranger.get("/results").text
