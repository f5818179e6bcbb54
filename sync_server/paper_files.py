"""Reading a file of forms. Nothing is stored here."""

from pathlib import Path

from sync_server.core.paper import Line
from sync_server.core.paper_csv import PaperMistakes, Reader

LARGEST_FILE = 8 * 1024 * 1024  # bytes: 10,000 forms, each with a comment of 500 characters


class PaperFileMistake(Exception):
    """The file cannot be entered; the text says where, why and what to do, and quotes nothing of a form."""


def read_paper(path: Path, reader: Reader) -> tuple[Line, ...]:
    """Read all lines of a file; PaperFileMistake when any of them cannot be used."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise PaperFileMistake(f"{path}: cannot be read: {error.strerror}") from None
    if len(data) > LARGEST_FILE:
        raise PaperFileMistake(f"{path}: larger than {LARGEST_FILE // 1024**2} MiB; make several batches of it")
    try:
        return reader.lines(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise PaperFileMistake(f"{path}: not UTF-8 text; a spreadsheet saves it as 'CSV UTF-8'") from None
    except PaperMistakes as error:
        raise PaperFileMistake("\n".join(f"{path}: {mistake}" for mistake in error.mistakes)) from None
