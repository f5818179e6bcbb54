"""`make demo`: the sample office on this machine, server and kiosk on simulated hardware.

Run again with a command (`python -m deploy.demo scan`) it speaks to the demo that is running.
"""

import argparse
import os
import sys
from pathlib import Path
from textwrap import indent

from deploy.demo_console import ask, converse
from deploy.demo_office import AlreadyRunning, DemoTrouble, Office
from deploy.demo_processes import Processes, interruptible
from deploy.demo_quarters import Quarters

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "demo"

NEXT = """
  Admin page   {link}
               (signs in once; `link` prints another)
  Kiosk        {screen}
{decision}

What to do next: type a command and Enter
  scan             a citizen holds the next sample receipt under the scanner (`scan CODE` another)
  tap 5            and touches a face: 1 very dissatisfied … 5 very satisfied
  skip             gives no reasons;             reason waiting, send   gives one
  write            asks for a keyboard;          type Camr own          types, in Telex or as it is; then send
  start            or rates without a code;      dismiss     touches the notice away
  walk away        leaves it half-way;           unplug, replug         the scanner;    fill, free   the kiosk's disk
  screenshot       saves what the screen shows;  link        prints another sign-in link
  figures          prints the figures;           decision    says again where the Decision is;    help, quit

From another terminal: .venv/bin/python -m deploy.demo {hint}scan
Ctrl-C ends everything; the data stays in {data} (make demo-fresh forgets it).
"""


def main(arguments: list[str]) -> int:
    """Run the demo, or pass one command on to it; return the exit status."""
    chosen = _parser().parse_args(arguments)
    folder: Path = chosen.data.resolve()
    try:
        if chosen.command:
            return _pass_on(folder, " ".join(chosen.command))
        with interruptible():
            return _run(folder)
    except (DemoTrouble, AlreadyRunning) as trouble:
        print(f"demo: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe demo has ended; its data is kept.")
        return 0


def _run(folder: Path) -> int:
    with Office(folder) as office, Processes(folder / "log") as processes:
        quarters = Quarters(office)
        office.prepare(_tell)
        quarters.prepare(_tell)  # before there is a kiosk of which they lack a report
        office.register_kiosk(_tell)
        print("Starting the server …", flush=True)
        processes.start_server(office)
        print("Starting the kiosk …", flush=True)
        screen = processes.start_kiosk(office)
        print(
            NEXT.format(
                link=office.sign_in_link(),
                screen=screen,
                decision=indent(quarters.where(), "  "),
                data=folder,
                hint="" if folder == DATA else f"--data {folder} ",
            ),
            flush=True,
        )
        converse(office, quarters, processes)
    print("The demo has ended; its data is kept.")
    return 0


def _tell(step: str) -> None:
    print(f"{step} …", flush=True)


def _pass_on(folder: Path, command: str) -> int:
    answer = ask(folder / "control", command)
    try:
        print(answer, flush=True)
    except BrokenPipeError:  # `figures | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left is not flushed into it at the end
    return 1 if answer.startswith("error") else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.demo",
        description="Runs the demo; with a command, passes it on to the demo that is running.",
    )
    parser.add_argument("--data", type=Path, default=DATA, help="the demo's folder (default: %(default)s)")
    parser.add_argument("command", nargs="*", help="as typed into the demo: scan, tap 5, help …")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
