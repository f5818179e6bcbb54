"""A mistake in a settings file is named by file and field."""

from pathlib import Path

import msgspec
import pytest

from protocol.settings_file import SettingsMistake, read_settings


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    baud: int = 9600

    def __post_init__(self) -> None:
        if self.baud < 300:
            raise ValueError("baud: expected at least 300")


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    line: Line = Line()


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_text('name = "Sịa"\n[line]\nbaud = 19200\n', encoding="utf-8")
    assert read_settings(path, Sample) == Sample("Sịa", Line(19200))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("name = 1", "name: Expected `str`, got `int`"),
        ('name = "x"\n[line]\nbaud = "fast"', "line.baud: Expected `int`, got `str`"),
        ('name = "x"\n[line]\nbaud = 10', "line: baud: expected at least 300"),
        ('name = "x"\nnmae = 1', "unknown field `nmae`"),
        ("", "missing required field `name`"),
        ("name = ", "not valid TOML"),
    ],
)
def test_a_mistake_names_file_and_field(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsMistake) as caught:
        read_settings(path, Sample)
    assert str(caught.value).startswith(f"{path}: ")
    assert named in str(caught.value)


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    with pytest.raises(SettingsMistake, match="cannot be read: No such file"):
        read_settings(missing, Sample)
    missing.write_bytes(b"\xff")
    with pytest.raises(SettingsMistake, match="not UTF-8"):
        read_settings(missing, Sample)
