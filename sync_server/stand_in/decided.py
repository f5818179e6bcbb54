"""`python -m sync_server.stand_in.decided`: made-up quarters of an office, taken in and decided on, for trying it out.

It says the usual commands one after another in one process, for starting each anew would take longer than what they do.
What is done already is not done again: begun anew after it was interrupted, it goes on.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path

from sync_server.__main__ import main as server
from sync_server.commands import opened
from sync_server.core.decisions.states import IN_HAND, State
from sync_server.settings import load
from sync_server.stand_in.quarter import main as make_up
from sync_server.store.decisions import kept_versions

CLERK = "Nguyễn Thị Diệu Hằng"
LEADER = "Nguyễn Khoa Bảo Lâm"
BECAUSE = "Kiosk quầy 2 không nối mạng; toàn bộ lượt đánh giá của kỳ đã được nộp bằng USB và nhập đủ"
NEXT = {
    State.OPEN: ("close", CLERK, "--because", BECAUSE),
    State.CLOSING: ("draft", CLERK),
    State.DRAFT: ("review", LEADER),
    State.REVIEWED: ("issue", LEADER),
}


class Stopped(Exception):
    """A command has failed; it has said why."""


def main(arguments: list[str] | None = None) -> int:
    """Make the quarters up and decide on them; return the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        _take_in(chosen)
        for quarter in sorted(set(chosen.quarter)):
            _decide_on(chosen, quarter)
    except Stopped:
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"decided: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def _take_in(chosen: argparse.Namespace) -> None:
    chosen.folder.mkdir(parents=True, exist_ok=True)
    kiosk, stick = chosen.folder / "kiosk.toml", chosen.folder / "usb"
    if not kiosk.exists():
        _say(f"Registering {chosen.kiosk}, which brings its votes on a stick")
        _run(chosen, "kiosk", "add", chosen.site, chosen.kiosk, "--counter", "2", "--settings-file", kiosk, "--renew")
    if not stick.exists():  # as a whole: made a second time, these would be other votes
        _say(f"Making up {' and '.join(sorted(set(chosen.quarter)))}")
        _make_up(chosen, kiosk, stick)
    _say("Taking cases and votes in")
    _run(chosen, "cases", "import", stick / "cases.csv", "--site", chosen.site)
    _run(chosen, "stick", "import", stick)
    _run(chosen, "labels", "run", "--site", chosen.site)


def _make_up(chosen: argparse.Namespace, kiosk: Path, stick: Path) -> None:
    begun = stick.with_suffix(".part")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir()
    quarters = [word for quarter in chosen.quarter for word in ("--quarter", quarter)]
    _quietly(make_up, [chosen.office, begun, "--kiosk-settings", kiosk, "--votes", chosen.votes, *quarters])
    begun.rename(stick)


def _decide_on(chosen: argparse.Namespace, quarter: str) -> None:
    while (state := _state(chosen, quarter)) in NEXT:
        step, who, *more = NEXT[state]
        _say(f"The Decision of {quarter}: {step}")
        _run(chosen, "decision", step, quarter, "--site", chosen.site, "--by", who, *more)


def _state(chosen: argparse.Namespace, quarter: str) -> State:
    with opened(load(chosen.settings)) as database, database.reading() as connection:
        states = [kept.state for kept in kept_versions(connection, chosen.site, quarter)]
    return next((state for state in states if state in IN_HAND), State.ISSUED if State.ISSUED in states else State.OPEN)


def _run(chosen: argparse.Namespace, *words: object) -> None:
    _quietly(server, ["--settings", chosen.settings, *words])


def _quietly(command: Callable[[list[str]], int], words: Sequence[object]) -> None:
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
        code = command([str(word) for word in words])
    if code:
        raise Stopped


def _say(step: str) -> None:
    print(step, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sync_server.stand_in.decided",
        description="Makes quarters of an office up and decides on them, by the usual commands: a kiosk that brings its"
        " votes on a stick, cases, and the steps of the Decision. Said again, it goes on where it was interrupted."
        " Never for a real office.",
    )
    parser.add_argument("office", type=Path, help="the office's folder, imported already, like deploy/sample_office")
    parser.add_argument("folder", type=Path, help="where to keep what is made up")
    parser.add_argument("--settings", type=Path, required=True, metavar="FILE", help="the server's")
    parser.add_argument("--site", required=True, help="as the office is called")
    parser.add_argument("--kiosk", default="quay-2", help="which is to bring the votes (default: %(default)s)")
    parser.add_argument("--quarter", required=True, action="append", help="like 2026-Q3; may be given several times")
    parser.add_argument("--votes", default="640", metavar="N", help="visits a quarter (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
