"""The verifier counts what the server counts, accepts what was signed, and nothing that differs in a byte."""

import io
import json
import os
import re
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import cryptography
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_server.archives.keys import SigningKey, public_key_text
from sync_server.archives.writing import _write
from sync_server.core.channels import Channel
from sync_server.core.decisions.ballots import Ballot
from sync_server.core.rules import Rules
from sync_server.verifier import verify
from tests.fakes.archives import KEY, OTHER_KEY, Cast, Quarter, make_archive, members_of, quarters, vote

QUARTER = Quarter(
    (
        *(vote(number, 1 + number % 5) for number in range(1, 60)),
        *(vote(number, 5, officer="chi", kiosk="kiosk-2") for number in range(70, 72)),
        *(vote(number, 5, "hasty", officer="binh") for number in range(80, 90)),
        Cast(Ballot("f" * 32, Channel.BOX, 1, (("overall", 2, 3), ("overall", 5, 4)), votes=9), kiosk=None),
        Cast(Ballot("e" * 32, Channel.KIOSK, 2, (("time", 3, 1),))),
    ),
    Rules(excluded=("hasty",)),
    reviewed=3,
    reasons=4,
)


@cache
def _written() -> bytes:
    with TemporaryDirectory() as folder:
        path, _ = make_archive(Path(folder), QUARTER)
        return path.read_bytes()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "ho-so.zip"
    path.write_bytes(_written())
    return path


def rewritten(path: Path, members: dict[str, bytes], *, key: SigningKey | None = None, rehash: bool = True) -> Path:
    """Write an archive anew; with its hashes made new, and signed with a key if one is given."""
    if rehash:
        manifest = json.loads(members["manifest.json"])
        manifest["members"] = {
            name: sha256(content).hexdigest()
            for name, content in members.items()
            if name not in ("manifest.json", "manifest.sig")
        }
        members["manifest.json"] = json.dumps(manifest).encode()
        if key is not None:
            members["manifest.sig"] = key.sign(members["manifest.json"])
    with path.open("wb") as file:
        _write(file, members)
    return path


def wrong(report: verify.Report) -> str:
    assert not report.holds
    return "\n".join(line for line in report.lines if line.startswith("[KHÁC]"))


def changed_votes(content: bytes, *statements: str) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "votes.sqlite"
        path.write_bytes(content)
        connection = sqlite3.connect(path)
        connection.executescript(";".join(statements))
        connection.commit()
        connection.close()
        return path.read_bytes()


@given(quarters)
@settings(max_examples=40)
def test_counting_anew_gives_what_the_server_counted_and_prints(quarter: Quarter) -> None:
    with TemporaryDirectory() as folder:
        path, ground = make_archive(Path(folder), quarter)
        report = verify.verify(path, key=KEY.public)
        assert report.holds, report.lines
        with path.open("rb") as file:
            opened = verify.Archive(file, lambda *_: None)
            found = verify.recompute(
                verify.read_votes(opened, lambda *_: None, None), verify.Rules(opened.json("rules.json"))
            )
        assert found == ground.computed


def test_what_holds_is_said_in_words(archive: Path) -> None:
    report = verify.verify(archive, key=KEY.public)
    assert report.holds
    text = "\n".join(report.lines)
    assert "votes.sqlite có 81 lượt đánh giá" in text
    assert "[KHÁC]" not in text
    assert "hãy so vân tay" not in text
    assert "hãy so vân tay" in "\n".join(verify.verify(archive).lines)


@given(st.integers(0, len(_written()) - 1), st.integers(1, 255))
@settings(max_examples=100)
def test_any_changed_byte_is_found(place: int, change: int) -> None:
    content = bytearray(_written())
    content[place] ^= change
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(content)
        assert not verify.verify(path).holds


def test_a_changed_byte_at_every_end_of_every_member_is_found(tmp_path: Path) -> None:
    content = _written()
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        places = [info.header_offset + step for info in opened.infolist() for step in range(0, 32, 3)]
    for place in (*places, len(content) - 1, len(content) - 22):
        changed = bytearray(content)
        changed[place] ^= 1
        (tmp_path / "a.zip").write_bytes(changed)
        assert not verify.verify(tmp_path / "a.zip").holds, place


@pytest.mark.parametrize("name", verify.MEMBERS)
def test_a_changed_member_is_found_though_its_sums_were_made_new(archive: Path, name: str) -> None:
    members = members_of(archive)
    half = len(members[name]) // 2
    members[name] = members[name][:half] + bytes([members[name][half] ^ 1]) + members[name][half + 1 :]
    assert wrong(verify.verify(rewritten(archive, members, rehash=False)))


def test_a_rehashed_archive_is_not_signed(archive: Path) -> None:
    members = members_of(archive)
    members["quyet-dinh.pdf"] += b" "
    assert "chữ ký số không đúng" in wrong(verify.verify(rewritten(archive, members)))


def test_another_key_does_not_match_the_one_inside_or_the_one_that_is_asked_for(archive: Path) -> None:
    members = members_of(archive)
    assert "chữ ký số không đúng" in wrong(verify.verify(rewritten(archive, members, key=OTHER_KEY)))
    members["public-key.txt"] = public_key_text(OTHER_KEY.public, "UBND").encode()
    rewritten(archive, members, key=OTHER_KEY)
    assert verify.verify(archive).holds, "who trusts the key inside trusts whoever wrote it"
    assert "khóa khác" in wrong(verify.verify(archive, key=KEY.public))


CHANGED_VOTES = {
    "removed": (f"DELETE FROM votes WHERE vote = '{3:032x}'",),
    "added": (f"INSERT INTO votes VALUES ('{'9' * 32}', 1, 'overall=5', '')",),
    "altered": (f"UPDATE votes SET answers = 'overall=5' WHERE vote = '{1:032x}'",),
    "two altered that make up for each other": (
        f"UPDATE votes SET answers = 'overall=3' WHERE vote = '{1:032x}'",
        f"UPDATE votes SET answers = 'overall=2' WHERE vote = '{2:032x}'",
    ),
    "excused": (f"UPDATE votes SET left_out = '' WHERE vote = '{85:032x}'",),
    "left out": (f"UPDATE votes SET left_out = 'hasty' WHERE vote = '{5:032x}'",),
    "under another id": (f"UPDATE votes SET vote = '{'0' * 30}ff' WHERE vote = '{89:032x}'",),
    "out of order": (f"UPDATE votes SET vote = '{'f' * 32}' WHERE vote = '{1:032x}'",),
    "twice": (f"UPDATE votes SET vote = '{2:032x}' WHERE vote = '{1:032x}'",),
    "of another survey": (f"UPDATE votes SET survey = 2 WHERE vote = '{1:032x}'",),
    "a row of a breakdown": ("UPDATE breakdowns SET key = 'x' WHERE breakdown = 'field'",),
    "a sum of a breakdown": ("UPDATE breakdowns SET satisfied = satisfied + 1 WHERE breakdown = 'field'",),
    "a total": ("UPDATE totals SET votes = votes - 1 WHERE what = 'unreviewed'",),
    "a level that there is not": (f"UPDATE votes SET answers = 'overall=9' WHERE vote = '{1:032x}'",),
    "bytes": (f"UPDATE votes SET answers = x'ff' WHERE vote = '{1:032x}'",),
    "a huge number": ("UPDATE totals SET votes = 9223372036854775807 WHERE key = 'kiosk'",),
    "a negative number": ("UPDATE breakdowns SET satisfied = -1",),
    "a fraction": ("UPDATE breakdowns SET satisfied = 0.5",),
    "nothing": (f"UPDATE votes SET vote = NULL WHERE vote = '{1:032x}'",),
    "a total of another kind": ("INSERT INTO totals VALUES ('x', NULL, 1)",),
    "a total twice": ("INSERT INTO totals SELECT * FROM totals WHERE what = 'labelled'",),
    "channels that do not add up": ("UPDATE totals SET votes = votes + 1 WHERE key = 'box'",),
    "more labelled than there are": ("UPDATE totals SET votes = 82 WHERE what = 'labelled'",),
    "more reasons than votes": ("UPDATE totals SET votes = 82 WHERE what = 'reason'",),
    "a row of a breakdown twice": ("INSERT INTO breakdowns SELECT survey, breakdown, key, 0, 0, 0 FROM breakdowns",),
    "a breakdown by something else": ("INSERT INTO breakdowns VALUES (1, 'hour', 'x', 0, 0, 0)",),
    "a breakdown of no survey": ("INSERT INTO breakdowns VALUES (7, 'field', 'x', 0, 0, 0)",),
    "a label that leaves nothing out": (f"UPDATE votes SET left_out = 'play' WHERE vote = '{1:032x}'",),
    "answers in another order": (f"UPDATE votes SET answers = 'time=1,papers=1' WHERE vote = '{'e' * 32}'",),
    "answers of no form": (f"UPDATE votes SET answers = 'overall=5,' WHERE vote = '{1:032x}'",),
    "a view": ("CREATE VIEW v AS SELECT * FROM votes",),
    "a view instead of a table": (
        "DROP TABLE totals",
        "CREATE VIEW totals AS WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x FROM t) SELECT x, x, x FROM t",
    ),
    "a table that computes": (
        "DROP TABLE totals",
        "CREATE TABLE totals (what TEXT, key TEXT AS (hex(zeroblob(900000000))), votes INTEGER)",
    ),
}


@pytest.mark.parametrize("what", CHANGED_VOTES)
def test_no_vote_can_be_changed_even_by_who_signs_anew(archive: Path, what: str) -> None:
    members = members_of(archive)
    members["votes.sqlite"] = changed_votes(members["votes.sqlite"], *CHANGED_VOTES[what])
    unsigned = wrong(verify.verify(rewritten(archive, dict(members))))
    signed = wrong(verify.verify(rewritten(archive, members, key=KEY)))
    assert "chữ ký" in unsigned
    assert "chữ ký" not in signed
    assert re.search("votes.sqlite|đếm lại|mã gốc", signed)


def test_what_differs_is_named(archive: Path) -> None:
    members = members_of(archive)
    figures = json.loads(members["figures.json"])
    assert figures["computed"]["s1.overall.level.3"] == "12"
    figures["computed"]["s1.overall.level.3"] = "13"
    members["figures.json"] = json.dumps(figures).encode()
    said = wrong(verify.verify(rewritten(archive, members, key=KEY)))
    assert "1 con số khác với khi đếm lại: s1.overall.level.3: hồ sơ ghi '13', đếm lại được '12'" in said
    assert "figures.csv nói khác figures.json" in said


@pytest.mark.parametrize("name", ["stated.root", "stated.fingerprint"])
def test_a_printed_root_that_is_another_is_found(archive: Path, name: str) -> None:
    members = members_of(archive)
    figures = json.loads(members["figures.json"])
    figures["stated"][name] = "0" * 64
    members["figures.json"] = json.dumps(figures).encode()
    assert "trong văn bản là '0000" in wrong(verify.verify(rewritten(archive, members, key=KEY)))


def test_a_stated_value_cannot_pass_for_a_counted_one(archive: Path) -> None:
    members = members_of(archive)
    figures = json.loads(members["figures.json"])
    figures["stated"]["votes"] = "9"
    members["figures.json"] = json.dumps(figures).encode()
    assert "'votes' không phải là tên" in wrong(verify.verify(rewritten(archive, members, key=KEY)))


def with_word(docx: bytes, change: Callable[[str], str], name: str = "word/document.xml") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(written, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info, change(content.decode()).encode() if info.filename == name else content)
        if name not in old.namelist():
            new.writestr(name, change(""))
    return written.getvalue()


TEXT = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
BODY = "<w:body>"
HIDDEN = "<w:rPr><w:vanish/></w:rPr>"
DELETED = "<w:p><w:del><w:r><w:delText>x</w:delText></w:r></w:del></w:p>"


def exchanged(xml: str, one: str, other: str) -> str:
    return xml.replace(f">{one}<", ">@<").replace(f">{other}<", f">{one}<").replace(">@<", f">{other}<")


DOCUMENT_CHANGES: dict[str, Callable[[str], str]] = {
    "a number": lambda xml: xml.replace("Có 71 lượt", "Có 72 lượt"),
    "a removed paragraph": lambda xml: xml.replace("Kèm theo phụ lục.", ""),
    "an added paragraph": lambda xml: xml.replace(BODY, BODY + TEXT.format("Thêm"), 1),
    "an added paragraph at the end": lambda xml: xml.replace("<w:sectPr", TEXT.format("Thêm") + "<w:sectPr"),
    "a name of who signs": lambda xml: xml.replace("Nguyễn Văn An", "Nguyễn Văn Ân"),
    "exchanged cells": lambda xml: exchanged(xml, "Chính thức", "Tất cả"),
    "lines of a column in another order": lambda xml: exchanged(xml, "CHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN"),
    "hidden text": lambda xml: xml.replace("<w:t>Kèm theo phụ lục.", f"{HIDDEN}<w:t>Kèm theo phụ lục."),
    "text being deleted": lambda xml: xml.replace(BODY, BODY + DELETED, 1),
    "a field that may say anything": lambda xml: xml.replace(
        BODY, BODY + '<w:p><w:fldSimple w:instr="INCLUDETEXT x"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>', 1
    ),
    "an entity": lambda xml: xml.replace("<w:document", '<!DOCTYPE w [<!ENTITY a "b">]><w:document', 1),
    "no XML": lambda xml: xml[:-20],
}


@pytest.mark.parametrize("what", DOCUMENT_CHANGES)
def test_no_text_of_the_document_can_be_changed_even_by_who_signs_anew(archive: Path, what: str) -> None:
    members = members_of(archive)
    before = members["quyet-dinh.docx"]
    members["quyet-dinh.docx"] = with_word(before, DOCUMENT_CHANGES[what])
    assert members["quyet-dinh.docx"] != with_word(before, lambda xml: xml)
    assert "quyet-dinh.docx" in wrong(verify.verify(rewritten(archive, members, key=KEY)))


@pytest.mark.parametrize("name", ["word/header1.xml", "word/footnotes.xml", "word/charts/chart1.xml"])
def test_text_in_other_parts_is_found(archive: Path, name: str) -> None:
    members = members_of(archive)
    text = '<w:hdr xmlns:w="w"><w:p><w:r><w:t>Mật</w:t></w:r></w:p></w:hdr>'
    members["quyet-dinh.docx"] = with_word(members["quyet-dinh.docx"], lambda _: text, name)
    assert f"{name} có chữ 'Mật'" in wrong(verify.verify(rewritten(archive, members, key=KEY)))


def test_page_numbers_and_breaks_are_no_text(archive: Path) -> None:
    members = members_of(archive)
    number = (
        '<w:p xmlns:w="w"><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    simple = '<w:p><w:fldSimple w:instr=" PAGE \\* MERGEFORMAT "><w:r><w:t>2</w:t></w:r></w:fldSimple></w:p>'
    members["quyet-dinh.docx"] = with_word(members["quyet-dinh.docx"], lambda _: number, "word/header1.xml")
    members["quyet-dinh.docx"] = with_word(
        members["quyet-dinh.docx"], lambda xml: xml.replace(BODY, BODY + simple + "<w:p/>", 1)
    )
    assert verify.verify(rewritten(archive, members, key=KEY)).holds


def with_pictures(members: dict[str, bytes], told: str) -> dict[str, bytes]:
    """Add a chart and a QR code to the document, and pictures to the DOCX that are told of so."""
    document = json.loads(members["document.json"])
    point = {"part": "Point", "label": "Quý I", "percent": "85,8"}
    document["annexes"][0]["blocks"] += [
        {
            "part": "Chart",
            "points": [point],
            "target": "80",
            "target_label": "M",
            "caption": "Hình 1",
            "told": "Tăng {raw}",
        },
        {"part": "Code", "content": "https://x.example/{stated.root}", "caption": "Quét mã"},
    ]
    members["document.json"] = json.dumps(document).encode()
    root = json.loads(members["figures.json"])["stated"]["stated.root"]
    picture = '<w:p><w:r><w:drawing><x:docPr xmlns:x="x" descr="{}"/></w:drawing></w:r></w:p>'
    added = picture.format(told) + TEXT.format("Hình 1")
    added += picture.format(f"Mã QR: https://x.example/{root}") + TEXT.format("Quét mã")
    members["quyet-dinh.docx"] = with_word(
        members["quyet-dinh.docx"], lambda xml: xml.replace("<w:sectPr", added + "<w:sectPr")
    )
    return members


def test_pictures_are_told_of_in_the_words_of_the_document(archive: Path) -> None:
    members = members_of(archive)
    assert verify.verify(rewritten(archive, with_pictures(dict(members), "Tăng 81"), key=KEY)).holds
    for told in ("Tăng 82", "Tăng 81, 5 lần", ""):
        said = wrong(verify.verify(rewritten(archive, with_pictures(dict(members), told), key=KEY)))
        assert "không hình nào nói 'Tăng 81'" in said


def test_an_altered_document_with_fields_is_found(archive: Path) -> None:
    members = members_of(archive)
    members["document.json"] = members["document.json"].replace(b"{raw}", b"{votes}")
    assert "quyet-dinh.docx khác document.json" in wrong(verify.verify(rewritten(archive, members, key=KEY)))
    members["document.json"] = members["document.json"].replace(b"{votes}", b"{unknown}")
    assert "trường 'unknown' không có giá trị" in wrong(verify.verify(rewritten(archive, members, key=KEY)))


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("word/document.xml", b"<" * (80 << 20))
    return written.getvalue()


def endless_pages() -> bytes:
    """Return a SQLite file whose pages lead to the next by a hundred ways each, twenty times over."""
    with zipfile.ZipFile(io.BytesIO(_written())) as opened:
        header = bytearray(opened.read("votes.sqlite")[:100])
    depth, ways, size = 15, 100, 4096
    header[28:32] = struct.pack(">I", depth + 1)
    row = b"\x02\x01\x02\x08\x00"  # a record of one column, NULL
    pages = []
    for number in range(1, depth + 1):
        cells = [struct.pack(">I", number + 1) + b"\x01"] * ways
        head = struct.pack(">BHHHBI", 5, 0, ways, size - 5 * ways, 0, number + 1)
        pointers = b"".join(struct.pack(">H", size - 5 * (place + 1)) for place in range(ways))
        page = (bytes(header) if number == 1 else b"") + head + pointers
        pages.append(page.ljust(size - 5 * ways, b"\0") + b"".join(cells))
    leaf = struct.pack(">BHHHB", 13, 0, 1, size - len(row), 0) + struct.pack(">H", size - len(row))
    return b"".join([*pages, leaf.ljust(size - len(row), b"\0") + row])


HOSTILE: dict[str, dict[str, bytes]] = {
    "a document that unpacks without end": {"quyet-dinh.docx": bomb()},
    "no document": {"quyet-dinh.docx": b"PK"},
    "nested JSON": {"figures.json": b"[" * 100_000},
    "rules that are a list": {"rules.json": b"[]"},
    "rules with a number without end": {"rules.json": b'{"format": 1, "rules": {"decimals": ' + b"9" * 100_000 + b"}}"},
    "rules that say nothing": {"rules.json": b'{"format": 1, "rules": {}}'},
    "no number": {"figures.json": b'{"format": NaN}'},
    "a name twice": {"figures.json": b'{"format": 1, "format": 1, "computed": {}, "stated": {}}'},
    "values that are no texts": {"figures.json": b'{"format": 1, "computed": {"votes": 1}, "stated": {}}'},
    "no UTF-8": {"figures.json": b"\xff\xfe"},
    "no SQLite": {"votes.sqlite": b"x" * 5000},
    "a SQLite of pages without end": {"votes.sqlite": endless_pages()},
    "rules of another form": {
        "rules.json": b'{"format": 2, "surveys": [], "rules": {"decimals": 1, "rounding": "half-up",'
        b' "excluded": [], "by_officer": true, "target": "80"}}'
    },
    "rules without a target": {
        "rules.json": b'{"format": 1, "surveys": [], "rules": {"decimals": 1, "rounding": "half-up",'
        b' "excluded": [], "by_officer": true, "target": "NaN"}}'
    },
    "an empty SQLite": {"votes.sqlite": b""},
    "no manifest": {"manifest.json": b"null"},
    "no key": {"public-key.txt": b""},
    "a short signature": {"manifest.sig": b"x"},
    "a document of another form": {"document.json": b'{"head": 1}'},
    "a terminal's codes": {"public-key.txt": b"\x1b[2J\x1b]0;x\x07"},
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_cannot_be_read_is_said_and_harms_nobody(archive: Path, what: str) -> None:
    members = members_of(archive) | HOSTILE[what]
    rehash = "manifest.json" not in HOSTILE[what] and "manifest.sig" not in HOSTILE[what]
    said = wrong(verify.verify(rewritten(archive, members, key=KEY, rehash=rehash)))
    assert said.replace("\n", "").isprintable()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as new:
        for name, content in members:
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, method)
    return written.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_of_any_other_form_is_refused_unread(archive: Path) -> None:
    content, members = _written(), sorted(members_of(archive).items())
    first, *others = members
    foreign = {
        "compressed": zipped(*members, method=zipfile.ZIP_DEFLATED),
        "a way out": zipped(("../../etc/x", b""), *members),
        "a long name": zipped(("x" * 60_000, b""), *members),
        "twice": zipped(first, *members),
        "one less": zipped(*others),
        "one more": zipped(*members, ("zz.txt", b"x")),
        "something behind": content + b"x",
        "something before": b"x" + content,
        "cut off": content[:-30],
        "nothing": b"",
        "a larger size than there is": content[:18] + struct.pack("<II", 1 << 31, 1 << 31) + content[26:],
    }
    for what, written in foreign.items():
        archive.write_bytes(written)
        assert "hồ sơ không đúng dạng" in wrong(verify.verify(archive)), what


def test_content_under_wrong_sums_is_named(archive: Path) -> None:
    content = bytearray(_written())
    content[content.index(b"a picture of the same")] ^= 1
    archive.write_bytes(content)
    said = wrong(verify.verify(archive))
    assert "nội dung đã bị thay đổi hoặc hỏng: quyet-dinh.pdf" in said


def test_a_vote_is_said_to_count_or_why_not(archive: Path) -> None:
    said = {number: verify.verify(archive, vote=f"{number:032x}") for number in (1, 85, 999)}
    assert said[1].lines[-1].endswith("có trong hồ sơ và được tính vào kết quả chính thức")
    assert said[85].lines[-1].endswith("không tính vào kết quả chính thức vì: hasty")
    assert "không có trong hồ sơ này" in wrong(said[999])


# --- as a program of its own ----------------------------------------------------------------------


@pytest.fixture
def alone(archive: Path, tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run the program that lies in the archive, with nothing to import but cryptography and what that needs."""
    script = tmp_path / "stranger" / "verify.py"
    script.parent.mkdir()
    script.write_bytes(members_of(archive)["verify.py"])
    library = tmp_path / "library"
    library.mkdir()
    installed = Path(cryptography.__file__).parents[1]
    for name in ("cryptography", "cffi", "pycparser", *(path.name for path in installed.glob("_cffi_backend*"))):
        if (installed / name).exists():
            (library / name).symlink_to(installed / name)

    def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
        # -S leaves site-packages out, so nothing else that is installed can be imported.
        start = f"import sys; sys.path.append({str(library)!r}); sys.argv = sys.argv[1:]; "
        start += f"exec(compile(open({str(script)!r}, encoding='utf-8').read(), {str(script)!r}, 'exec'))"
        command = [sys.executable, "-I", "-S", "-c", start, str(script), *map(str, arguments)]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV"))}
        return subprocess.run(
            command, cwd="/tmp", env=environment, capture_output=True, encoding="utf-8", timeout=120, check=False
        )

    return run


@pytest.mark.journey
def test_a_stranger_checks_it_with_what_lies_in_it(
    archive: Path, tmp_path: Path, alone: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    done = alone(archive, "--key", KEY.public, "--vote", f"{1:032x}")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.endswith("KẾT LUẬN: mọi điều đều đúng.\n")
    published = tmp_path / "key.txt"
    published.write_text(public_key_text(OTHER_KEY.public, "UBND"), encoding="utf-8")
    done = alone(archive, "--key", published)
    assert (done.returncode, done.stderr) == (1, "")
    assert "khóa khác" in done.stdout
    for wrong_use in (
        (tmp_path / "nothing.zip",),
        (archive, "--key", "nothing"),
        (archive, "--key", archive),
        (archive, "--vote", "x"),
    ):
        done = alone(*wrong_use)
        assert done.returncode == 2
        assert done.stderr.startswith("verify: ")
        assert done.stderr.count("\n") == 1


@pytest.mark.journey
def test_it_runs_isolated_outside_the_repository(archive: Path, tmp_path: Path) -> None:
    script = tmp_path / "verify.py"
    script.write_bytes(members_of(archive)["verify.py"])
    command = [sys.executable, "-I", str(script), str(archive)]
    done = subprocess.run(command, cwd="/tmp", capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_imports_nothing_but_the_standard_library_and_cryptography() -> None:
    text = Path(verify.__file__).read_text(encoding="utf-8")
    imported = set(re.findall(r"^\s*(?:from|import) ([a-z0-9_]+)", text, re.MULTILINE))
    assert imported - sys.stdlib_module_names == {"cryptography"}


def test_it_says_how_far_it_is_once_it_takes_long(
    archive: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "QUIET_SECONDS", 0.0)
    assert verify.run(archive, None, None) == 0
    assert "đọc votes.sqlite, byte" in capsys.readouterr().err
