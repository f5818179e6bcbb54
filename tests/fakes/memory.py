"""A folder in memory, for files that are written thousands of times by tests that ask nothing of a disk."""

import os
import shutil
from pathlib import Path

ENOUGH_BYTES = 2 * 1024**3  # containers often have 64 MB, which one PostgreSQL fills


def _folder() -> str | None:
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ENOUGH_BYTES
    return str(memory) if roomy else None


# What `tempfile` takes as its dir; None, the usual place, where there is not enough memory.
MEMORY = _folder()
