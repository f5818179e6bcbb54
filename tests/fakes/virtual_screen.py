"""An X server that draws into memory: what a program shows there is as real as on a panel."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

XVFB = shutil.which("Xvfb")
MISSING = None if XVFB else "no Xvfb on this machine: apt-get install xvfb"


@contextmanager
def virtual_screen(width: int = 1280, height: int = 800) -> Iterator[str]:
    """Give the name of a new display of that many pixels, to be put into DISPLAY."""
    # Without -noreset it begins anew when its last client leaves, and who connects just then is turned away.
    size = f"{width}x{height}x24"
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-noreset", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    try:
        yield f":{server.stdout.readline().strip()}"
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
