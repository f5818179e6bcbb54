"""make screenshots: a picture of every screen, in every language, on every panel, in every look.

All of them go into docs/screens/all, which git ignores; the few that the README shows go into docs/screens and are
to be committed. Exit status: 0 all were taken, 1 not all, and why, 2 wrong use, 130 interrupted.
"""

import argparse
import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.kiosk.ui.opening import NoWindow, open_window
from tests.screenshots.booth import Booth
from tests.screenshots.chosen import CHOSEN
from tests.screenshots.modes import EVERY_MODE, LANGUAGES, LOOKS, PANELS, Mode

SCREENS = Path(__file__).parents[2] / "docs" / "screens"


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures asked for; return the exit status."""
    asked = _parser().parse_args(arguments)
    logging.disable(logging.CRITICAL)  # a tour meets much that a log would complain of
    booth = Booth(asked.into, None if asked.few else asked.into / "all")
    modes = [mode for mode in _modes(few=asked.few) if _is_asked(mode, asked)]
    if not modes:
        print("screenshots: no mode is like that", file=sys.stderr)
        return 2
    try:
        asked.into.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory() as home:
            open_window(Path(home))
            _take(booth, modes)
    except NoWindow as reason:
        print(f"screenshots: {reason}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"screenshots: {error.filename or asked.into}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nscreenshots: interrupted; what was written is whole", file=sys.stderr)
        return 130
    return 0


def _take(booth: Booth, modes: list[Mode]) -> None:
    total = 0
    for count, mode in enumerate(modes, start=1):
        begun = monotonic()
        print(f"[{count}/{len(modes)}] {mode} …", end=" ", flush=True)
        taken = sum(1 for _ in booth.take(mode))
        total += taken
        print(f"{taken} pictures ({monotonic() - begun:.0f} s)", flush=True)
    print(f"{total} pictures in {booth.chosen}")


def _modes(*, few: bool) -> list[Mode]:
    shown = [mode for mode, _ in CHOSEN.values()]
    every = [] if few else [*EVERY_MODE]
    return list(dict.fromkeys([*every, *shown]))


def _is_asked(mode: Mode, asked: argparse.Namespace) -> bool:
    return (
        asked.panel in (None, "{}x{}".format(*mode.panel))
        and asked.language in (None, mode.language)
        and (asked.look is None or mode.look == LOOKS[asked.look])
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.screenshots",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--into", type=Path, default=SCREENS, metavar="FOLDER", help="default: docs/screens")
    parser.add_argument("--few", action="store_true", help="only the pictures that are committed")
    parser.add_argument("--panel", choices=["{}x{}".format(*panel) for panel in PANELS], help="only these")
    parser.add_argument("--language", choices=LANGUAGES, help="only these")
    parser.add_argument("--look", choices=[*LOOKS], help="only these")
    return parser


if __name__ == "__main__":
    sys.exit(main())
