"""`make bench`: measure and print, with the machine named."""

import argparse
import os
import platform
import sys
from pathlib import Path
from statistics import median, quantiles

from tests.bench.delays import measure
from tests.bench.screen import screen


def main() -> int:
    """Measure what is asked for and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--visits", type=int, default=200, help="citizens who visit (default: %(default)s)")
    visits = max(20, parser.parse_args().visits)
    with screen() as where:
        delays = measure(visits, lambda text: print(text, file=sys.stderr, flush=True))
    print(f"\n{_machine()}; {visits} visits; window on {where}\n")
    print("| what | median ms | p99 ms | × one frame | × one commit |\n|---|---|---|---|---|")
    frame, commit = median(delays.frame), median(delays.commit)
    for name, values in (
        ("scan → faces on the screen", delays.scan_to_screen),
        ("finger up → vote on the disk → thanks on the screen", delays.tap_to_thanks),
        ("finger up → figure on the page", delays.tap_to_page),
        ("reference: one redraw of the same window", delays.frame),
        ("reference: one bare SQLite commit, WAL and FULL", delays.commit),
    ):
        print(_row(name, values, frame, commit))
    return 0


def _row(name: str, values: list[float], frame: float, commit: float) -> str:
    if not values:
        return f"| {name} | not measured: no browser | | | |"
    middle, high = median(values), quantiles(values, n=100)[98]
    return f"| {name} | {middle * 1000:.1f} | {high * 1000:.1f} | {middle / frame:.1f} | {middle / commit:.1f} |"


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
