"""The files of a version, as they are sent."""

from pathlib import Path

from litestar.response import File

from sync_server.web.parts import Parts

# What may be fetched, and as what.
FILES = {
    "quyet-dinh.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "quyet-dinh.pdf": "application/pdf",
    "ho-so.zip": "application/zip",
}


def path_of(parts: Parts, folder: str | None, name: str) -> Path | None:
    """Return where a file of a version lies; None where there is none."""
    if parts.folder is None or folder is None or name not in FILES:
        return None
    # Nothing of an address becomes a part of the path: the version's own folder does, and a name from the list.
    path = parts.folder / folder / name
    return path if path.is_file() else None


def sent_file(parts: Parts, folder: str | None, name: str, of_what: str) -> File | None:
    """Return a file to be kept under a name that says of what it is; None where there is none."""
    path = path_of(parts, folder, name)
    if path is None:
        return None
    called = f"{path.stem}-{of_what}{path.suffix}"
    return File(path, filename=called, media_type=FILES[name], content_disposition_type="attachment")
