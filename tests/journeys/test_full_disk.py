"""A full disk shows the out-of-order screen and never a thank-you; free again, the kiosk heals by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.simulator import SimulatedScanner
from tests.fakes.small_disk import fill, small_disk
from tests.journeys.office import make_office
from tests.journeys.processes import Program

KIOSK = "quay-1"
SECONDS = 30.0


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte of its own."""
    with small_disk(tmp_path / f"{KIOSK}.state", 1024) as folder:
        yield folder


@pytest.mark.journey
def test_a_full_disk_is_never_thanked_for(tmp_path: Path, card: Path) -> None:
    office = make_office(tmp_path, (KIOSK,))
    office.register_kiosks(office.broker_port)
    with SimulatedScanner(office.scanner(KIOSK)):
        kiosk = Program(
            "kiosk", "--no-window", "--settings", str(office.kiosk_settings(KIOSK)), log=tmp_path / "errors.log"
        )
        try:
            assert kiosk.line(SECONDS) == "screen idle"
            kiosk.say("start")
            assert kiosk.line(SECONDS) == "screen rate"
            filler = fill(card)
            thanked = 0
            kiosk.say("tap 3")
            while (line := kiosk.line(SECONDS)) != "screen out-of-order":
                # What SQLite had already reserved may still take a few votes: honest thank-yous, checked below.
                assert line is not None and line.startswith("screen thanks")
                thanked += 1
                for command, screen in (("dismiss", "screen idle"), ("start", "screen rate")):
                    kiosk.say(command)
                    assert kiosk.line(SECONDS) == screen
                kiosk.say("tap 3")
            kiosk.say("start")
            kiosk.say("tap 3")
            filler.unlink()
            assert kiosk.line(SECONDS) == "screen idle"
            assert len(office.cast_votes(KIOSK)) == thanked + 1, "the refused one is noted, as an error of the kiosk"
        finally:
            kiosk.abandon()
