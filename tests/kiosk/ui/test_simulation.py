"""The simulated finger touches the window as a real one does, and says what came of it."""

import struct
import threading
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver

pytestmark = pytest.mark.window


def test_a_tap_waits_until_the_screen_takes_touches(kiosk: "Driver") -> None:
    kiosk.scan()
    assert not kiosk.stage.settled
    assert kiosk.command("tap 5") == "ok"
    assert kiosk.screen == "thanks"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("tap 5", "error: no faces on the screen now"),
        ("dismiss", "error: no notice on the screen now"),
        ("language fr", "error: no language 'fr': there are vi, en"),
        ("screenshot", "error: a path is missing"),
        ("dance", "error: unknown command 'dance': there are "),
    ],
)
def test_what_cannot_be_done_is_answered_with_the_reason(kiosk: "Driver", line: str, why: str) -> None:
    assert (kiosk.command(line) + " ").startswith(why)


def test_what_cannot_be_done_while_rating(kiosk: "Driver") -> None:
    kiosk.scan()
    assert kiosk.command("start") == "error: no button to start on the screen now"
    assert kiosk.command("tap 6") == "error: no face '6': there are 1, 2, 3, 4, 5"
    assert kiosk.command("tap") == "error: no face '': there are 1, 2, 3, 4, 5"


def test_commands_may_come_from_any_thread(kiosk: "Driver") -> None:
    answers: list[str] = []
    thread = threading.Thread(target=kiosk.finger.command, args=("start", answers.append))
    thread.start()
    thread.join()
    kiosk.step(20)
    assert answers == ["ok"]
    assert kiosk.screen == "rate"


def test_a_screenshot_lies_exactly_where_it_was_wanted(kiosk: "Driver", tmp_path: Path) -> None:
    kiosk.resize(1280, 800)
    kiosk.scan()
    path = tmp_path / "the screen.png"
    assert kiosk.command(f"screenshot {path}") == "ok"
    assert [file.name for file in tmp_path.iterdir()] == ["the screen.png"]
    rows = decoded(path)
    assert (len(rows), len(rows[0])) == (800, 1280 * 3)
    brand, paper = bytes((0x4A, 0x2A, 0x6B)), bytes((0xF6, 0xF3, 0xEE))
    assert rows[10][3 * 640 : 3 * 640 + 3] == brand  # the header is above
    assert rows[-3][3 * 640 : 3 * 640 + 3] == paper
    x, y = kiosk.card(5).x + 40, 800 - kiosk.card(5).top + 20
    assert rows[round(y)][3 * round(x) : 3 * round(x) + 3] == bytes((0xDC, 0xF1, 0xE6))


def test_a_screenshot_that_cannot_be_written_says_so(kiosk: "Driver", tmp_path: Path) -> None:
    answer = kiosk.command(f"screenshot {tmp_path / 'nowhere' / 'screen.png'}")
    assert answer.startswith("error: ")
    assert "No such file or directory" in answer


def decoded(path: Path) -> list[bytes]:
    """Return the RGB rows of a PNG, top first, checking its sums."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length) == (zlib.crc32(name + body),)
        chunks[name] = body
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    raw = zlib.decompress(chunks[b"IDAT"])
    line = 1 + 3 * width
    assert len(raw) == line * height
    return [raw[y * line + 1 : (y + 1) * line] for y in range(height)]


@pytest.mark.parametrize("typed", ["Camr own cacs anh chij!", "Cảm ơn các anh chị!"])
def test_a_comment_is_typed_with_the_keys_in_telex_or_as_it_is(kiosk: "Driver", typed: str) -> None:
    from tests.kiosk.ui.surveys import OFFICE

    kiosk.arrange(OFFICE)
    kiosk.scan()
    for command in ("tap 2", "write"):
        assert kiosk.command(command) == "ok"
    assert kiosk.command(f"type {typed}") == "ok"
    assert kiosk.stage.scenes.comment.ids.writing.text == "Cảm ơn các anh chị!"


def test_what_no_key_is_for_is_not_typed(kiosk: "Driver") -> None:
    from tests.kiosk.ui.surveys import OFFICE

    assert kiosk.command("type a") == "error: no keyboard on the screen now"
    kiosk.arrange(OFFICE)
    kiosk.scan()
    for command in ("tap 2", "write"):
        assert kiosk.command(command) == "ok"
    assert kiosk.command("type 漢") == "error: no key for '漢'"
    assert kiosk.command("type").startswith("error: type what?")
