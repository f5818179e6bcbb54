"""`make bench`: measure and print, with the machine named."""

import argparse
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from tests.bench import archives, beside_bare, decisions, documents, exports, hostile, marks, plugs, write_budget
from tests.bench.delays import measure
from tests.bench.figures import measure as measure_figures
from tests.bench.figures import summary_table
from tests.bench.framing import framing_table, throughputs
from tests.bench.ingest import rate, storm
from tests.bench.screen import screen
from tests.bench.tables import beside_table, rates_table, storm_table
from tests.fakes import postgres

SIZES = {1: 40_000, 20: 200_000, 200: 400_000}  # votes a message → votes in all
NAIVE_MESSAGES = 2000
FEWEST_VISITS = 20
STARTS = 9
IDLE_SECONDS = 20.0
DOCUMENTS = 9


def main() -> int:
    """Measure what is asked for and print tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "what", nargs="*", metavar="WHAT", choices=[[], *PARTS], help=f"{', '.join(PARTS)} (default: all)"
    )
    parser.add_argument("--visits", type=int, default=200, help="citizens who visit (default: %(default)s)")
    parser.add_argument("--share", type=float, default=1.0, help="of the usual votes, for a quick look (default: 1)")
    parser.add_argument("--votes", type=int, default=1_000_000, help="to make figures of (default: %(default)s)")
    chosen = parser.parse_args()
    print(f"{_machine()}\n", flush=True)
    for name in chosen.what or PARTS:
        print(f"## {name}\n", flush=True)
        PARTS[name](chosen)
        print(flush=True)
    return 0


def _delays(chosen: argparse.Namespace) -> None:
    visits = max(FEWEST_VISITS, chosen.visits)
    with screen() as where:
        delays = measure(visits, _tell)
    print(f"{visits} visits; window on {where}\n")
    print("| what | median ms | p95 ms | p99 ms | × one frame | p95 × one frame | × one commit |")
    print("|---" * 7 + "|")
    frame, commit = median(delays.frame), median(delays.commit)
    for name, values in (
        ("written by the scanner → understood by the kiosk", delays.write_to_event),
        ("scan → faces on the screen", delays.scan_to_screen),
        ("finger up → vote on the disk → thanks on the screen", delays.tap_to_thanks),
        ("finger up → figure on the page", delays.tap_to_page),
        ("reference: one redraw of the same window", delays.frame),
        ("reference: one bare SQLite commit, WAL and FULL", delays.commit),
    ):
        print(_row(name, values, frame, commit))


def _screens(chosen: argparse.Namespace) -> None:
    visits = max(FEWEST_VISITS, chosen.visits)
    kiosk, bare = beside_bare.measure(visits, STARTS, IDLE_SECONDS)
    print(f"{visits} visits, {STARTS} starts, {IDLE_SECONDS:.0f} s at rest; two virtual screens (Xvfb, software GL)\n")
    print(beside_table(kiosk, bare))


def _rates(chosen: argparse.Namespace) -> None:
    rates = [
        rate(database, size, int(votes * chosen.share), int(NAIVE_MESSAGES * chosen.share), _tell)
        for database in _databases()
        for size, votes in SIZES.items()
    ]
    print(rates_table(rates))


def _storm(chosen: argparse.Namespace) -> None:
    kiosks = max(10, int(1000 * chosen.share))
    print(storm_table([storm(database, kiosks, 500, 10, _tell) for database in _databases()]))


def _write_budget(_chosen: argparse.Namespace) -> None:
    write_budget.main([])


def _hostile(_chosen: argparse.Namespace) -> None:
    hostile.main([])


def _framing(chosen: argparse.Namespace) -> None:
    print(framing_table([*throughputs(int(2_000_000 * chosen.share))]))


def _figures(chosen: argparse.Namespace) -> None:
    votes = int(chosen.votes * chosen.share)
    print(summary_table([measure_figures(database, votes, _tell) for database in _databases()]))


def _marks(chosen: argparse.Namespace) -> None:
    print(marks.marks_table([each for database in _databases() for each in marks.measure(database, _tell)]))


def _plugs(chosen: argparse.Namespace) -> None:
    print(plugs.plugs_table(plugs.measure(max(FEWEST_VISITS, chosen.visits))))


def _exports(chosen: argparse.Namespace) -> None:
    print(exports.exports_table(exports.measure(max(1000, int(1_000_000 * chosen.share)), _tell)))


def _archives(chosen: argparse.Namespace) -> None:
    print(archives.archives_table(archives.measure(max(1000, int(200_000 * chosen.share)), _tell)))


def _decisions(chosen: argparse.Namespace) -> None:
    print(decisions.decisions_table(decisions.measure(max(1000, int(200_000 * chosen.share)), _tell)))


def _documents(_chosen: argparse.Namespace) -> None:
    print(documents.documents_table(documents.measure(DOCUMENTS)))


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "delays": _delays,
    "screens": _screens,
    "ingest": _rates,
    "storm": _storm,
    "hostile": _hostile,
    "write-budget": _write_budget,
    "framing": _framing,
    "plugs": _plugs,
    "figures": _figures,
    "marks": _marks,
    "exports": _exports,
    "archives": _archives,
    "decisions": _decisions,
    "documents": _documents,
}


def _databases() -> list[str]:
    missing = postgres.unavailable()
    if missing is not None:
        _tell(f"PostgreSQL is left out: {missing}")
    return ["sqlite"] if missing is not None else ["sqlite", "postgresql"]


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _row(name: str, values: list[float], frame: float, commit: float) -> str:
    if not values:
        return f"| {name} | not measured: no browser | | | | | |"
    middle, cuts = median(values), quantiles(values, n=100)
    times = " | ".join(f"{seconds * 1000:.1f}" for seconds in (middle, cuts[94], cuts[98]))
    return f"| {name} | {times} | {middle / frame:.1f} | {cuts[94] / frame:.1f} | {middle / commit:.1f} |"


def _machine() -> str:
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    model = models[0] if models else platform.machine()
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(main())
