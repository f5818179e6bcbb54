"""The virtual environment .venv: made, mended, filled, and left alone while nothing has changed.

Used by the bare system Python before anything is installed: standard library only, parseable by 3.8.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.progress import SetupStopped, last_lines, run_step, say

OLDEST = (3, 11)
NEWEST = (3, 13)  # Kivy 2.3.1 has no wheels beyond

_NO_NETWORK = (
    "No connection to the package index. Check the network; behind a proxy, set https_proxy or pip's own "
    "settings (pip config). What was fetched is kept."
)
# The first sign found in pip's last lines decides: without a network pip ends with "No matching distribution" too.
_ADVICE = (
    ("No space left on device", "The disk is full: free about 1 GB."),
    ("Temporary failure in name resolution", _NO_NETWORK),
    ("NewConnectionError", _NO_NETWORK),
    ("ConnectTimeoutError", _NO_NETWORK),
    ("ReadTimeoutError", _NO_NETWORK),
    ("ProxyError", _NO_NETWORK),
    ("SSLError", _NO_NETWORK),
    ("Connection aborted", _NO_NETWORK),
    (
        "No matching distribution found",
        "One of the pinned packages is not made for this Python or processor: use Python 3.11 to 3.13 on x86-64 or "
        "64-bit ARM. Or the package index set for pip does not have it.",
    ),
)
_LINES_SEARCHED = 60
_NOISE = ("Requirement already satisfied", "Looking in ")
_READY = "import importlib.util; importlib.util.find_spec('pip').name"
# The whole of pip is loaded: an environment whose making was broken off may hold a part of it.
_USABLE = f"import sys, pip._internal.commands.install; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"


class Environment:
    """One virtual environment and the stamps that say what was installed into it."""

    def __init__(self, home: Path, log: Path) -> None:
        self._home = home
        self._log = log
        self._python = home / "bin" / "python"

    def is_ready(self, name: str, requirements: Path) -> bool:
        """Say whether *requirements*, as they stand now, were installed under *name* into a working environment."""
        try:
            stamped = self._stamp(name).read_text(encoding="ascii")
        except OSError:
            return False
        return stamped == fingerprint(requirements) and self._succeeds(_READY)

    def make(self) -> None:
        """Make the environment if there is none; remake one that is half made or of another Python."""
        if self._succeeds(_USABLE):
            return
        if self._home.exists():
            say(f"{self._home.name} cannot be used: making it anew")
            shutil.rmtree(self._home)
        status = run_step(f"Making {self._home.name}", [sys.executable, "-m", "venv", str(self._home)], self._log)
        if status != 0:
            raise SetupStopped(self._failure("Making the virtual environment", "The lines above say why."))

    def install(self, requirements: Path) -> None:
        """Install what *requirements* names, with the user's own pip settings."""
        pip = [str(self._python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        status = run_step(
            "Installing the Python packages", [*pip, "--progress-bar", "off", "-r", str(requirements)], self._log
        )
        if status != 0:
            tail = "\n".join(last_lines(self._log, _LINES_SEARCHED))
            advice = next((advice for sign, advice in _ADVICE if sign in tail), "The lines above say why.")
            raise SetupStopped(self._failure("pip", advice))

    def stamp(self, name: str, requirements: Path) -> None:
        """Note that *requirements*, as they stand now, are installed under *name*."""
        self._stamp(name).write_text(fingerprint(requirements), encoding="ascii")

    def _stamp(self, name: str) -> Path:
        return self._home / f"{name}.stamp"

    def _succeeds(self, statement: str) -> bool:
        if not os.access(self._python, os.X_OK):
            return False
        asked = subprocess.run([str(self._python), "-c", statement], capture_output=True, check=False)
        return asked.returncode == 0

    def _failure(self, what: str, advice: str) -> str:
        lines = [line for line in last_lines(self._log, _LINES_SEARCHED) if not line.startswith(_NOISE)]
        tail = "\n".join(f"  {line}" for line in lines[-12:])
        return f"{what} failed:\n{tail}\nAll of its output: {self._log}\n{advice}\nThen run the same command again."


def fingerprint(requirements: Path) -> str:
    """Return a hash of a requirements file and of every file it includes with -r."""
    digest = hashlib.sha256()
    for path in included(requirements):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def included(requirements: Path) -> list[Path]:
    """Return *requirements* and the files it includes with -r, each once, in reading order."""
    found: list[Path] = []
    waiting = [requirements.resolve()]
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found.append(path)
        lines = path.read_text(encoding="utf-8").splitlines()
        waiting += [(path.parent / line[3:].strip()).resolve() for line in lines if line.startswith("-r ")]
    return found
