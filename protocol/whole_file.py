"""Small files that are there whole or not at all, whenever the power goes."""

import contextlib
import errno
import os
from pathlib import Path


def write_whole(path: Path, data: bytes, mode: int = 0o600, *, draft: str = ".new", read_back: bool = False) -> None:
    """Replace a file by *data*, on the disk when this returns; OSError when that fails.

    The old file then stays, unless it is only the folder that could not be brought to the disk: then the new one is
    there already, and either of the two after a power cut, whole.
    Built beside it, under its name with *draft* at the end: a power cut may leave that. *read_back*: compare what has
    reached the disk, for one that may be worn out. The mode is what it says whatever the umask, if rights are known.
    """
    beside = path.with_name(f"{path.name}{draft}")
    try:
        _write(beside, data, mode, read_back=read_back)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    sync(path.parent)  # or the name may still lead to the old file after a power cut


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


def _write(path: Path, data: bytes, mode: int, *, read_back: bool) -> None:
    path.unlink(missing_ok=True)  # of an attempt that was cut off
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode & 0o600)
    with os.fdopen(descriptor, "w+b", buffering=0) as file:
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, mode)  # FAT knows no rights
        view = memoryview(data)
        while view:
            view = view[file.write(view) :]
        os.fsync(descriptor)
        if read_back:
            # Out of the memory, so that what is compared comes from the disk.
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            file.seek(0)
            if file.read() != data:
                raise OSError(errno.EIO, os.strerror(errno.EIO))


def sync(path: Path) -> None:
    """Have what was written to a file, or which names a folder holds, on the disk; OSError when it cannot be."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems keep no folder to be synced
            raise
    finally:
        os.close(descriptor)
