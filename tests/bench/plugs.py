"""How soon a supervisor notices that its scanner was pulled, and reads again once it is back; what is lost."""

import logging
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from statistics import median, quantiles
from threading import Event
from time import perf_counter
from unittest.mock import patch

from hardware.scans import Scan
from hardware.simulator import SimulatedScanner
from hardware.supervisor import PortState, ScannerSupervisor

AWAY_SECONDS = (0.0, 0.5)  # a plug that wobbled, and a cable that was pulled
TARGET_SECONDS = 0.05  # median until a loss is noticed
PATIENCE = 30.0
TODAY = date(2026, 11, 20)


@dataclass
class Plugs:
    """Seconds of every cycle, and how many first lines came."""

    away: float
    noticed: list[float] = field(default_factory=list)  # pulled → the supervisor says so
    back: list[float] = field(default_factory=list)  # plugged in → the supervisor says so
    first_lines: int = 0  # that were sent as soon as it was back, and arrived


def measure(cycles: int) -> list[Plugs]:
    """Pull and plug a simulated scanner in so many times, for each of AWAY_SECONDS."""
    logging.getLogger("hardware").addHandler(logging.NullHandler())
    # Pulled after seconds instead of days, each would count as a flapping port, which waits longer.
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, patch("hardware.supervisor.SETTLED_SECONDS", 0.0):
        return [_measure(Path(folder) / "scanner", cycles, away) for away in AWAY_SECONDS]


def plugs_table(found: list[Plugs]) -> str:
    """Return the table, with what falls short of the target marked."""
    lines = [
        "| away for, s | noticed, median ms | p95 ms | back, median ms | p95 ms | first lines that arrived |",
        "|---|---|---|---|---|---|",
    ]
    for one in found:
        missed = "" if median(one.noticed) <= TARGET_SECONDS else " (above the target)"
        lines.append(
            f"| {one.away:g} | {_ms(median(one.noticed))}{missed} | {_ms(_p95(one.noticed))} | {_ms(median(one.back))} "
            f"| {_ms(_p95(one.back))} | {one.first_lines} of {len(one.back)} |"
        )
    return "\n".join(lines)


def _measure(link: Path, cycles: int, away: float) -> Plugs:
    plugs = Plugs(away)
    scans: SimpleQueue[Scan] = SimpleQueue()
    states: SimpleQueue[tuple[PortState, float]] = SimpleQueue()
    with SimulatedScanner(link) as scanner:
        supervisor = ScannerSupervisor(
            *(str(link), 9600, scans.put, lambda state: states.put((state, perf_counter())), lambda: TODAY)
        )
        supervisor.start()
        try:
            _when(states, up=True)
            for cycle in range(cycles):
                pulled = perf_counter()
                scanner.unplug()
                plugs.noticed.append(_when(states, up=False) - pulled)
                Event().wait(away)
                plugged = perf_counter()
                scanner.replug()
                plugs.back.append(_when(states, up=True) - plugged)
                scanner.scan(f"000.00.12.H57-261119-{cycle:04}")
                scans.get(timeout=PATIENCE)
                plugs.first_lines += 1
        finally:
            supervisor.stop()
    return plugs


def _when(states: "SimpleQueue[tuple[PortState, float]]", *, up: bool) -> float:
    while True:
        state, at = states.get(timeout=PATIENCE)
        if state.up == up:
            return at


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[18]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
