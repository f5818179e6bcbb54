"""Having typst set pages and pictures in a short process of its own."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from sync_server.documents.checking import DocumentTrouble
from sync_server.documents.measures import FONTS

_HERE = Path(__file__).parent
# The folder above the rooms is the only one added to what the process finds by itself.
_START = "import sys; sys.path.append(sys.argv[1]); from sync_server.documents.typesetter import main; sys.exit(main())"
_SECONDS = 60.0


class Result(msgspec.Struct, frozen=True):
    """What came of a job: one of the three."""

    content: str = ""
    value: str = ""
    trouble: str = ""

    def contents(self) -> bytes:
        """Return the bytes of a page or picture."""
        return base64.b64decode(self.content)


@dataclass(frozen=True)
class Job:
    """A template of this folder, what is given to it, and what is to come out: "pdf", "png" or "places"."""

    template: str
    inputs: Mapping[str, str]
    form: str
    created: int = 0  # seconds; of a PDF
    ppi: float = 0.0  # of a PNG


def typeset(
    jobs: Iterable[Job], font_folders: Sequence[Path] = (), *, system_fonts: bool = True, seconds: float = _SECONDS
) -> list[Result]:
    """Do jobs, in order; DocumentTrouble when one cannot be done. Without the system's fonts: with typst's own."""
    for folder in font_folders:
        if not folder.is_dir():
            raise DocumentTrouble(f"{folder}: there is no such folder of fonts: name another one")
    asked = {
        "families": FONTS if system_fonts else (),
        "font_folders": [str(folder.absolute()) for folder in font_folders],
        "jobs": [
            {
                **{"template": str(_HERE / job.template), "inputs": dict(job.inputs), "form": job.form},
                **{"created": job.created, "ppi": job.ppi},
            }
            for job in jobs
        ],
    }
    command = [sys.executable, "-I", "-c", _START, str(_HERE.parents[1])]
    try:
        done = subprocess.run(command, input=json.dumps(asked).encode(), capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise DocumentTrouble(f"typst did not finish within {seconds:g} seconds: try again") from None
    except OSError as error:
        raise DocumentTrouble(f"typst cannot be started: {error.strerror}") from None
    if done.returncode != 0:
        last = (done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
        raise DocumentTrouble(f"typst ended with {done.returncode}: {last}")
    results = msgspec.json.decode(done.stdout, type=list[Result])
    for result in results:
        if result.trouble:
            raise DocumentTrouble(f"typst cannot set the document: {result.trouble}")
    return results
