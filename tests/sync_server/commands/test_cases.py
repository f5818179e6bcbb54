"""`cases import` takes what it can and names the rest, quoting nothing."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from protocol.codes import CaseCode
from protocol.tokens import case_token
from sync_server.keys import site_key
from sync_server.store.database import Database
from sync_server.store.schema import cases, votes
from tests.fakes.small_office import seed_office, seed_votes
from tests.sync_server.commands.conftest import Run

HEADING = "case_code,procedure,officer,received\n"
GOOD = "H57.14-261002-0111,1.001193,huong,2026-10-02\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.csv"


def stored(database: Database) -> int:
    with database.reading() as connection:
        return len(connection.execute(select(cases)).all())


def test_good_rows_are_taken_in(run: Run, seeded: Database, file: Path) -> None:
    file.write_text(HEADING + GOOD + "H57.14-261002-0112,1.000894,bich,2026-10-02\n")
    done = run("cases", "import", file, "--site", "sia")
    assert (done.code, done.err) == (0, "")
    assert done.out == "sia: 2 cases new, 0 changed, 0 unchanged; 0 rows refused; 0 earlier votes assigned\n"
    assert stored(seeded) == 2


def test_an_earlier_vote_learns_its_procedure(run: Run, seeded: Database, file: Path, folder: Path) -> None:
    token = case_token(site_key(folder, "sia"), CaseCode("H57.14", date(2026, 10, 2), "0111"))
    seed_votes(seeded, [5], procedure=None, case_token=token)
    file.write_text(HEADING + GOOD)
    assert "1 earlier vote assigned" in run("cases", "import", file).out
    with seeded.reading() as connection:
        assert connection.scalar(select(votes.c.procedure)) == "1.001193"


def test_bad_rows_are_named_by_line_and_the_rest_goes_on(run: Run, seeded: Database, file: Path) -> None:
    file.write_text(
        HEADING
        + "012345678901,1.001193,huong,2026-10-02\n"
        + "not a code,1.001193,huong,2026-10-02\n"
        + "H57.14-991002-0111,1.001193,huong,2026-10-02\n"
        + "H57.14-261002-0113,Secret Person,huong,2026-10-02\n"
        + "H57.14-261002-0114,1.001193,Secret Person,2026-10-02\n"
        + "H57.14-261002-0115,1.001193,huong,yesterday\n"
        + "H57.14-261002-0116,1.001193,huong\n"
        + "\n"
        + GOOD
        + "h57.14.20261002.0111,1.000894,bich,2026-10-02\n",
    )
    done = run("cases", "import", file)
    assert done.code == 1
    assert [line.removeprefix(f"{file}: ") for line in done.err.splitlines()] == [
        "line 2: case_code: this is an identity number; it was not kept",
        "line 3: case_code: not a case code, or dated in the future",
        "line 4: case_code: not a case code, or dated in the future",
        "line 5: procedure: there is no such procedure",
        "line 6: officer: there is no such officer",
        "line 7: received: expected a day like 2026-10-02 or 02/10/2026, with or without a time",
        "line 8: expected 4 cells, found 3",
        "line 11: case_code: the same case as in line 10",
    ]
    assert done.out == "sia: 1 case new, 0 changed, 0 unchanged; 8 rows refused; 0 earlier votes assigned\n"
    for secret in ("012345678901", "not a code", "Secret", "0113"):
        assert secret not in done.err + done.out


def test_what_is_no_case_code_is_named_for_what_it_is_and_not_shown(run: Run, seeded: Database, file: Path) -> None:
    texts = ("DN4010112345678", "A012", "H57.14-261002-0111 H57.14-261002-0112", "1.001193", "NV-0012")
    file.write_text(HEADING + "".join(f"{text},1.001193,huong,2026-10-02\n" for text in texts))
    done = run("cases", "import", file)
    assert [line.partition("case_code: ")[2] for line in done.err.splitlines()] == [
        "this is a health insurance number; it was not kept",
        "not a case code, or dated in the future",
        "there is more than one case code",
        "not a case code, or dated in the future",
        "not a case code, or dated in the future",
    ]
    for text in texts:
        assert text not in done.err + done.out


def test_spreadsheets_write_a_mark_further_columns_and_other_line_ends(run: Run, seeded: Database, file: Path) -> None:
    text = 'received, note ,case_code,procedure,officer\r\n2026-10-02,"a\r\nb",H57.14-261002-0111 ,1.001193,huong\r\n'
    file.write_bytes(text.encode("utf-8-sig"))
    assert run("cases", "import", file).code == 0
    assert stored(seeded) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "line 1: the heading lacks case_code, procedure, officer, received"),
        (b"case_code;procedure;officer;received\n", "line 1: the heading lacks"),
        ("case_code,procedure,officer,received\nH\u1ecb".encode("utf-16"), "not UTF-8 text"),
        (HEADING.encode() + b'"never closed', "line 2: "),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    run: Run, seeded: Database, file: Path, content: bytes, message: str
) -> None:
    file.write_bytes(content)
    done = run("cases", "import", file)
    assert (done.code, done.out) == (2, "")
    assert f"{file}: {message}" in done.err


def test_a_file_that_is_missing_is_named(run: Run, seeded: Database, file: Path) -> None:
    assert f"{file}: cannot be read: No such file" in run("cases", "import", file).err


def test_the_site_is_asked_for_where_there_are_several(run: Run, seeded: Database, file: Path) -> None:
    seed_office(seeded, "phu")
    file.write_text(HEADING + GOOD)
    assert "say which with --site" in run("cases", "import", file).err
    assert run("cases", "import", file, "--site", "phu").code == 0


def test_no_code_is_anywhere_in_the_servers_folder(run: Run, seeded: Database, file: Path, folder: Path) -> None:
    file.write_text(HEADING + GOOD)
    run("cases", "import", file)
    for path in folder.rglob("*"):
        if path.is_file():
            assert b"261002-0111" not in path.read_bytes()
            assert b"20261002-0111" not in path.read_bytes()
