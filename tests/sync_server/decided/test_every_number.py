"""Whatever was voted: DOCX, PDF and archive print the same numbers, and these are those of the votes."""

import json
import random
import re
import sqlite3
from collections import Counter
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

import pytest

from sync_server.archives.keys import SigningKey, signing_key
from sync_server.archives.reading import printed_document
from sync_server.archives.writing import _write
from sync_server.core.decisions.document import Document, Table, from_json
from sync_server.deciding import DOCX, PDF
from sync_server.store.database import Database
from sync_server.verifier import verify
from tests.fakes.drawn_quarter import DrawnQuarter, counted_naively, rows_counted_naively
from tests.fakes.read_documents import letters, printed, schema_faults, texts_of_docx, texts_of_pdf
from tests.fakes.small_office import SITE
from tests.fakes.whole_office import Issued, WholeOffice

SAMPLED = 2  # bytes of each member, and votes of each kind
_ROW = re.compile(r"s(?P<survey>\d+)\.by\.(?P<breakdown>\w+)\.(?P<key>[^.]*)\.(?P<name>\w+)")


@pytest.mark.parametrize("most", [30, 300])
def test_every_number_is_that_of_the_votes_everywhere_and_nothing_else_is_accepted(
    database: Database, tmp_path: Path, seed: int, kind: str, most: int
) -> None:
    chance = random.Random(f"{seed}, {kind}, {most}")
    office = WholeOffice(database, tmp_path)
    drawn = DrawnQuarter(office, chance, most)
    issued = office.issue()
    check_the_figures(issued, drawn)
    check_the_texts(issued, tmp_path)
    key = signing_key(tmp_path, SITE)
    done = issued.verified_by_its_own(tmp_path, "--key", key.public)
    assert done.returncode == 0, done.stdout
    assert "[KHÁC]" not in done.stdout
    check_that_other_bytes_are_rejected(issued, tmp_path, chance)
    check_that_other_votes_are_rejected(issued, tmp_path, key, chance)


def check_the_figures(issued: Issued, drawn: DrawnQuarter) -> None:
    """Everything that is computed is what a naive count of what was cast says."""
    computed = json.loads(issued.members["figures.json"])["computed"]
    assert issued.kept.figures is not None
    assert computed == issued.kept.figures["computed"]
    single = {name: text for name, text in computed.items() if ".by." not in name}
    assert single == counted_naively(drawn.casts, drawn.rules, drawn.confirmed)
    shown: dict[tuple[int, str], dict[str, dict[str, str]]] = {}
    for name in computed.keys() - single.keys():
        match = _ROW.fullmatch(name)
        if match is not None:
            rows = shown.setdefault((int(match["survey"]), match["breakdown"]), {})
            rows.setdefault(unquote(match["key"]), {})[match["name"]] = computed[name]
    for name in computed:
        if name.endswith(".hidden"):
            survey, _, breakdown, _ = name.split(".")
            of = (int(survey[1:]), breakdown)
            naive = rows_counted_naively(drawn.casts, drawn.rules, *of)
            rows = shown.get(of, {})
            assert rows == {key: naive[key] for key in rows}
            assert int(computed[name]) == len(naive) - len(rows)
            for row in rows.values():
                assert int(row["answered"].replace(".", "")) >= drawn.rules.least_shown
    assert drawn.rules.by_officer or not any(breakdown == "officer" for _, breakdown in shown)


def check_the_texts(issued: Issued, folder: Path) -> None:
    """DOCX and PDF print the document that the archive holds, filled with the figures that it holds."""
    values = json.loads(issued.members["figures.json"])
    document = filled_naively(issued, {**values["computed"], **values["stated"]})
    wanted = printed(document)
    assert sorted(texts_of_docx(issued.members[DOCX])) == sorted(wanted)
    assert schema_faults(issued.members[DOCX], folder) == []
    pages = texts_of_pdf(issued.members[PDF])
    said = letters("".join(pages))
    assert Counter(letters("".join(wanted))) - Counter(said) == Counter()
    # A table's line stands together, number beside number; other texts may be torn where a page ends.
    lines = [
        "".join(row.cells)
        for annex in document.annexes
        for block in annex.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]
    assert [line for line in lines if letters(line) not in said] == []
    # What strangers see on the page is that, too.
    assert printed_document(issued.archive) == document


def filled_naively(issued: Issued, values: dict[str, str]) -> Document:
    document = json.loads(issued.members["document.json"])

    def fill(part: object) -> object:
        if isinstance(part, str):
            pieces = re.split(r"(\{\{|\}\}|\{[^{}]+\})", part)
            return "".join(
                piece[0] if piece in ("{{", "}}") else values[piece[1:-1]] if piece.startswith("{") else piece
                for piece in pieces
            )
        if isinstance(part, list):
            return [fill(each) for each in part]
        return {name: fill(each) for name, each in part.items()} if isinstance(part, dict) else part

    return from_json(json.dumps(fill(document)).encode())


def check_that_other_bytes_are_rejected(issued: Issued, folder: Path, chance: random.Random) -> None:
    content = issued.archive.read_bytes()
    changed = folder / "changed.zip"
    for name, member in issued.members.items():
        begin = content.index(member)
        for place in chance.choices(range(len(member)), k=SAMPLED):
            other = bytearray(content)
            other[begin + place] ^= chance.randint(1, 255)
            changed.write_bytes(other)
            assert not verify.verify(changed).holds, (name, place)
        # And where the form of the archive was made to fit the change.
        place = chance.randrange(len(member))
        members = {**issued.members, name: member[:place] + bytes([member[place] ^ 1]) + member[place + 1 :]}
        with changed.open("wb") as file:
            _write(file, members)
        assert not verify.verify(changed).holds, (name, place)


def check_that_other_votes_are_rejected(issued: Issued, folder: Path, key: SigningKey, chance: random.Random) -> None:
    """Even if the office itself signs them, the document prints the root of those that were counted."""
    there = votes_of(issued, folder)
    for vote in chance.sample(there, SAMPLED):
        for statement in (
            f"DELETE FROM votes WHERE vote = '{vote}'",
            f"UPDATE votes SET answers = 'overall=1,overall=2' WHERE vote = '{vote}'",
            f"UPDATE votes SET answers = CASE answers WHEN 'overall=5' THEN 'overall=4' ELSE 'overall=5' END"
            f" WHERE vote = '{vote}'",
            f"UPDATE votes SET left_out = CASE left_out WHEN '' THEN 'hasty' ELSE '' END WHERE vote = '{vote}'",
            f"UPDATE votes SET vote = '{chance.randbytes(16).hex()}' WHERE vote = '{vote}'",
            f"INSERT INTO votes SELECT '{chance.randbytes(16).hex()}', survey, answers, left_out FROM votes"
            f" WHERE vote = '{vote}'",
        ):
            resigned(issued, folder / "changed.zip", statement, key)
            assert not verify.verify(folder / "changed.zip", key=key.public).holds, statement


def votes_of(issued: Issued, folder: Path) -> list[str]:
    (folder / "votes.sqlite").write_bytes(issued.members["votes.sqlite"])
    connection = sqlite3.connect(folder / "votes.sqlite")
    try:
        return [vote for (vote,) in connection.execute("SELECT vote FROM votes")]
    finally:
        connection.close()


def resigned(issued: Issued, path: Path, statement: str, key: SigningKey) -> None:
    members = dict(issued.members)
    votes = path.with_suffix(".sqlite")
    votes.write_bytes(members["votes.sqlite"])
    connection = sqlite3.connect(votes)
    with connection:
        connection.execute(statement)
    connection.close()
    members["votes.sqlite"] = votes.read_bytes()
    manifest = json.loads(members["manifest.json"])
    manifest["members"]["votes.sqlite"] = sha256(members["votes.sqlite"]).hexdigest()
    members["manifest.json"] = json.dumps(manifest).encode()
    members["manifest.sig"] = key.sign(members["manifest.json"])
    with path.open("wb") as file:
        _write(file, members)
