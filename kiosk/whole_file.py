"""Small files that are there whole or not at all, whenever the power goes."""

import os
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file by *data*, on the disk when this returns; OSError when that fails, the old file then stays."""
    draft = path.with_name(f"{path.name}.new")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)  # or the name may still lead to the old file after a power cut
    finally:
        os.close(folder)


def read_bounded(path: Path, largest: int) -> bytes | None:
    """Return what a file holds, None without a file; OSError when it cannot be read, ValueError when it is larger."""
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except FileNotFoundError:
        return None
    if len(data) > largest:
        raise ValueError(f"larger than {largest} bytes")
    return data
