"""Installing system packages with apt-get: as root, through sudo, or by telling a person the command.

Used by the bare system Python before anything is installed: standard library only, parseable by 3.8.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.progress import SetupStopped, last_lines, run_step, say
from deploy.system_packages import SystemPackage

LISTS = Path("/var/lib/apt/lists")
_STALE = ("Unable to locate package", "has no installation candidate", "Failed to fetch", "404  Not Found")
# A fresh machine often runs its own first updates: wait for them instead of failing.
_LOCK_SECONDS = 600


def install(packages: list[SystemPackage], log: Path, lists: Path = LISTS) -> None:
    """Install *packages*; raise SetupStopped, with the exact command, where that is not allowed or fails."""
    names = [package.name for package in packages]
    if shutil.which("apt-get") is None:
        raise SetupStopped(
            "This system has no apt-get. Please install what is listed above by its own means "
            "(the names are Debian's), then run the same command again."
        )
    prefix = _privilege(names)
    quiet = ["env", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
    apt = [*prefix, *quiet, "apt-get", "-o", f"DPkg::Lock::Timeout={_LOCK_SECONDS}"]
    adding = [*apt, "install", "-y", "--no-install-recommends", *names]
    title = f"Installing {', '.join(names)}"
    if not _has_any(lists):
        run_step("Reading the package lists", [*apt, "update"], log)
        if not _has_any(lists):  # apt-get update ends with 0 even when no server answered
            raise _failure("apt-get reached no package server", names, log)
        status = run_step(title, adding, log)
    else:
        status = run_step(title, adding, log)
        if status != 0 and _lists_are_stale(log):
            run_step("Reading the package lists anew", [*apt, "update"], log)
            status = run_step(title, adding, log)
    if status != 0:
        raise _failure("apt-get failed", names, log)


def by_hand(names: list[str]) -> str:
    """Return the one command a person types to install *names*."""
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {shlex.join(names)}"


def _privilege(names: list[str]) -> list[str]:
    """Return the words that lead apt-get here; raise SetupStopped where there are none."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is not None:
        if subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
            return [sudo, "-n"]
        if sys.stdin.isatty():
            say(f"This asks for your password once: {by_hand(names)}")
            if subprocess.run([sudo, "-v"], check=False).returncode == 0:
                return [sudo]
    raise SetupStopped(
        f"Installing needs an administrator. Please run:\n  {by_hand(names)}\nthen the same command again."
    )


def _failure(what: str, names: list[str], log: Path) -> SetupStopped:
    tail = "\n".join(f"  {line}" for line in last_lines(log, 15))
    return SetupStopped(f"{what}:\n{tail}\nAll of its output: {log}\nBy hand: {by_hand(names)}")


def _has_any(lists: Path) -> bool:
    return any(lists.glob("*_Packages*")) or any(lists.glob("*InRelease"))


def _lists_are_stale(log: Path) -> bool:
    return any(sign in line for line in last_lines(log, 50) for sign in _STALE)
