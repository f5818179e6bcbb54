"""The status is complete, and what cannot be told is left out instead of made up."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.commands_store import CommandsStore
from kiosk.core.tally import Counted, Obstacle, Tally
from kiosk.health import THERMOMETER, Health, disk_free, temperature
from kiosk.outbox import Standing
from kiosk.setup_store import SetupStore
from protocol.codec import decode, encode
from protocol.messages import MOST_REPORTED, ClockReport, ClockSource, CommandAnswer, KioskStatus, Outcome
from tests.fakes.votes import a_vote
from tests.kiosk.core.test_setups import GOOD

STREAM = "5" * 32
HOUR = datetime(2026, 11, 23, 2, tzinfo=UTC)
CLOCK = ClockReport(ClockSource.NTP, 0.01, -2.5)


@pytest.fixture
def health(tmp_path: Path) -> Health:
    setups = SetupStore(tmp_path / "setup.json", lambda _: "")
    setups.take(encode(GOOD))
    commands = CommandsStore(tmp_path / "commands.json")
    commands.note(CommandAnswer("d" * 32, Outcome.DONE))
    thermometer = tmp_path / "temp"
    thermometer.write_text("48312\n")
    return Health(
        boot=7,
        state_folder=tmp_path,
        scanner=lambda: "up",
        storage=lambda: "ok",
        refused_scans={"identity-card": 1},
        setups=setups,
        commands=commands,
        thermometer=thermometer,
    )


def test_everything_that_is_known_is_told(health: Health) -> None:
    vote = a_vote(1)
    health.tally.add(Counted.VOTES_SENT, 3)
    health.tally.add(Counted.VOTES_SENT_AGAIN, 0)
    health.delays.touched(vote.vote_id, 0.0)
    health.delays.sent([vote])
    health.delays.confirmed(1, 5.0)
    status = health.status(STREAM, Standing(42, 40, oldest_waiting=HOUR), CLOCK, 2)
    assert decode(encode(status), KioskStatus) == status
    assert (status.stream, status.boot, status.tick, status.connection) == (STREAM, 7, 1, 2)
    assert (status.highest, status.waiting, status.oldest_waiting) == (42, 2, HOUR)
    assert (status.scanner, status.storage, status.queue, status.clock) == ("up", "ok", "", CLOCK)
    assert (status.temperature, status.setup, status.setup_refused) == (48.312, 4, "")
    assert (status.refused_scans, status.counts, status.delays) == ({"identity-card": 1}, {"votes sent": 3}, {"10": 1})
    assert status.commands == (CommandAnswer("d" * 32, Outcome.DONE),)
    assert status.disk_free is not None and status.disk_free > 0
    assert not status.gone


def test_ticks_count_statuses_and_a_will_takes_none(health: Health) -> None:
    def tick(gone: bool = False) -> tuple[int, bool]:
        status = health.status(STREAM, Standing(0, 0), CLOCK, 1, gone=gone)
        return status.tick, status.gone

    assert [tick(gone=True), tick(), tick(), tick(gone=True), tick()] == [
        (0, True),
        (1, False),
        (2, False),
        (2, True),
        (3, False),
    ]


def test_long_reports_are_cut_to_what_a_status_may_carry(health: Health) -> None:
    health.scanner = health.storage = lambda: "a long story " * 40
    status = health.status(STREAM, Standing(0, 0), CLOCK, 1)
    assert (len(status.scanner), len(status.storage)) == (200, 200)
    encode(status)


def test_however_much_is_counted_a_status_can_carry_it() -> None:
    tally = Tally()
    for what in (*Counted, *Obstacle):
        tally.add(what)
    assert len(tally.reported()) == len(Counted) + len(Obstacle) <= MOST_REPORTED


@pytest.mark.parametrize("content", [None, b"", b"warm", b"\xff"])
def test_without_a_thermometer_there_is_no_temperature(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "temp").write_bytes(content)
    assert temperature(tmp_path / "temp") is None


def test_the_thermometer_of_this_machine_is_read_if_it_has_one() -> None:
    assert (temperature(THERMOMETER) is None) != THERMOMETER.exists()


def test_a_folder_that_is_gone_has_no_free_room_to_tell(tmp_path: Path) -> None:
    assert disk_free(tmp_path / "gone") is None
    assert disk_free(tmp_path) is not None
