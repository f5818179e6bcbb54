"""The page that lists Decisions, in a real browser."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sync_server.core.quarter import local_day
from sync_server.core.rules import Period
from sync_server.core.spans import Span
from sync_server.store.database import Database
from sync_server.store.people import create_link
from tests.fakes.decided import amended, closed, desk_of, issued, reviewed
from tests.fakes.served_pages import served
from tests.fakes.small_office import migrated, seed_kiosk, seed_office, seed_votes

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield launched
        launched.close()


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def spans(now: datetime) -> list[Span]:
    """The quarter of today and the four before it, the newest first."""
    found = [Span.quarter_of(local_day(now))]
    for _ in range(4):
        found.append(found[-1].previous())
    return found


@pytest.fixture
def office(tmp_path: Path, now: datetime, spans: list[Span]) -> Iterator[Database]:
    """Quarters that run, are reviewed, late, issued with late votes, and amended."""
    database = migrated(tmp_path)
    seed_office(database)
    seed_kiosk(database, heard=now)
    desk = desk_of(database, tmp_path)
    for span in spans:
        seed_votes(database, [5, 5, 4, 1], hour=_in(span))
    oldest, after, third, second, _ = reversed(spans)
    issued(desk, oldest, _after(oldest, 9), "05", _after(oldest, 9).date())
    seed_votes(database, [2], hour=_in(oldest))
    amended(desk, oldest, _after(oldest, 40))
    issued(desk, after, _after(after, 30))
    seed_votes(database, [3, 3], hour=_in(after))
    lacking = ("Kiosk quay-2: mất liên lạc từ 16:05 ngày 28/03/2026; không biết sau đó có lượt đánh giá nào không",)
    closed(database, third, _after(third, 3), lacking, "máy hỏng hẳn, đã lập biên bản")
    reviewed(desk, third, _after(third, 4))
    closed(database, second, _after(second, 2))
    yield database
    database.close()


@pytest.fixture
def page(browser: Browser, office: Database, tmp_path: Path, now: datetime) -> Iterator[Page]:
    with served(office, tmp_path) as pages:
        context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="vi-VN", accept_downloads=True)
        opened = context.new_page()
        complaints: list[str] = []
        opened.on("console", lambda message: complaints.append(message.text))
        opened.goto(f"{pages.address}/sign-in/{create_link(office, 'Trần Thu Hà', datetime.now(UTC))}")
        opened.get_by_role("button", name="Đăng nhập").click()
        opened.get_by_role("link", name="Quyết định", exact=True).click()
        expect(opened.get_by_role("heading", level=1)).to_contain_text("Quyết định đánh giá mức độ hài lòng")
        yield opened
        assert complaints == []
        context.close()


def _in(span: Span) -> datetime:
    first = span.days(Period.CALENDAR)[0]
    return datetime(first.year, first.month, first.day, 3, tzinfo=UTC)


def _after(span: Span, days: int) -> datetime:
    last = span.days(Period.CALENDAR)[1] + timedelta(days=days)
    return datetime(last.year, last.month, last.day, 3, tzinfo=UTC)


def test_each_quarter_says_in_words_how_it_stands(page: Page, spans: list[Span]) -> None:
    of = {span: page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=span.label)) for span in spans}
    running, closed_, reviewed_, late, amended_ = (of[span] for span in spans)
    expect(running).to_contain_text("Đang trong kỳ")
    expect(closed_).to_contain_text("Đã chốt số liệu")
    expect(reviewed_).to_contain_text("Đã xem xét")
    expect(reviewed_).to_contain_text("Quá hạn")
    expect(reviewed_).to_contain_text("máy hỏng hẳn")
    expect(late).to_contain_text("2 lượt đến sau")
    expect(late).to_contain_text("Ban hành trễ")
    expect(amended_).to_contain_text("Đúng hạn")
    expect(amended_).to_contain_text("sửa đổi, bổ sung bản 1")


def test_files_are_offered_and_arrive(page: Page) -> None:
    with page.expect_download() as started:
        page.get_by_role("link", name="Hồ sơ ZIP").first.click()
    assert started.value.suggested_filename.startswith("ho-so-sia-")
    assert Path(started.value.path()).read_bytes().startswith(b"PK")


@pytest.mark.parametrize("width", [360, 768, 1366])
def test_nothing_is_wrong_for_whoever_cannot_see_and_nothing_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 780})
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
