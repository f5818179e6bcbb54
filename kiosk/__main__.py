"""`python -m kiosk`: reads the settings, builds the parts, runs until stopped."""

import argparse
import logging
import os
import signal
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

import msgspec

from hardware.simulator import SimulatedScanner
from kiosk.clock import SystemClock
from kiosk.commands import CommandMistake, stick
from kiosk.core.resting import WIDE_AWAKE
from kiosk.parts import AlreadyRunning, Kiosk, StateFolderUnusable
from kiosk.settings import Settings
from kiosk.simulated import Finger, obey
from kiosk.sounds import Sounds, Speaker
from kiosk.ui.beside import Beside
from kiosk.ui.run import run
from protocol.settings_file import SettingsMistake, read_settings
from protocol.tls import AuthorityUnusable

log = logging.getLogger(__name__)

DEFAULT_SETTINGS = Path("/etc/kiosk/kiosk.toml")


class Mistake(Exception):
    """What was asked for cannot be done; the text is one sentence that says why."""


def main(arguments: list[str] | None = None) -> int:
    """Run the kiosk and return its exit code; 2 for a mistake of the user, named in one sentence."""
    chosen = _parser().parse_args(arguments)
    os.umask(0o077)  # votes and logs are nobody else's
    logging.basicConfig(
        level=logging.DEBUG if chosen.verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    try:
        if chosen.run is not None:
            return int(chosen.run(chosen, load(chosen.settings)))
        return _run(load(chosen.settings), simulate=chosen.simulate, window=not chosen.no_window)
    except (
        SettingsMistake,
        AlreadyRunning,
        StateFolderUnusable,
        AuthorityUnusable,
        CommandMistake,
        Mistake,
    ) as error:
        print(f"kiosk: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def load(path: Path) -> Settings:
    """Read the settings, its relative paths made absolute; SettingsMistake when the file is wrong."""
    settings = read_settings(path, Settings)
    folder = path.resolve().parent
    identity = msgspec.structs.replace(settings.identity, state=str(folder / settings.identity.state))
    server = settings.server
    if server.authority:
        server = msgspec.structs.replace(server, authority=str(folder / server.authority))
    service = settings.service
    if service.stick:
        service = msgspec.structs.replace(service, stick=str(folder / service.stick))
    return msgspec.structs.replace(settings, identity=identity, server=server, service=service)


def _run(settings: Settings, *, simulate: bool, window: bool) -> int:
    with _simulated_scanner(settings) if simulate else nullcontext() as scanner:
        port = settings.scanner.port if scanner is None else str(scanner.link)
        kiosk = Kiosk(settings, scanner_port=port, clock=SystemClock())
        kiosk.claim()
        starting = Starting(kiosk)
        try:
            return _show(kiosk, starting, settings, scanner) if window else _run_headless(kiosk)
        finally:
            starting.finish()
            kiosk.stop()


def _simulated_scanner(settings: Settings) -> SimulatedScanner:
    link = Path(settings.identity.state) / "simulated-scanner"
    try:
        link.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return SimulatedScanner(link)
    except OSError as error:
        raise Mistake(f"{link}: no simulated scanner: {error.strerror}") from None


class Starting:
    """Starts a kiosk beside its window, in a thread: what it loads and opens would hold up the first screen."""

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk
        self._thread = threading.Thread(target=self._start, name="starting")

    def begin(self) -> None:
        """Begin; to be called once."""
        self._thread.start()

    def finish(self) -> None:
        """Wait until it is done, if it was begun."""
        if self._thread.ident is not None:
            self._thread.join()

    def _start(self) -> None:
        try:
            self._kiosk.start()
        except Exception as error:
            log.critical("the kiosk cannot start: %s", type(error).__name__)
            self._kiosk.controller.end()


def _run_headless(kiosk: Kiosk) -> int:
    from kiosk.headless import Headless

    kiosk.start()
    headless = Headless(kiosk.controller, sys.stdin, sys.stdout)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: headless.stop())
    headless.run()
    return 0


def _show(kiosk: Kiosk, starting: Starting, settings: Settings, scanner: SimulatedScanner | None) -> int:
    def begin_to_obey(finger: Finger) -> None:
        if scanner is not None:
            threading.Thread(target=obey, args=(sys.stdin, sys.stdout, scanner, finger), daemon=True).start()

    state = Path(settings.identity.state)
    # A simulated kiosk stands on somebody's desk: its window does not go dark when the office closes.
    habits = settings.rest.habits() if scanner is None else WIDE_AWAKE
    sounds, speaker = Sounds(state / "sounds", settings.sound), Speaker(settings.sound)
    try:
        run(
            controller=kiosk.controller,
            screen=settings.screen,
            home=state / "kivy",
            today=kiosk.today,
            beside=Beside(kiosk.desk, sounds, speaker, habits, kiosk.known_time),
            simulate=None if scanner is None else begin_to_obey,
            stands=starting.begin,
        )
    finally:
        sounds.stop()
        speaker.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m kiosk",
        description="The kiosk: citizens scan a case and touch a face; votes wait here until the server has them.",
    )
    parser.add_argument(
        "--settings", type=Path, default=DEFAULT_SETTINGS, metavar="FILE", help="settings file (default: %(default)s)"
    )
    parser.add_argument(
        "--simulate",
        action="store_true",
        help="no hardware: scans and touches (scan CODE, tap LEVEL, help) are read from standard input",
    )
    parser.add_argument(
        "--no-window", action="store_true", help="no screen: commands from standard input, screens to standard output"
    )
    parser.add_argument("--verbose", action="store_true", help="log more; never what was chosen or scanned")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", description="Without one of these, the kiosk runs."
    )
    stick.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
