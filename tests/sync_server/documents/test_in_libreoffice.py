"""The DOCX as another word processor sets it, beside the PDF."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.a_decision import Rendered
from tests.fakes.read_documents import letters, texts_of_pdf

SECONDS = 120
CHART = 6  # the page with it
LONG_TABLE = (3, 4, 5)  # of these pages one may hold a row more


@pytest.fixture(scope="session")
def converted(rendered: Rendered, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("soffice is not installed (libreoffice-writer-nogui)")
    folder = tmp_path_factory.mktemp("libreoffice")
    (folder / "decision.docx").write_bytes(rendered.docx)
    command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / "decision.docx")],
        check=True, capture_output=True, timeout=SECONDS,
    )  # fmt: skip
    return Path(folder / "decision.pdf").read_bytes()


def test_it_has_as_many_pages(rendered: Rendered, converted: bytes) -> None:
    assert len(texts_of_pdf(converted)) == len(texts_of_pdf(rendered.pdf))


def test_it_says_the_same_on_the_same_pages(rendered: Rendered, converted: bytes) -> None:
    pages = [[Counter(letters(page)) for page in texts_of_pdf(each)] for each in (rendered.pdf, converted)]
    for number, (ours, theirs) in enumerate(zip(*pages, strict=True), 1):
        if number == CHART:  # a picture, there
            assert theirs - ours == Counter()
        elif number not in LONG_TABLE:
            assert ours == theirs, number
    ours, theirs = (sum((page[number - 1] for number in LONG_TABLE), Counter()) for page in pages)
    assert ours == theirs


def test_pages_are_numbered_alike(converted: bytes) -> None:
    first = [page.split("\r\n")[0] for page in texts_of_pdf(converted)]
    assert [line if line.isdigit() else "" for line in first] == ["", "", "", "2", "3", "", ""]
