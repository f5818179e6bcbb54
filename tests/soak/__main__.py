"""`make soak`: thousands of visits to the real screens and the real outbox, in virtual time, at random.

Ends with 1 when memory grows, handles or threads become more, an error occurs, a screen needs a restart, or the votes
that were thanked for are not those that are stored, each exactly once.
"""

import argparse
import logging
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from kiosk.settings import Screen
from kiosk.ui.setup import prepare
from tests.soak.verdict import objections, report

WIDTH, HEIGHT = 640, 400  # at first; a driver makes it smaller


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak from the command line; 1 when something does not hold, 130 when it was ended by Ctrl-C and all held."""
    chosen = _parser().parse_args(arguments)
    seed: int = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(2**32)
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    logging.basicConfig(filename=folder / "log", level=logging.WARNING, format="%(name)s: %(message)s")
    stopped: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: stopped.append(number))
    _tell(f"seed {seed}, {chosen.sessions:,} sessions; Ctrl-C ends it with the figures so far")
    os.environ["SDL_VIDEODRIVER"] = "offscreen"  # a real window without a screen
    prepare(Screen(width=WIDTH, height=HEIGHT, fullscreen=False), folder / "kivy")
    # Not at the top: it opens Kivy's window.
    from tests.soak.run import soak

    figures = soak(folder, chosen.sessions, seed, _tell, lambda: bool(stopped))
    _tell(report(figures))
    if objections(figures):
        _tell(f"files: {folder}")
        return 1
    shutil.rmtree(folder)
    return 130 if stopped else 0


def _tell(text: str) -> None:
    print(text, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sessions", type=_count, default=20_000, help="until the kiosk is left alone (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, help="repeat the choices of an earlier run (default: a new seed)")
    return parser


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError("give a whole number from 1 to 10000000")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
