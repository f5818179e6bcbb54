"""Published results in a real browser, as whoever walks in sees them."""

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.fakes.published_office import published_office
from tests.fakes.served_pages import served
from tests.fakes.small_office import migrated

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


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("published")
    database = migrated(folder)
    published_office(database, folder)
    with served(database, folder) as pages:
        yield pages.address
    database.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, locale="vi-VN", accept_downloads=True)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    assert complaints == []
    context.close()


@pytest.mark.parametrize("size", [(1366, 768), (360, 780)])
@pytest.mark.parametrize("path", ["/results", "/results/sia", "/results/sia/lobby", "/results/sia/poster"])
def test_nothing_is_wrong_for_whoever_cannot_see_and_nothing_scrolls_sideways(
    page: Page, path: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(path)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for picture in page.get_by_role("img").all():
        assert picture.evaluate("picture => picture.complete && picture.naturalWidth > 0 || picture.tagName == 'svg'")


def test_a_lobby_shows_everything_without_scrolling(page: Page) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto("/results/sia/lobby")
    expect(page.get_by_text("88,9", exact=False).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") <= 768


def test_a_lobby_takes_the_newest_and_keeps_it_while_nobody_answers(page: Page) -> None:
    page = page.context.new_page()  # one whose console may say that nobody answered
    page.clock.install()
    page.goto("/results/sia/lobby")
    heading = page.get_by_role("heading", level=1)
    page.route(
        "**/lobby", lambda route: route.fulfill(body="<title>mới</title><main class='lobby'><h1>Mới</h1></main>")
    )
    page.clock.run_for(600_000)
    expect(heading).to_have_text("Mới")
    expect(page).to_have_title("mới")
    for answer in (lambda route: route.fulfill(body="<p>chưa có</p>"), lambda route: route.abort()):
        page.unroute_all()
        page.route("**/lobby", answer)
        page.clock.run_for(600_000)
        expect(heading).to_have_text("Mới")


def test_a_poster_is_one_sheet(page: Page) -> None:
    page.goto("/results/sia/poster")
    sheet = page.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") == 1


def test_from_the_list_to_the_archive_and_the_key(page: Page) -> None:
    page.goto("/results")
    page.get_by_role("link", name="UBND xã Quảng Điền").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quý IV năm 2026")
    with page.expect_download() as archive:
        page.get_by_role("link", name="Gói dữ liệu để tự kiểm tra").click()
    assert archive.value.suggested_filename == "ho-so-sia-2026-Q4-2.zip"
    with page.expect_download() as key:
        page.get_by_role("link", name="Tải khóa công khai").click()
    assert key.value.suggested_filename == "public-key-sia.txt"
    page.goto("/results/sia/2026-Q4/1")
    page.get_by_role("link", name="Xem bản đã sửa đổi, thay thế").click()
    expect(page.get_by_text("Quyết định sửa đổi, bổ sung số 07")).to_be_visible()
