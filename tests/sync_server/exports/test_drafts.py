"""A file is there whole or not at all, and no file of somebody else goes without being asked."""

from pathlib import Path

import pytest

from sync_server.exports.drafts import ExportTrouble, check_place, draft_of, drafting


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "votes.csv"


def write(path: Path, text: str, *, replace: bool = False) -> None:
    with drafting(path, replace=replace) as draft:
        draft.write_text(text)


def test_it_is_in_its_place_and_its_owner_s_and_nothing_else_is_there(path: Path) -> None:
    write(path, "all of it")
    assert path.read_text() == "all of it"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("trouble", [KeyboardInterrupt(), ValueError(), ExportTrouble("no")])
def test_whatever_stops_it_nothing_half_stays(path: Path, replace: bool, trouble: BaseException) -> None:
    if replace:
        path.write_text("before")
    with pytest.raises(type(trouble)), drafting(path, replace=replace) as draft:
        draft.write_text("half")
        raise trouble
    assert [each.read_text() for each in path.parent.iterdir()] == ["before"] * replace


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(path: Path) -> None:
    write(path, "first")
    with pytest.raises(ExportTrouble, match="is there already: name another file, or say --replace"):
        write(path, "second")
    assert path.read_text() == "first"
    write(path, "third", replace=True)
    assert path.read_text() == "third"


def test_a_file_that_comes_meanwhile_stays(path: Path) -> None:
    with pytest.raises(ExportTrouble, match="is there already"), drafting(path, replace=False) as draft:
        draft.write_text("mine")
        path.write_text("theirs")
    assert [each.read_text() for each in path.parent.iterdir()] == ["theirs"]


def test_what_was_cut_off_before_or_is_being_written_is_not_touched_unless_told(path: Path) -> None:
    draft_of(path).write_text("half")
    with pytest.raises(ExportTrouble, match="cut off"):
        check_place(path, replace=False)
    assert draft_of(path).read_text() == "half"
    write(path, "whole", replace=True)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("replace", [False, True])
def test_no_folder_and_no_link_is_replaced(path: Path, replace: bool) -> None:
    path.mkdir()
    with pytest.raises(ExportTrouble, match="is no file"):
        check_place(path, replace=replace)
    link = path.with_name("link.csv")
    link.symlink_to(path)
    with pytest.raises(ExportTrouble, match="is no file"):
        check_place(link, replace=replace)


def test_a_place_without_a_folder_is_named(path: Path) -> None:
    with pytest.raises(ExportTrouble, match="there is no folder"):
        check_place(path / "x" / "y.csv", replace=False)


def test_a_full_disk_is_told_as_such(path: Path) -> None:
    with pytest.raises(ExportTrouble, match=r"votes\.csv: cannot be written: No space"), drafting(path, replace=False):
        Path("/dev/full").write_text("x")
    assert not list(path.parent.iterdir())
