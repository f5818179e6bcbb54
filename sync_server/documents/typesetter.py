"""Runs typst for `typesetting`, as a process of its own: typst's 80 MB stay out of the server.

The only file that uses typst. Jobs come as JSON on the standard input, results go as JSON to the standard output.
"""

import base64
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from sync_server.documents.font_letters import has_vietnamese


def main() -> int:
    """Do all jobs and tell of each what came out, or why nothing did."""
    asked = json.load(sys.stdin.buffer)
    fonts = _fonts(asked["font_folders"], asked["families"])
    results = [_do(job, fonts) for job in asked["jobs"]]
    sys.stdout.write(json.dumps(results))
    return 0


def _fonts(folders: list[str], families: list[str]) -> typst.Fonts:
    """Return the fonts in folders and typst's own; of the system only families that have every Vietnamese letter.

    All others are left out: typst takes the first of a name, which may have a few letters only and so borrows the rest.
    """
    there = [font for font in typst.Fonts().fonts() if font.family in families and font.path is not None]
    whole = {str(Path(font.path).parent) for font in there if font.path and has_vietnamese(Path(font.path), font.index)}
    return typst.Fonts(include_system_fonts=False, font_paths=[*folders, *sorted(whole)])


def _do(job: dict[str, Any], fonts: typst.Fonts) -> dict[str, str]:
    compiler = typst.Compiler(job["template"], font_paths=fonts, sys_inputs=job["inputs"])
    try:
        if job["form"] == "places":
            return {"value": compiler.query("<places>", field="value", one=True)}
        if job["form"] == "png":
            made = compiler.compile(format="png", ppi=job["ppi"])
        else:
            created = datetime.fromtimestamp(job["created"], UTC)
            made = compiler.compile(format="pdf", pdf_standards=["a-2a"], timestamp=created)
    except (typst.TypstError, RuntimeError) as error:
        return {"trouble": "; ".join([getattr(error, "message", str(error)), *getattr(error, "hints", [])])}
    if not isinstance(made, bytes):
        return {"trouble": "a picture has one page"}
    return {"content": base64.b64encode(made).decode("ascii")}
