"""Pictures of a Decision, of the demo that is running (it votes there once): the paper, pages, the kiosk's thanks.

They go into docs/decision, and docs/decision.md shows them.

Exit status: 0 all were taken, 1 not all, and why.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, sync_playwright

from deploy.demo_office import SITE
from deploy.system_packages import find_browser
from tests.screenshots.grey import grey_png

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "decision"
DEMO = ROOT / "data" / "demo"
PAPER_SCALE = 1.35  # pixels a point
MOST_TAPS = 50  # until the faces are there
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

# What of the paper is shown: the page that says so first, or its number.
PAPER: dict[str, str | int] = {
    "page-1": 0,
    "page-2": 1,
    "annex-results": "Phụ lục I\r\n",
    "annex-trend": "DIỄN BIẾN",
    "check": -1,
}
# What of the server: address, width and height of the window, whether the whole page.
WEB: dict[str, tuple[str, tuple[int, int], bool]] = {
    "decisions": ("/decisions", (1000, 600), True),
    "public": (f"/results/{SITE}", (900, 900), False),
    "lobby": (f"/results/{SITE}/lobby", (1280, 720), False),
}
THANKS = "thanks"


class NoPicture(Exception):
    """A picture cannot be taken; the text says why and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures; return the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        asked.into.mkdir(parents=True, exist_ok=True)
        _take_paper(_newest_paper(asked.data), asked.into)
        _take_web(_ask(asked.data, "link"), asked.into)
        _take_thanks(asked.data, asked.into)
    except NoPicture as reason:
        print(f"screenshots: {reason}", file=sys.stderr)
        return 1
    return 0


def _newest_paper(demo: Path) -> Path:
    papers = sorted((demo / "server" / "decisions" / SITE).glob("*/*/ban-hanh-*/quyet-dinh.pdf"))
    if not papers:
        raise NoPicture(f"{demo}: no Decision is there; start the demo first: make demo")
    return papers[-1]


def _take_paper(paper: Path, into: Path) -> None:
    with pypdfium2.PdfDocument(paper) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
        for name, wanted in PAPER.items():
            place = wanted if isinstance(wanted, int) else _first_with(texts, wanted)
            drawn = document[place % len(texts)].render(scale=PAPER_SCALE, grayscale=True)
            _write(into / f"{name}.png", grey_png(drawn.width, drawn.height, drawn.stride, bytes(drawn.buffer)))


def _first_with(texts: list[str], wanted: str) -> int:
    for place, text in enumerate(texts):
        if wanted in text:
            return place
    raise NoPicture(f"no page of the Decision says “{wanted.strip()}”")


def _ask(demo: Path, command: str) -> str:
    """Give the demo a command; return its answer, NoPicture when there is no demo."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.demo", "--data", str(demo), *command.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.stderr:
        raise NoPicture(done.stderr.strip())
    return done.stdout.strip()


def _take_web(link: str, into: Path) -> None:
    found = find_browser()
    if found is None:
        raise NoPicture("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            _take_pages(browser, link, into)
        finally:
            browser.close()


def _take_pages(browser: Browser, link: str, into: Path) -> None:
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Đăng nhập").click()
    for name, (address, (width, height), whole) in WEB.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(link.partition("/sign-in/")[0] + address)
        _write(into / f"{name}.png", page.screenshot(full_page=whole, animations="disabled"))


def _take_thanks(demo: Path, into: Path) -> None:
    """Vote at the demo's kiosk, for the newest result stands below the thanks."""
    path = into / f"{THANKS}.png"
    _ask(demo, "start")
    if not any(_ask(demo, "tap 5") == "ok" for _ in range(MOST_TAPS)):
        raise NoPicture("the kiosk shows no faces")
    for command in ("skip", f"screenshot {path.absolute()}"):
        if not (answer := _ask(demo, command)).startswith("ok"):
            raise NoPicture(f"{command}: {answer}")
    _write(path, path.read_bytes())


def _write(path: Path, picture: bytes) -> None:
    path.write_bytes(picture)
    print(f"{path} ({len(picture) / 1000:.0f} kB)", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.screenshots.decision",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--into", type=Path, default=PICTURES, metavar="FOLDER", help="default: docs/decision")
    parser.add_argument("--data", type=Path, default=DEMO, metavar="FOLDER", help="the demo's, default: data/demo")
    return parser


if __name__ == "__main__":
    sys.exit(main())
