"""The sample office as files: settings, ports, sample receipts."""

import csv
import fcntl
import os
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "deploy" / "sample_office"
SITE = "sia"
KIOSK = "quay-1"
COUNTER = "1"
PORTS = {"mqtt": 18830, "web": 8080}


class DemoTrouble(Exception):
    """The demo cannot go on; the text says why and what to do."""


class AlreadyRunning(Exception):
    """The demo runs already."""


class Office:
    """The demo's folder, held by one demo at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server_settings = folder / "server.toml"
        self.kiosk_settings = folder / "kiosk.toml"
        self._ports_changed = False

    def __enter__(self) -> "Office":
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise AlreadyRunning(
                "it is running already; end that one first, or speak to it: .venv/bin/python -m deploy.demo help"
            ) from None
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._lock)

    def prepare(self, tell: Callable[[str], None]) -> None:
        """Write settings and import the office, as far as that is not done."""
        self._ports_changed = self._choose_ports()
        if self._wants_a_kiosk:
            tell("Importing the sample office")
            self.server("office", "import", str(SAMPLE))

    def register_kiosk(self, tell: Callable[[str], None]) -> None:
        """Register the kiosk of an office that is prepared, if that is not done or the ports have changed."""
        if self._wants_a_kiosk:
            tell("Registering the kiosk")
            self.server(
                *("kiosk", "add", SITE, KIOSK, "--counter", COUNTER, "--settings-file", str(self.kiosk_settings)),
                *("--state", "kiosk", "--window", "--renew"),
            )

    @property
    def _wants_a_kiosk(self) -> bool:
        return self._ports_changed or not self.kiosk_settings.exists()

    def server(self, *arguments: str) -> str:
        """Run a command of the server; return what it prints, DemoTrouble when it fails."""
        command = [sys.executable, "-m", "sync_server", "--settings", str(self.server_settings), *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode != 0:
            raise DemoTrouble(done.stderr.strip() or f"sync_server {arguments[0]} failed")
        return done.stdout.strip()

    def sign_in_link(self) -> str:
        """Return a new link to the admin page."""
        return self.server("admin", "link")

    @property
    def ports(self) -> dict[str, int]:
        """The ports in the server's settings."""
        settings = tomllib.loads(self.server_settings.read_text(encoding="utf-8"))
        return {name: int(settings[name]["port"]) for name in PORTS}

    def next_case(self) -> str:
        """Return the code of the next sample receipt."""
        with (SAMPLE / "cases.csv").open(encoding="utf-8", newline="") as file:
            # Those that the kiosk's own counter received: its screen names that counter.
            codes = [row["case_code"] for row in csv.DictReader(file) if row["counter"] == COUNTER]
        # Kept, because the kiosk keeps which cases are rated.
        position = self.folder / "next-receipt"
        number = int(position.read_text()) if position.exists() else 0
        position.write_text(str(number + 1))
        return codes[number % len(codes)]

    def _choose_ports(self) -> bool:
        """Keep the ports of the last time if they are free; return whether others were written."""
        wanted = self.ports if self.server_settings.exists() else PORTS
        ports = {name: port if _is_free(port) else _free_port() for name, port in wanted.items()}
        if self.server_settings.exists() and ports == wanted:
            return False
        self.server_settings.write_text(
            '[storage]\nfolder = "server"\n\n'
            + "\n".join(f"[{name}]\nport = {port}\n" for name, port in ports.items()),
            encoding="utf-8",
        )
        return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
