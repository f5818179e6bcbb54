"""Reading a file of text that somebody saved: UTF-8, and no larger than it can be."""

from pathlib import Path


class TextFileMistake(Exception):
    """The file cannot be read; the text says where, why and what to do."""


def read_text(path: Path, largest: int, too_large: str) -> str:
    """Return what stands in a file of at most so many bytes, without a byte order mark; *too_large* says more of it."""
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except OSError as error:
        raise TextFileMistake(f"{path}: cannot be read: {error.strerror}") from None
    if len(data) > largest:
        raise TextFileMistake(f"{path}: larger than {too_large}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TextFileMistake(f"{path}: not UTF-8 text; a spreadsheet saves it as 'CSV UTF-8'") from None
