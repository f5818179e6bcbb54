"""The settings file that a new kiosk is given."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from protocol.topics import Address


@dataclass(frozen=True)
class OfficeSign:
    """What stands in the header of the screen."""

    office: str
    unit: str


@dataclass(frozen=True, repr=False)
class ExportSettings:
    """The keys for votes that travel on a stick: the kiosk's own, secret, and the two public ones of the server."""

    signing_key: bytes
    server_key: bytes
    receipt_key: bytes


@dataclass(frozen=True, repr=False)
class KioskSettings:
    """What a kiosk is told; holds its password and the site key, hence no repr."""

    address: Address
    password: str
    site_key: bytes
    host: str
    port: int
    state: str
    scanner: str
    office: OfficeSign
    counter: int | None
    field: str
    fullscreen: bool
    registered: datetime  # now: a kiosk that never hears the time knows at least that
    export: ExportSettings
    authority: str = ""  # where the kiosk finds the PEM file of the broker's authority; empty: no TLS


def settings_text(told: KioskSettings) -> str:
    """Return the TOML that `python -m kiosk --settings FILE` reads."""
    lines = [
        "# Settings of one kiosk. It holds secrets: readable by the kiosk alone.",
        "[identity]",
        f"site = {_quoted(told.address.site)}",
        f"kiosk = {_quoted(told.address.kiosk)}",
        f"site_key = {_quoted(told.site_key.hex())}",
        f"state = {_quoted(told.state)}",
        f"registered = {told.registered.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "",
        "[server]",
        f"host = {_quoted(told.host)}",
        f"port = {told.port}",
        f"password = {_quoted(told.password)}",
        *([f"authority = {_quoted(told.authority)}"] if told.authority else []),
        "",
        "[scanner]",
        f"port = {_quoted(told.scanner)}",
        "",
        "[place]",
        f"office = {_quoted(told.office.office)}",
        f"unit = {_quoted(told.office.unit)}",
    ]
    if told.counter is not None:
        lines += [f"counter = {told.counter}", f"field = {_quoted(told.field)}"]
    lines += ["", "[screen]", f"fullscreen = {'true' if told.fullscreen else 'false'}"]
    lines += [
        "",
        "[export]",
        f"signing_key = {_quoted(told.export.signing_key.hex())}",
        f"server_key = {_quoted(told.export.server_key.hex())}",
        f"receipt_key = {_quoted(told.export.receipt_key.hex())}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, once DEL, which TOML forbids raw, is escaped too.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
