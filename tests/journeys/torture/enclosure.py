"""Namespaces of our own: a loopback that nobody else uses, mounts that go when we go, and no process that stays."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence

from tests.journeys.processes import children_of

MARK = "TORTURE_ENCLOSED"
# With the first process of a process namespace everything in it ends, whatever ended that one.
NAMESPACES = ("--net", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child")


def enclosed() -> bool:
    """Whether this process is inside already."""
    return MARK in os.environ


def possible() -> bool:
    """Whether this machine lets us make namespaces."""
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    return subprocess.run(["unshare", *NAMESPACES, "true"], capture_output=True, check=False).returncode == 0


def run_inside(module: str, arguments: Sequence[str]) -> int:
    """Run a module of this repository inside and return its exit code; signals to end are passed on."""
    command = ["unshare", *NAMESPACES, sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command, env={**os.environ, MARK: "1"}, start_new_session=True)

    def pass_on(*_: object) -> None:
        for child in children_of(process.pid):  # unshare itself waits for it, deaf to both
            os.kill(child, signal.SIGINT)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, pass_on)
    return process.wait()


def furnish() -> None:
    """Do, inside, what the namespaces still need."""
    # A shell starts what runs in the background deaf to SIGINT, and that is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
