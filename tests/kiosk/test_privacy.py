"""A thousand identity cards held under the scanner: what is on them is nowhere, from the cable to the server."""

import logging
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from random import Random

import pytest

from hardware.simulator import SimulatedScanner
from kiosk.core.sending import STATUS_GAP
from kiosk.core.states import Rating
from kiosk.parts import Kiosk
from kiosk.settings import Identity, Server, Settings
from protocol.messages import KioskStatus
from tests.fakes.cards import Card, a_card
from tests.fakes.clock import FakeClock
from tests.hardware.listening import case
from tests.kiosk.lines import ScriptedServer
from tests.kiosk.screen import Screen

CARDS = 1000
TOGETHER = 10  # that wait to be looked at, at most; MOST_WAITING_SCANS is beyond that many cards' lines
SUFFIXES = ("\r", "\r\n", "\t", "\x03")


class Everything(logging.Handler):
    """Keeps what any log line could show; times and numbers of threads are left out: they look like dates of birth."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.args!r} {record.exc_info!r} {record.exc_text}")


@pytest.fixture
def everything() -> Iterator[Everything]:
    handler, root = Everything(), logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    yield scripted
    scripted.broker.stop()


def lines_of(card: Card) -> int:
    return sum(1 for line in card.text.splitlines() if line.strip())


def test_nothing_of_a_thousand_identity_cards_is_left_anywhere(
    tmp_path: Path,
    server: ScriptedServer,
    everything: Everything,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hardware.bursts.BURST_SECONDS", 0.0)  # they come faster than any hand, and each counts
    draw = Random(20261123)
    cards = [a_card(draw) for _ in range(CARDS)]
    clock = FakeClock()
    told = Settings(
        identity=Identity(site="sia", kiosk="quay-1", site_key="0f" * 32, state=str(tmp_path / "state")),
        server=Server(password="secret", port=server.port),
    )
    with SimulatedScanner(tmp_path / "scanner") as scanner:
        kiosk = Kiosk(told, scanner_port=str(scanner.link), clock=clock)
        kiosk.start()
        try:
            screen = Screen(kiosk.controller)
            screen.wait_until(lambda: kiosk.controller.surroundings.scanner_up)
            server.welcome()
            counts = kiosk.controller.refused_scans
            expected = 0
            for begin in range(0, CARDS, TOGETHER):
                for card in cards[begin : begin + TOGETHER]:
                    scanner.scan(card.text, draw.choice(SUFFIXES))
                    expected += lines_of(card)
                screen.wait_until(lambda upto=expected: sum(counts.values()) >= upto, "the refusals")  # type: ignore[misc]
            assert not screen.showed(Rating)
            assert counts.keys() <= {"identity-card", "look-alike", "not-recognised"}
            assert counts["identity-card"] >= CARDS
            assert sum(counts.values()) == expected
            clock.advance(STATUS_GAP)
            status = server.status()
            while status.refused_scans != counts:
                clock.advance(STATUS_GAP)
                status = server.status()
            scanner.scan(case(1))
            screen.wait_for(Rating)
        finally:
            kiosk.stop()
    assert isinstance(status, KioskStatus)
    assert any("identity-card" in line for line in everything.lines)
    traces = "\n".join(
        [
            *everything.lines,
            *map(repr, screen.shown),
            *capfd.readouterr(),
            repr(status),
            *messages(server),
            *files(tmp_path),
        ]
    )
    assert "quay-1" in traces, "it looks where things are"
    left = [place for place, card in enumerate(cards) if any(field in traces for field in card.fields)]
    assert left == [], "numbers of the cards"


def messages(server: ScriptedServer) -> Iterator[str]:
    while True:
        try:
            channel, payload = server.heard.get_nowait()
        except Empty:
            return
        yield f"{channel} {payload.decode('utf-8', errors='replace')}"


def files(folder: Path) -> Iterator[str]:
    """Names and contents of everything that was written, in the two encodings that SQLite and files have."""
    for path in folder.rglob("*"):
        yield str(path.relative_to(folder))
        if path.is_file():
            yield path.read_bytes().decode("utf-8", errors="replace")
