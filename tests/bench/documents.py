"""Rendering a whole Decision, beside bare processes: typst that sets one line, and python-docx that saves one."""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from sync_server.documents.docx_file import docx_bytes
from sync_server.documents.fitting import fitting_size
from sync_server.documents.measures import SIZES
from sync_server.documents.pdf_file import pdf_bytes
from tests.fakes.a_decision import CREATED, a_decision

BARE = "process: typst sets one line"
_ONE_LINE = "import typst; typst.compile(b'one line', pdf_standards=['a-2a'], timestamp=0)"
_ONE_DOCX = "import docx, io; d = docx.Document(); d.add_paragraph('one line'); d.save(io.BytesIO())"


@dataclass(frozen=True)
class Timed:
    """What was done, and how long its median time was."""

    what: str
    seconds: float


def measure(rounds: int) -> list[Timed]:
    """Do each in turns, so often."""
    document, size = a_decision(), SIZES[1]
    tasks: dict[str, Callable[[], object]] = {
        BARE: lambda: _process(_ONE_LINE),
        "process: python-docx saves one line": lambda: _process(_ONE_DOCX),
        "finding the size": lambda: fitting_size(document),
        "PDF": lambda: pdf_bytes(document, size=size, created=CREATED),
        "DOCX": lambda: docx_bytes(document, size=size, created=CREATED),
    }
    times: dict[str, list[float]] = {what: [] for what in tasks}
    for _ in range(rounds):
        for what, task in tasks.items():
            begun = time.perf_counter()
            task()
            times[what].append(time.perf_counter() - begun)
    return [Timed(what, median(each)) for what, each in times.items()]


def documents_table(timed: list[Timed]) -> str:
    """Return times, and how many times the bare process's each is."""
    [bare] = [each.seconds for each in timed if each.what == BARE]
    lines = ["| what | median ms | × bare |", "|---|---|---|"]
    lines += [f"| {each.what} | {each.seconds * 1000:.0f} | {each.seconds / bare:.2f} |" for each in timed]
    return "\n".join(lines)


def _process(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True)
