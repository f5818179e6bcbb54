"""A real Mosquitto on the loopback, with the settings that are deployed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path
from time import monotonic

import pytest

ROOT = Path(__file__).parents[2]
DEPLOYED = ROOT / "deploy" / "mosquitto" / "hailong.conf"
FOLDER = "/etc/hailong/broker"
START_SECONDS = 20.0
# Debian puts it where only root's PATH leads.
PROGRAM = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

needs_mosquitto = pytest.mark.skipif(PROGRAM is None, reason="mosquitto is not installed")


class Mosquitto:
    """Listens on *port*; reads passwd, acl and certificates from *folder*, which others have to write first."""

    def __init__(self, folder: Path, port: int, *, tls: bool = True, bounded: bool = True) -> None:
        self.port = port
        self.pid_file = folder / "mosquitto.pid"
        self._log = folder / "mosquitto.log"
        self._settings = folder / "mosquitto.conf"
        deployed = DEPLOYED.read_text(encoding="utf-8").replace(FOLDER, str(folder))
        deployed = re.sub(r"^listener 8883$", f"listener {port} 127.0.0.1", deployed, flags=re.MULTILINE)
        if not tls:
            deployed = re.sub(r"^(certfile|keyfile|tls_version) .*$", "", deployed, flags=re.MULTILINE)
        if not bounded:  # a queue that drops nothing, however far its reader falls behind
            deployed = re.sub(r"^(max_queued_\w+) .*$", r"\1 0", deployed, flags=re.MULTILINE)
        own = [f"pid_file {self.pid_file}", "log_dest stderr"]
        if os.geteuid() == 0:
            own.append("user root")  # the temporary folder is root's
        self._settings.write_text("\n".join([*own, deployed]), encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it listens."""
        assert PROGRAM is not None
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "-c", str(self._settings)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        until = monotonic() + START_SECONDS
        pause = threading.Event()
        while not self._listens():
            if self._process.poll() is not None or monotonic() > until:
                self.kill()
                raise AssertionError(f"Mosquitto does not start:\n{self._log.read_text(errors='replace')}")
            pause.wait(0.02)

    def stop(self) -> None:
        """End it as an administrator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait()
        self._process = None

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return self.pid_file.exists()


def resident_bytes(pid: int) -> int:
    """Return how much memory a process holds."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024
