"""Style sheet, scripts and icon, served from memory under an address that changes with their content."""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import js_lib_htmx

_OWN = Path(__file__).parent / "static"
_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Assets:
    """All files; browsers may keep them for ever, for a changed file makes a new fingerprint."""

    by_name: dict[str, Asset]
    fingerprint: str

    def address(self, name: str) -> str:
        """Return the path of a file."""
        if name not in self.by_name:
            raise KeyError(name)
        return f"/static/{self.fingerprint}/{name}"


def read_assets() -> Assets:
    """Read our own files and htmx out of its package."""
    htmx = files(js_lib_htmx).joinpath("static", "htmx", "htmx.min.js").read_bytes()
    contents = {path.name: path.read_bytes() for path in sorted(_OWN.iterdir())} | {"htmx.min.js": htmx}
    together = hashlib.sha256(b"\0".join(contents.values()))
    by_name = {name: Asset(content, _KINDS[name.rpartition(".")[2]]) for name, content in contents.items()}
    return Assets(by_name, together.hexdigest()[:12])
