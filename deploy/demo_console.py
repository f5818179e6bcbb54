"""What can be said to a running demo: on its terminal, or through its socket."""

import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue

from deploy.demo_office import DemoTrouble, Office
from deploy.demo_processes import Processes
from deploy.demo_quarters import Quarters

HELP = (
    "commands: scan [CODE], tap LEVEL, reason KEY, write, type TEXT, skip, send, back, decline, start, counter N, "
    "keep, switch, dismiss, language vi|en, look larger|contrast|low, screenshot [FILE], walk away, unplug, replug, "
    "fill, free, link, figures, decision, help, quit"
)
LOOK_SECONDS = 0.5
SPEAK_SECONDS = 5.0  # who connects and says nothing keeps others waiting no longer
LONGEST_COMMAND = 1000


def converse(office: Office, quarters: Quarters, processes: Processes) -> None:
    """Obey until told to quit, and start what ends again; DemoTrouble when a process goes on ending by itself."""
    inbox: SimpleQueue[tuple[str, Callable[[str], None]]] = SimpleQueue()
    threading.Thread(target=_read_terminal, args=(inbox,), daemon=True).start()
    listener = _listen(office.folder / "control")
    threading.Thread(target=_read_socket, args=(listener, inbox), daemon=True).start()
    while True:
        for line in processes.start_again():
            print(line, flush=True)
        try:
            command, answer = inbox.get(timeout=LOOK_SECONDS)
        except Empty:
            continue
        if command == "quit":
            answer("ok")
            return
        answer(_obey(command, office, quarters, processes))


def ask(path: Path, command: str) -> str:
    """Send a command to the demo that is running; DemoTrouble when none is."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            raise DemoTrouble("it is not running; start it with: make demo") from None
        connection.sendall(command.encode() + b"\n")
        with connection.makefile(encoding="utf-8") as answer:
            return answer.read().strip()


def _obey(command: str, office: Office, quarters: Quarters, processes: Processes) -> str:
    try:
        match command.split(maxsplit=1):
            case [] | ["help"]:
                return HELP
            case ["scan"]:
                code = office.next_case()
                return f"{processes.ask_kiosk(f'scan {code}')}  (the sample receipt {code})"
            case ["link"]:
                return office.sign_in_link()
            case ["figures"]:
                return office.server("figures")
            case ["decision"]:
                return quarters.where()
            case ["walk", "away"]:
                return "ok  (nobody touches the kiosk now: soon it counts down, and then asks the next one)"
            case ["fill"]:
                processes.fill_disk(True)
                return "ok  (the kernel refuses the kiosk every byte; vote, and see; `free` ends it)"
            case ["free"]:
                processes.fill_disk(False)
                return "ok  (the kiosk looks again within seconds)"
            case ["screenshot", *path]:
                target = Path(path[0]).absolute() if path else office.folder / "screen.png"
                return f"{processes.ask_kiosk(f'screenshot {target}')}  ({target})"
            case _:
                return processes.ask_kiosk(command)
    except DemoTrouble as trouble:
        return f"error: {trouble}"


def _read_terminal(inbox: SimpleQueue[tuple[str, Callable[[str], None]]]) -> None:
    # At the end of input nothing happens: a demo in the background goes on until it is told to end.
    for line in sys.stdin:
        inbox.put((line.strip(), lambda text: print(text, flush=True)))


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen()
    return listener


def _read_socket(listener: socket.socket, inbox: SimpleQueue[tuple[str, Callable[[str], None]]]) -> None:
    while True:
        connection, _ = listener.accept()
        connection.settimeout(SPEAK_SECONDS)
        try:
            with connection.makefile("rb") as lines:
                command = lines.readline(LONGEST_COMMAND).decode(errors="replace").strip()
        except OSError:
            connection.close()
            continue
        inbox.put((command, partial(_reply, connection)))


def _reply(connection: socket.socket, text: str) -> None:
    with connection:
        try:
            connection.sendall(text.encode())
        except OSError:
            return  # whoever asked has gone
