"""Sets a fresh machine up: python3 deploy/bootstrap.py demo | test.

Installs what the system lacks, makes .venv, installs the pinned packages; does nothing when all is there.
Runs under the bare system Python: standard library only, parseable by 3.8 so that an older Python can be told.
Exit status: 0 ready, 1 stopped with the reason and what to do, 2 wrong use, 130 interrupted.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from pathlib import Path

# Started by its path, only this file's own folder would be searched.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deploy import apt, system_packages
from deploy.environment import NEWEST, OLDEST, Environment
from deploy.progress import SetupStopped, say
from deploy.system_packages import Need, SystemPackage

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = {"demo": "requirements.txt", "test": "tests/requirements.txt"}
# The tests' packages include the demo's.
STAMPS = {"demo": ("demo",), "test": ("test", "demo")}


def main(arguments: list[str]) -> int:
    """Set up for the command named; return the exit status."""
    complaint = version_complaint(sys.version_info[:2])
    if complaint is not None:
        say(complaint)
        return 1
    if len(arguments) != 1 or arguments[0] not in REQUIREMENTS:
        say("usage: python3 deploy/bootstrap.py demo | test")
        return 2
    try:
        set_up(arguments[0])
    except SetupStopped as stopped:
        say(f"\n{stopped}")
        return 1
    except PermissionError as refused:
        say(f"\n{refused}\nMade with sudo before? Give it back: sudo chown -R $(id -u):$(id -g) .venv data")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted. The same command goes on from here.")
        return 130
    return 0


def version_complaint(version: tuple[int, ...]) -> str | None:
    """Return what to tell the user of a Python of this version, None if it will do."""
    if OLDEST <= version[:2] <= NEWEST:
        return None
    complaint = f"This needs Python 3.11, 3.12 or 3.13; {sys.executable} is {version[0]}.{version[1]}."
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if shutil.which(f"python3.{minor}") is not None:
            return f"{complaint}\nThis machine has one: add PYTHON=python3.{minor} to the make command."
    return f"{complaint}\nInstall one and add PYTHON=python3.11 (or its path) to the make command."


def set_up(command: str) -> None:
    """Bring the machine to where *command* can run; raise SetupStopped where it cannot."""
    log = ROOT / "data" / "setup.log"
    environment = Environment(ROOT / ".venv", log)
    requirements = ROOT / REQUIREMENTS[command]
    if command == "test" and system_packages.is_ubuntu() and system_packages.find_browser() is None:
        say("No chromium or google-chrome that starts: the browser tests are skipped (Ubuntu has it only as a snap).")
    if not _lacking(command) and environment.is_ready(command, requirements):
        return
    log.parent.mkdir(exist_ok=True)
    with (log.parent / "setup.lock").open("w") as lock:
        _take(lock.fileno())
        log.write_bytes(b"")
        _provide(_lacking(command), log)
        if environment.is_ready(command, requirements):
            return
        environment.make()
        environment.install(requirements)
        for name in STAMPS[command]:
            environment.stamp(name, ROOT / REQUIREMENTS[name])


def _lacking(command: str) -> list[SystemPackage]:
    return system_packages.missing(command, has_screen=bool(os.environ.get("DISPLAY")))


def _take(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Another set-up is running here: waiting for it ...")
        fcntl.flock(lock, fcntl.LOCK_EX)


def _provide(lacking: list[SystemPackage], log: Path) -> None:
    for package in lacking:
        say(f"Missing: {package.name} ({package.gives})")
    without = {
        Need.SOME_TESTS: "tests that need {} are skipped",
        Need.LOOKS: "documents look different, for lack of {}",
    }
    _install([package for package in lacking if package.need not in without], log)
    for need, what in without.items():
        some = [package for package in lacking if package.need is need]
        try:
            _install(some, log)
        except SetupStopped as stopped:
            say(f"{stopped}\nUntil then, {what.format(_names(some))}.\n")


def _install(packages: list[SystemPackage], log: Path) -> None:
    if not packages:
        return
    apt.install(packages, log)
    still = [package for package in packages if not package.present()]
    if still:
        raise SetupStopped(f"Installed, but still not usable: {_names(still)}. All of apt-get's output: {log}")


def _names(packages: list[SystemPackage]) -> str:
    return ", ".join(package.name for package in packages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
