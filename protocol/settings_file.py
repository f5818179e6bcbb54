"""TOML files to frozen settings, with every mistake named by file and field.

It lives here because both programs read their settings in the same way and share no other room.
"""

import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

Settings = TypeVar("Settings", bound=msgspec.Struct)


class SettingsMistake(ValueError):
    """The settings cannot be used; the text names the file and the field, and says what is expected."""


def read_settings(path: Path, kind: type[Settings]) -> Settings:
    """Read and check a settings file; SettingsMistake when it is missing, unreadable or wrong.

    *kind* forbids unknown fields and checks its own values in `__post_init__` (ValueError).
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise SettingsMistake(f"{path}: cannot be read: {reason}") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsMistake(f"{path}: not valid TOML: {error}") from None
    return check_settings(values, kind, str(path))


def check_settings(values: dict[str, object], kind: type[Settings], where: str) -> Settings:
    """Convert what a file holds into settings; SettingsMistake names *where* and the field."""
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        field = place.rstrip("`").lstrip(".") or "top level"
        raise SettingsMistake(f"{where}: {field}: {what}") from None
