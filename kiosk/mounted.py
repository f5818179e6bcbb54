"""Where USB sticks are mounted."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
USUAL_ROOTS = (Path("/media"), Path("/run/media"), Path("/mnt"))
_ESCAPED = re.compile(rb"\\([0-7]{3})")  # of fstab(5): a blank is \040


def sticks(mounts: Path = MOUNTS, roots: Sequence[Path] = USUAL_ROOTS) -> list[Path]:
    """Return what is mounted where sticks are, by name; none when that cannot be read."""
    try:
        lines = mounts.read_bytes().splitlines()
    except OSError:
        return []
    places = {_path(fields[1]) for line in lines if len(fields := line.split(b" ")) > 1}
    return sorted(place for place in places if any(place.is_relative_to(root) for root in roots))


def _path(field: bytes) -> Path:
    return Path(os.fsdecode(_ESCAPED.sub(lambda octal: bytes([int(octal[1], 8) & 0xFF]), field)))
