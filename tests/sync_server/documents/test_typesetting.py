"""typst as a process of its own: what goes wrong there is told in a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from sync_server.documents import typesetting
from sync_server.documents.checking import DocumentTrouble
from sync_server.documents.font_letters import has_vietnamese
from sync_server.documents.typesetting import Job, typeset

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="5" height="5"/></svg>'


def picture(svg: str = PICTURE) -> Job:
    return Job("picture.typ", {"svg": svg}, "png", ppi=72)


def test_several_jobs_are_done_in_order() -> None:
    small, large = typeset([picture(), picture(PICTURE.replace('"10"', '"20"'))])
    assert small.contents() != large.contents()


def test_what_typst_cannot_do_is_told() -> None:
    with pytest.raises(DocumentTrouble, match="typst cannot set the document"):
        typeset([picture(), picture("no picture")])


def test_a_folder_of_fonts_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentTrouble, match=r"fonts: there is no such folder of fonts: name another one"):
        typeset([picture()], [tmp_path / "fonts"])


def test_it_is_not_waited_for_without_end() -> None:
    with pytest.raises(DocumentTrouble, match=r"did not finish within 0.01 seconds: try again"):
        typeset([picture()], seconds=0.01)


def test_a_process_that_fails_is_told_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "_START", "raise SystemExit('no typst here')")
    with pytest.raises(DocumentTrouble, match="typst ended with 1: no typst here"):
        typeset([picture()])


def test_a_program_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nothing/python")
    with pytest.raises(DocumentTrouble, match="typst cannot be started: No such file"):
        typeset([picture()])


def test_the_server_itself_does_not_load_typst() -> None:
    program = "import sys; import sync_server.documents.pdf_file; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[3]).returncode == 0


def test_a_file_that_is_no_font_has_no_letters(tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    assert not has_vietnamese(path)
    for content in (b"", b"ttcf", b"\x00\x01\x00\x00\x00\x01", b"no font at all, but longer than any head of a table"):
        path.write_bytes(content)
        assert not has_vietnamese(path)


@pytest.mark.parametrize("family", ["liberation2/LiberationSerif-Regular.ttf", "dejavu/DejaVuSerif.ttf"])
def test_fonts_with_every_letter_are_known(family: str) -> None:
    path = Path("/usr/share/fonts/truetype") / family
    if not path.exists():
        pytest.skip(f"no {path}")
    assert has_vietnamese(path)
