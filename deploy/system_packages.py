"""The system packages that the commands need: one table of what each is for and how its lack is noticed.

The thing itself is looked for, never the package's name: a library from elsewhere serves as well.
Used by the bare system Python before anything is installed: standard library only, parseable by 3.8.
"""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
_BROWSER_SECONDS = 20.0
POSTGRESQL = Path("/usr/lib/postgresql")
LIBRARIES = Path("/usr/lib")
FONTS = Path("/usr/share/fonts")
ROOTS_PROGRAMS = (Path("/usr/sbin"), Path("/sbin"))


class Need(Enum):
    """When a package is needed."""

    ALWAYS = auto()
    VIRTUAL_SCREEN = auto()  # by the tests, and by the demo where there is no screen
    BROWSER_TESTS = auto()
    SOME_TESTS = auto()  # which are skipped, with the reason, where it cannot be installed
    LOOKS = auto()  # documents are set in another font without it


@dataclass(frozen=True)
class SystemPackage:
    """A package by its Debian name, what it gives, when that is needed, and whether it is there."""

    name: str
    gives: str
    need: Need
    present: Callable[[], bool]


def missing(command: str, has_screen: bool) -> list[SystemPackage]:
    """Return what *command* ("demo" or "test") needs, this machine lacks and its system can install."""
    needs = {Need.ALWAYS, Need.LOOKS}
    if command == "test" or not has_screen:
        needs.add(Need.VIRTUAL_SCREEN)
    if command == "test":
        needs.add(Need.SOME_TESTS)
    if command == "test" and not is_ubuntu():
        needs.add(Need.BROWSER_TESTS)
    return [package for package in TABLE if package.need in needs and not package.present()]


def find_browser() -> str | None:
    """Return the path of a Chromium or Chrome that starts, or None.

    It is asked for its version because Ubuntu's chromium-browser is a script that only says where to get one.
    """
    for name in BROWSERS:
        path = shutil.which(name)
        if path is not None and _starts(path):
            return path
    return None


def is_ubuntu(os_release: Path = Path("/etc/os-release")) -> bool:
    """Say whether this is Ubuntu, whose chromium package is only a pointer to a snap."""
    try:
        return "ID=ubuntu" in os_release.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False


def _starts(browser: str) -> bool:
    try:
        asked = subprocess.run([browser, "--version"], capture_output=True, timeout=_BROWSER_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def _library(soname: str) -> Callable[[], bool]:
    def present() -> bool:
        try:
            ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return present


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _program_of_root(name: str) -> Callable[[], bool]:
    """Look also where Debian keeps what only root starts, which is not on everybody's PATH."""
    return lambda: shutil.which(name) is not None or any(Path(folder, name).exists() for folder in ROOTS_PROGRAMS)


def _font_package(os_release: Path = Path("/etc/os-release")) -> str:
    """Name the package with Liberation 2; Debian 12 has under the plain name a version without Vietnamese letters."""
    try:
        old = "VERSION_CODENAME=bookworm" in os_release.read_text(encoding="utf-8").splitlines()
    except OSError:
        old = False
    return "fonts-liberation2" if old else "fonts-liberation"


def _has_serif_font() -> bool:
    folder = "liberation2" if _font_package() == "fonts-liberation2" else "liberation*"
    return any(FONTS.glob(f"**/{folder}/LiberationSerif-Regular.ttf"))


def _has_postgresql() -> bool:
    # Debian keeps the server's programs, one folder a version, off the PATH.
    return shutil.which("initdb") is not None or any(POSTGRESQL.glob("*/bin/initdb"))


def _makes_environments() -> bool:
    # Debian splits ensurepip, without which venv makes environments that lack pip, from the rest of Python.
    return importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None


TABLE = (
    SystemPackage(
        f"python3.{sys.version_info[1]}-venv",
        "makes .venv, the private home of the Python packages",
        Need.ALWAYS,
        _makes_environments,
    ),
    SystemPackage("libgl1", "libGL.so.1, with which the kiosk draws", Need.ALWAYS, _library("libGL.so.1")),
    SystemPackage("libegl1", "libEGL.so.1, the same where no X server runs", Need.ALWAYS, _library("libEGL.so.1")),
    SystemPackage(
        "libmtdev1", "libmtdev.so.1, with which the kiosk reads touch panels", Need.ALWAYS, _library("libmtdev.so.1")
    ),
    SystemPackage(
        _font_package(),
        "Liberation Serif, as wide as Times New Roman, in which Decisions are set",
        Need.LOOKS,
        _has_serif_font,
    ),
    SystemPackage("xvfb", "Xvfb, a virtual screen for the kiosk's window", Need.VIRTUAL_SCREEN, _program("Xvfb")),
    SystemPackage(
        "chromium",
        "a browser, in which the admin pages are tested",
        Need.BROWSER_TESTS,
        lambda: find_browser() is not None,
    ),
    SystemPackage(
        "postgresql",
        "initdb and postgres: the tests start a PostgreSQL of their own and stop it",
        Need.SOME_TESTS,
        _has_postgresql,
    ),
    SystemPackage(
        "mosquitto",
        "the MQTT broker of larger offices; the tests start one of their own and stop it",
        Need.SOME_TESTS,
        _program_of_root("mosquitto"),
    ),
    SystemPackage(
        "iproute2", "ip and tc, with which tests make networks that fail", Need.SOME_TESTS, _program_of_root("ip")
    ),
    SystemPackage(
        "nftables",
        "nft, with which tests lose packets in a network of their own",
        Need.SOME_TESTS,
        _program_of_root("nft"),
    ),
    SystemPackage(
        "faketime",
        "libfaketime.so, with which tests set the clock of one process wrong",
        Need.SOME_TESTS,
        lambda: any(LIBRARIES.glob("*/faketime/libfaketimeMT.so.1")),
    ),
)
