"""Runs typst for `typesetting`, as a process of its own: typst's 80 MB stay out of the server.

The only file that uses typst. It is started by its path and imports nothing of the server. Jobs come as JSON on the standard input, results go as JSON
to the standard output.
"""

import base64
import json
import sys
from datetime import UTC, datetime
from typing import Any

import typst


def main() -> int:
    """Do all jobs and tell of each what came out, or why nothing did."""
    asked = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(font_paths=asked["font_folders"])
    results = [_do(job, fonts) for job in asked["jobs"]]
    sys.stdout.write(json.dumps(results))
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
