"""Reading a file of forms. Nothing is stored here."""

from pathlib import Path

from sync_server.core.paper import Line
from sync_server.core.paper_csv import PaperMistakes, Reader
from sync_server.text_files import TextFileMistake, read_text

LARGEST_FILE = 8 * 1024 * 1024  # bytes: 10,000 forms, each with a comment of 500 characters


class PaperFileMistake(Exception):
    """The file cannot be entered; the text says where, why and what to do, and quotes nothing of a form."""


def read_paper(path: Path, reader: Reader) -> tuple[Line, ...]:
    """Read all lines of a file; PaperFileMistake when any of them cannot be used."""
    try:
        size = f"{LARGEST_FILE // 1024**2} MiB; make several batches of it"
        return reader.lines(read_text(path, LARGEST_FILE, size))
    except TextFileMistake as error:
        raise PaperFileMistake(str(error)) from None
    except PaperMistakes as error:
        raise PaperFileMistake("\n".join(f"{path}: {mistake}" for mistake in error.mistakes)) from None
