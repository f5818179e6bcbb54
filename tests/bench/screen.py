"""A screen to draw on: the machine's own, or a virtual one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def screen() -> Iterator[str]:
    """See to it that DISPLAY names a screen; say in words which it is."""
    if os.environ.get("DISPLAY"):
        yield "this machine's screen"
        return
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-noreset", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout is not None
        os.environ["DISPLAY"] = f":{server.stdout.readline().strip()}"
        yield "a virtual screen (Xvfb, software GL)"
    finally:
        server.terminate()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()
