"""Reading what an archive of ours prints. Whether it holds is the verifier's to say."""

import json
import zipfile
from pathlib import Path

from sync_server.core.decisions.document import Document, filled, from_json


def printed_document(archive: Path) -> Document:
    """Return the document with its numbers; OSError, KeyError and ValueError where it is no archive of ours."""
    with zipfile.ZipFile(archive) as members:
        figures = json.loads(members.read("figures.json"))
        return filled(from_json(members.read("document.json")), figures["computed"] | figures["stated"])
