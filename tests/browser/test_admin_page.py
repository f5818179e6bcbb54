"""The admin's page in a real browser."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import insert, select

from protocol.messages import ClockReport, ClockSource, KioskStatus
from protocol.topics import Address
from sync_server.store.database import Database
from sync_server.store.ledger import begin_stream, note_gap
from sync_server.store.orders import put_in_force
from sync_server.store.people import create_link
from sync_server.store.reports import save_status
from sync_server.store.schema import vote_labels, votes
from tests.fakes.kiosk_says import a_setup, a_status
from tests.fakes.served_pages import ServedPages, served
from tests.fakes.small_office import SITE, migrated, seed_kiosk, seed_office, seed_refused, seed_votes, show_all

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = (1366, 768)
PHONE = (360, 780)
SOON = 2000  # milliseconds, of which the page may take half: this machine is shared

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def office(tmp_path: Path, now: datetime) -> Iterator[Database]:
    """An office with kiosks in every state, and some votes of this hour."""
    database = migrated(tmp_path)
    seed_office(database)
    show_all(database)
    seed_kiosk(database, heard=now)
    seed_kiosk(database, "kiosk-2", heard=now - timedelta(minutes=18), status=behind(now))
    seed_kiosk(database, "kiosk-3", stream="7" * 32, heard=now, scanner="cannot open /dev/kiosk/scanner")
    seed_kiosk(database, "kiosk-4", stream="8" * 32, heard=None)
    seed_kiosk(database, "kiosk-with-a-very-long-name-1234", heard=now, status=in_every_trouble())
    lose_votes(database, now)
    with database.writing() as connection:
        put_in_force(connection, SITE, a_setup(), "x", now)
    vote(database, now, [5] * 20 + [4] * 14 + [3, 2, 1])
    seed_votes(database, [2, 1], hour=whole_hour(now), officer=None, field=None, procedure=None)
    seed_refused(database, 99, received_at=now)
    yield database
    database.close()


@pytest.fixture
def pages(office: Database) -> Iterator[ServedPages]:
    with served(office) as pages:
        yield pages


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    width, height = DESKTOP
    opened = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, pages: ServedPages) -> Iterator[Page]:
    """A page; afterwards nothing may stand in its console, and nothing may have been asked of another site."""
    opened = context.new_page()
    complaints: list[str] = []
    addresses: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    context.on("request", lambda request: addresses.append(request.url))
    yield opened
    assert complaints == []
    assert [address for address in addresses if not address.startswith(pages.address)] == []


@pytest.fixture
def signed_in(page: Page, pages: ServedPages, office: Database, now: datetime) -> Page:
    """The page of the current quarter, live."""
    page.goto(f"{pages.address}/sign-in/{create_link(office, 'Trần Thu Hà', now)}")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("Trực tiếp")).to_be_visible()
    return page


def behind(now: datetime) -> KioskStatus:
    return a_status(stream="6" * 32, highest=14, waiting=14, oldest_waiting=whole_hour(now) - timedelta(days=1))


def in_every_trouble() -> KioskStatus:
    return a_status(
        stream="9" * 32,
        scanner="cannot open /dev/serial/by-id/" + "usb-a-very-long-name-without-any-space-" * 3,
        storage="cannot write: no space left on device",
        clock=ClockReport(ClockSource.NTP, 0.1, -90_000.0),
        queue="silent since the start",
        disk_free=12_000_000,
        setup_refused="revision 12: " + "there is no counter 9, where this kiosk stands " * 3,
    )


def lose_votes(database: Database, now: datetime) -> None:
    kiosk = Address(SITE, "kiosk-with-a-very-long-name-1234")
    with database.writing() as connection:
        note_gap(connection, "9" * 32, 3, 5, now)
        begin_stream(connection, "a" * 32, kiosk, now)
        save_status(connection, kiosk, a_status(stream="9" * 32, gone=True), now)


def whole_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0)


def vote(database: Database, now: datetime, levels: list[int]) -> None:
    seed_votes(database, levels, hour=whole_hour(now))


def total(page: Page) -> str:
    return page.locator("dl.strip dd strong").first.inner_text()


def test_a_link_signs_in_once_and_the_votes_are_there(
    signed_in: Page, pages: ServedPages, office: Database, browser: Browser, now: datetime
) -> None:
    expect(signed_in).to_have_url(re.compile(r"/figures/\d{4}-Q[1-4]$"))
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text(re.compile(r"Quý (I|II|III|IV) năm \d{4}"))
    assert total(signed_in) == "39"
    row = signed_in.get_by_role("table", name="Theo công chức").get_by_role("row", name="Nguyễn Thị Hương Giang")
    expect(row).to_contain_text("91,9%")


def test_a_kiosk_says_what_is_wrong_with_it(signed_in: Page) -> None:
    kiosks = signed_in.get_by_role("listitem").filter(has=signed_in.locator(".chip"))
    expect(kiosks).to_have_count(5)
    late = kiosks.filter(has_text="kiosk-2")
    expect(late).to_contain_text("Mất liên lạc")
    expect(late).to_contain_text("14 lượt chờ gửi, cũ nhất từ")
    troubled = kiosks.filter(has_text="kiosk-with-a-very-long")
    for words in ("Cần kiểm tra", "Có lượt đánh giá bị mất", "Đồng hồ chạy chậm 25 giờ", "Thẻ nhớ sắp đầy: còn 12 MB"):
        expect(troubled).to_contain_text(words)
    expect(troubled).to_contain_text("Có tin kết nối đã ngắt")
    expect(signed_in.get_by_text("1/5")).to_be_visible()


def test_a_verdict_is_told_by_words_and_shape(signed_in: Page) -> None:
    badge = signed_in.locator(".headline .badge")
    expect(badge).to_contain_text("Vừa đạt · mục tiêu 80%")
    expect(badge.locator("svg circle")).to_have_count(1)


def test_labels_and_matters_are_decided_on_without_scripts(
    browser: Browser, pages: ServedPages, office: Database, now: datetime
) -> None:
    with office.writing() as connection:
        labelled = connection.execute(select(votes.c.vote_id).limit(2)).scalars().all()
        connection.execute(insert(vote_labels), [{"vote_id": vote_id, "label": "hasty"} for vote_id in labelled])
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{pages.address}/sign-in/{create_link(office, 'Trần Thu Hà', now)}")
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("link", name="Nhãn").click()
    page.locator("summary").first.click()
    page.get_by_label("Lý do").fill("Công chức hướng dẫn")
    page.get_by_role("button", name="Gỡ nhãn").click()
    expect(page.get_by_text("Đã ghi nhận quyết định về 2 lượt.")).to_be_visible()
    page.get_by_role("link", name="Góp ý").click()
    page.get_by_role("link", name="Lượt đánh giá thấp").first.click()
    page.get_by_label("Ai phụ trách").fill("Trần Đức Thắng")
    page.get_by_role("button", name="Giao").click()
    expect(page.get_by_text("Đã giao bởi Trần Thu Hà")).to_be_visible()
    page.get_by_role("link", name="Nhật ký").click()
    expect(page.get_by_text("Công chức hướng dẫn")).to_be_visible()
    context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("path", ["/labels", "/inbox", "/inbox/1", "/record"])
def test_the_pages_of_work_hinder_nobody_and_fit(
    signed_in: Page, pages: ServedPages, path: str, size: tuple[int, int]
) -> None:
    signed_in.goto(f"{pages.address}/inbox")  # by which what has come in becomes matters
    signed_in.set_viewport_size({"width": size[0], "height": size[1]})
    signed_in.goto(pages.address + path)
    assert Axe().run(signed_in).response["violations"] == []
    assert signed_in.evaluate("document.documentElement.scrollWidth") == size[0]


def test_a_used_link_is_refused(browser: Browser, pages: ServedPages, office: Database, now: datetime) -> None:
    link = f"{pages.address}/sign-in/{create_link(office, 'Trần Thu Hà', now)}"
    for expected in ("Theo công chức", "Liên kết không còn dùng được"):
        context = browser.new_context()  # another person, or the same one at another machine
        page = context.new_page()
        page.goto(link)
        button = page.get_by_role("button", name="Đăng nhập")
        if button.count():
            button.click()
        expect(page.get_by_role("heading", name=expected)).to_be_visible()
        context.close()


def test_a_vote_appears_without_reloading(signed_in: Page, office: Database, now: datetime) -> None:
    signed_in.evaluate("window.notReloaded = true")
    figure = signed_in.locator("dl.strip dd strong").first
    for count in ("40", "41", "42"):
        vote(office, now, [5])
        expect(figure).to_have_text(count, timeout=SOON)
    row = signed_in.get_by_role("row", name="Nguyễn Thị Hương Giang")
    expect(row).to_contain_text("40")
    assert signed_in.evaluate("window.notReloaded") is True


def test_a_page_behind_another_tab_or_left_by_back_is_live_again(
    signed_in: Page, office: Database, now: datetime
) -> None:
    signed_in.get_by_role("link", name="‹").click()
    expect(signed_in.get_by_text("Chưa có lượt đánh giá nào trong quý này.").first).to_be_visible()
    signed_in.go_back()
    vote(office, now, [5])
    expect(signed_in.locator("dl.strip dd strong").first).to_have_text("40", timeout=SOON + 15_000)


def test_the_end_of_a_session_is_told_by_the_page_itself(
    browser: Browser, pages: ServedPages, office: Database, now: datetime
) -> None:
    context = browser.new_context()
    page, other = context.new_page(), context.new_page()
    page.goto(f"{pages.address}/sign-in/{create_link(office, 'Trần Thu Hà', now)}")
    page.get_by_role("button", name="Đăng nhập").click()
    other.goto(f"{pages.address}/")
    expect(other.get_by_text("Trực tiếp")).to_be_visible()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", name="Cần đăng nhập")).to_be_visible()
    vote(office, now, [5])
    expect(other.get_by_role("heading", name="Cần đăng nhập")).to_be_visible(timeout=SOON)
    context.close()


def test_a_server_that_goes_away_is_told(browser: Browser, pages: ServedPages, office: Database, now: datetime) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{pages.address}/sign-in/{create_link(office, 'Trần Thu Hà', now)}")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_text("Trực tiếp")).to_be_visible()
    assert pages.stop() < 1.0
    expect(page.get_by_text("Mất kết nối")).to_be_visible()
    context.close()


def test_everything_is_readable_without_scripts(
    browser: Browser, pages: ServedPages, office: Database, now: datetime
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{pages.address}/sign-in/{create_link(office, 'Trần Thu Hà', now)}")
    page.get_by_role("button", name="Đăng nhập").click()
    assert total(page) == "39"
    expect(page.get_by_text("Trực tiếp")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_nothing_hinders_a_screen_reader(signed_in: Page, size: tuple[int, int]) -> None:
    signed_in.set_viewport_size({"width": size[0], "height": size[1]})
    assert Axe().run(signed_in).response["violations"] == []


def test_the_pages_of_words_hinder_nobody(page: Page, pages: ServedPages, office: Database, now: datetime) -> None:
    page.goto(f"{pages.address}/sign-in/{create_link(office, 'Trần Thu Hà', now)}")
    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1366])
def test_nothing_is_wider_than_the_screen(signed_in: Page, office: Database, width: int) -> None:
    signed_in.set_viewport_size({"width": width, "height": 780})
    assert signed_in.evaluate("document.documentElement.scrollWidth") == width
    assert signed_in.evaluate("document.body.scrollWidth") <= width
