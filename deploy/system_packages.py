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


class Need(Enum):
    """When a package is needed."""

    ALWAYS = auto()
    VIRTUAL_SCREEN = auto()  # by the tests, and by the demo where there is no screen
    BROWSER_TESTS = auto()


@dataclass(frozen=True)
class SystemPackage:
    """A package by its Debian name, what it gives, when that is needed, and whether it is there."""

    name: str
    gives: str
    need: Need
    present: Callable[[], bool]


def missing(command: str, has_screen: bool) -> list[SystemPackage]:
    """Return what *command* ("demo" or "test") needs, this machine lacks and its system can install."""
    needs = {Need.ALWAYS}
    if command == "test" or not has_screen:
        needs.add(Need.VIRTUAL_SCREEN)
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
    SystemPackage("xvfb", "Xvfb, a virtual screen for the kiosk's window", Need.VIRTUAL_SCREEN, _program("Xvfb")),
    SystemPackage(
        "chromium",
        "a browser, in which the admin pages are tested",
        Need.BROWSER_TESTS,
        lambda: find_browser() is not None,
    ),
)
