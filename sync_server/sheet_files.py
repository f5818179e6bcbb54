"""Reading files with sheets of counts: TOML, JSON, or CSV out of a spreadsheet."""

import tomllib
import unicodedata
from pathlib import Path

import msgspec

from protocol.settings_file import SettingsMistake, check_settings
from sync_server.core.figures.sheet import Sheet
from sync_server.core.figures.sheet_csv import SheetMistakes, sheet_from_csv
from sync_server.text_files import TextFileMistake, read_text

LARGEST_FILE = 1024 * 1024  # bytes; 200 criteria with ten levels each take a tenth of it
SUFFIXES = (".toml", ".json", ".csv")


class SheetFileMistake(Exception):
    """The file is no sheet of counts; the text says where, why and what to do."""


def read_sheet(path: Path) -> Sheet:
    """Read a sheet of counts by the ending of its file's name; SheetFileMistake when it cannot be used."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise SheetFileMistake(f"{path}: expected a name that ends in {', '.join(SUFFIXES)}")
    text = _text(path)
    if suffix == ".csv":
        try:
            return sheet_from_csv(text)
        except SheetMistakes as error:
            raise SheetFileMistake("\n".join(f"{path}: {mistake}" for mistake in error.mistakes)) from None
    values = _toml(path, text) if suffix == ".toml" else _json(path, text)
    if not isinstance(values, dict):
        raise SheetFileMistake(f"{path}: expected an object with 'criteria'")
    try:
        return check_settings(values, Sheet, str(path))
    except SettingsMistake as error:
        hint = '; write it in quotes, as it was published: "98,23"' if ".published: Expected `str" in str(error) else ""
        raise SheetFileMistake(f"{error}{hint}") from None


def _text(path: Path) -> str:
    try:
        text = read_text(path, LARGEST_FILE, f"{LARGEST_FILE // 1024} KiB; that is no sheet of counts")
    except TextFileMistake as error:
        raise SheetFileMistake(str(error)) from None
    # Two spellings of one Vietnamese letter would make two names.
    return unicodedata.normalize("NFC", text)


def _toml(path: Path, text: str) -> object:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SheetFileMistake(f"{path}: not valid TOML: {_reason(error)}") from None


def _json(path: Path, text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SheetFileMistake(f"{path}: not valid JSON: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)
