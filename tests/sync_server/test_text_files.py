"""A file of text is read whole, or it is said why not."""

from pathlib import Path

import pytest

from sync_server.text_files import TextFileMistake, read_text


def test_a_file_is_read_without_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Đặng", encoding="utf-8-sig")
    assert read_text(path, 10, "10 bytes") == "Đặng"


@pytest.mark.parametrize(
    ("content", "said"), [(b"12345", "larger than 4 bytes"), (b"\xff", "not UTF-8 text"), (None, "cannot be read: ")]
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TextFileMistake) as caught:
        read_text(path, 4, "4 bytes")
    assert str(caught.value).startswith(f"{path}: {said}")
