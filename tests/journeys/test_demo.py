"""What a newcomer does: the demo, one scan, one tap, and the page shows the vote without being loaded again."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import expect, sync_playwright

from deploy.demo_office import Office
from deploy.demo_quarters import Quarters
from deploy.system_packages import find_browser
from tests.journeys.processes import ROOT, eventually

BROWSER_FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]


def tell(folder: Path, command: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "deploy.demo", "--data", str(folder), *command.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.strip()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Path]:
    """A running demo on a virtual screen, its data in a folder of its own; without finished quarters, to be quick."""
    (tmp_path / "demo" / "quarters").mkdir(parents=True)
    (tmp_path / "demo" / "quarters" / "done").touch()
    yield from _running(tmp_path)


@pytest.fixture
def whole_demo(tmp_path: Path) -> Iterator[Path]:
    """The same with the finished quarters, as anybody starts it."""
    yield from _running(tmp_path)


def _running(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "demo"
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "SDL_VIDEODRIVER")}
    with (tmp_path / "demo.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.demo", "--data", str(folder)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        eventually("the demo is ready", lambda: "What to do next" in (tmp_path / "demo.log").read_text(), 400)
        yield folder
        assert process.poll() is None
        process.terminate()
        assert process.wait(60) == 0
        assert "Traceback" not in (tmp_path / "demo.log").read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.mark.journey
@pytest.mark.window
def test_one_scan_and_one_tap_are_a_vote_in_the_figures(demo: Path, tmp_path: Path) -> None:
    assert tell(demo, "scan").startswith("ok")
    eventually("the faces", lambda: _tap(demo, 5) == "ok", 20)
    assert tell(demo, "skip") == "ok"
    eventually("the vote in the figures", lambda: "Rất hài lòng        1" in tell(demo, "figures"), 20)
    assert tell(demo, "screenshot").startswith("ok")
    assert tell(demo, "screenshot").startswith("ok")
    picture = demo / "screen.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.journey
@pytest.mark.window
def test_a_kiosk_that_is_told_to_restart_and_a_server_that_is_killed_come_back(demo: Path) -> None:
    said = demo.parent / "demo.log"
    settings = demo / "server.toml"
    subprocess.run(
        [sys.executable, "-m", "sync_server", "--settings", settings, "tell", "sia", "quay-1", "restart"],
        cwd=ROOT,
        timeout=60,
        check=True,
    )
    eventually("the kiosk starts again", lambda: "The kiosk has ended (" in said.read_text(), 30)
    [server] = _processes_of(settings, "serve")
    os.kill(server, signal.SIGKILL)
    eventually("the server starts again", lambda: "The server has ended (SIGKILL)" in said.read_text(), 10)
    assert tell(demo, "start").startswith("ok")
    eventually("the faces", lambda: _tap(demo, 5) == "ok", 20)
    assert tell(demo, "skip") == "ok"
    eventually("the vote in the figures", lambda: "Rất hài lòng        1" in tell(demo, "figures"), 60)


@pytest.mark.journey
@pytest.mark.window
def test_a_finished_quarter_has_a_decision_to_open_which_the_kiosk_and_everyone_see(whole_demo: Path) -> None:
    said = tell(whole_demo, "decision")
    assert said == textwrap.dedent("\n".join(_where(whole_demo)))
    [pdf], [docx], [archive] = (re.findall(rf"\S+\.{ending}", said) for ending in ("pdf", "docx", "zip"))
    with pypdfium2.PdfDocument(pdf) as paper:
        text = " ".join(" ".join(page.get_textpage().get_text_range() for page in paper).split())
    for words in ("THỊ TRẤN SỊA", "QUYẾT ĐỊNH", "kỳ trước", "CHỦ TỊCH", "Nguyễn Khoa Bảo Lâm"):
        assert words in text
    [share, *_] = re.findall(r"tỷ lệ (\d+(?:,\d)?)% \(khoảng tin cậy", text)
    assert Path(docx).read_bytes().startswith(b"PK")
    verified = subprocess.run(
        [sys.executable, "-m", "sync_server", "verify", archive], cwd=ROOT, capture_output=True, timeout=60
    )
    assert verified.returncode == 0
    for address in re.findall(r"http://\S+/results/\S+", said):
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert share in answer.read().decode()
    eventually(
        "the kiosk knows the result", lambda: f'"{share}%"' in (whole_demo / "kiosk" / "setup.json").read_text(), 30
    )


def _where(demo: Path) -> list[str]:
    """Return what the demo said at its start of where the Decision is."""
    said = (demo.parent / "demo.log").read_text().splitlines()
    first = next(number for number, line in enumerate(said) if line.startswith("  Decision "))
    return said[first : said.index("", first)]


@pytest.mark.journey
@pytest.mark.window
def test_a_demo_that_is_interrupted_at_its_first_start_goes_on_at_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    command = [sys.executable, "-m", "deploy.demo", "--data", str(folder)]
    log = tmp_path / "first.log"
    with log.open("w") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
    eventually("the first Decision is drafted", lambda: ": draft" in log.read_text(), 300)
    process.terminate()
    assert process.wait(60) == 0
    assert "Traceback" not in log.read_text()
    assert not (folder / "quarters" / "done").exists()
    assert not _processes_of(folder / "server.toml", "--quarter")
    with Office(folder) as office:
        told: list[str] = []
        office.prepare(told.append)
        Quarters(office).prepare(told.append)
        assert not [step for step in told if "Making up" in step]
        listed = office.server("decision", "list").splitlines()
    assert [" issued " in line for line in listed[1:]] == [False, True, True]


def _processes_of(settings: Path, command: str) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended meanwhile
        if os.fsencode(settings) in words and command.encode() in words:
            found.append(int(entry.parent.name))
    return found


@pytest.mark.journey
@pytest.mark.window
@pytest.mark.browser
def test_the_page_shows_the_vote_within_a_moment(demo: Path) -> None:
    browser_path = find_browser()
    if browser_path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=BROWSER_FLAGS)
        page = browser.new_page()
        page.goto(tell(demo, "link"))
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_text("Chưa có lượt đánh giá nào trong quý này.").first).to_be_visible()
        expect(page.locator("#live.on")).to_be_visible()
        assert tell(demo, "start").startswith("ok")
        assert _tap(demo, 4) == "ok"
        assert tell(demo, "reason waiting") == "ok"
        assert tell(demo, "send") == "ok"
        expect(page.locator("#figures .of")).to_contain_text("trong 1 lượt đánh giá", timeout=5000)
        browser.close()


def _tap(folder: Path, level: int) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.demo", "--data", str(folder), "tap", str(level)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.strip()


@pytest.mark.journey
@pytest.mark.window
def test_a_comment_is_typed_the_disk_filled_and_freed_and_figures_are_cut_short(demo: Path) -> None:
    assert tell(demo, "scan").startswith("ok")
    eventually("the faces", lambda: _tap(demo, 2) == "ok", 20)
    assert tell(demo, "write") == "ok"
    assert tell(demo, "type Camr own cacs anh chij") == "ok"
    assert tell(demo, "fill").startswith("ok")
    assert tell(demo, "send") == "ok"
    log = demo / "log" / "kiosk.log"
    assert tell(demo, "free").startswith("ok")
    eventually("the kiosk heals", lambda: "the outbox works" in log.read_text(), 20)
    cut = subprocess.run(
        f"{sys.executable} -m deploy.demo --data {demo} figures | true",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert cut.stderr == ""
