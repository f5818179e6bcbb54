"""An archive is the same bytes for the same contents, holds, and tells of nobody."""

import re
import sqlite3
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_server.archives.ground import ArchiveTrouble, lay_ground
from sync_server.archives.tracing import find_vote, proof_as_json, trace
from sync_server.archives.writing import About, Papers, write_archive
from sync_server.core.channels import Channel
from sync_server.core.decisions.ballots import Ballot, ids_of
from sync_server.core.decisions.document import filled
from sync_server.core.figures.cells import AnswerSet, Group
from sync_server.core.figures.disclosure import Disclosure
from sync_server.core.figures.period import Breakdown
from sync_server.core.rules import Rules
from tests.fakes.archives import (
    ABOUT,
    KEY,
    PDF,
    Cast,
    Quarter,
    document_of,
    docx_of,
    make_archive,
    members_of,
    quarters,
    stated_of,
    vote,
)
from tests.sync_server.core.figures.attacker import worked_out

SMALL = Quarter(
    (
        *(vote(number, 1 + number % 5) for number in range(1, 40)),
        *(vote(number, 5, "hasty", officer="binh") for number in range(50, 60)),
        Cast(Ballot("f" * 32, Channel.BOX, 1, (("overall", 2, 3), ("overall", 5, 4)), votes=7), kiosk=None),
    ),
    Rules(excluded=("hasty",)),
)


def rows_of(votes_file: Path, table: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(votes_file)
    try:
        return connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
    finally:
        connection.close()


def test_the_same_votes_become_the_same_bytes_in_whatever_order_they_come(tmp_path: Path) -> None:
    written = []
    for name, casts in (("one", SMALL.casts), ("two", SMALL.casts[::-1])):
        (tmp_path / name).mkdir()
        path, _ = make_archive(tmp_path / name, replace(SMALL, casts=casts))
        written.append(path.read_bytes())
    assert written[0] == written[1]


def test_the_members_are_those_that_a_reader_is_told_of(tmp_path: Path) -> None:
    path, ground = make_archive(tmp_path, SMALL)
    members = members_of(path)
    told = members["DOC-TOI.txt"].decode()
    for name in members.keys() - {"DOC-TOI.txt"}:
        assert name in told
    assert ground.root in told
    assert members["public-key.txt"].decode().startswith(f"{KEY.public}\n")


def test_the_header_of_the_votes_tells_of_no_program(tmp_path: Path) -> None:
    _, ground = make_archive(tmp_path, SMALL)
    header = ground.votes_file.read_bytes()[:100]
    assert (header[24:28], header[92:100]) == (b"\0\0\0\1", b"\0\0\0\1\0\0\0\0")


def test_votes_that_the_figures_do_not_count_make_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveTrouble, match="the votes changed meanwhile: the figures count 56, and 55 are here"):
        lay_ground(tmp_path, SMALL.ballots[1:], SMALL.figures)


def test_what_would_not_hold_takes_no_place(tmp_path: Path) -> None:
    ground = lay_ground(tmp_path, SMALL.ballots, SMALL.figures)
    stated = stated_of(ground)
    document = document_of(ground.computed, stated)
    other = filled(document, {**ground.computed, **stated, "votes": "47"})
    path = tmp_path / "ho-so.zip"
    with pytest.raises(ArchiveTrouble, match=r"phải là 'Điều 1\. Có 46 lượt"):
        write_archive(path, ground, Papers(document, stated, docx_of(other), PDF), ABOUT, KEY)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["votes.sqlite"]


def test_an_archive_that_is_there_stays(tmp_path: Path) -> None:
    path, ground = make_archive(tmp_path, SMALL)
    before = path.read_bytes()
    with pytest.raises(ArchiveTrouble, match="is there already"):
        write_archive(path, ground, Papers(document_of({}, {}), {}, b"", PDF), ABOUT, KEY)
    assert path.read_bytes() == before


def test_the_day_and_version_are_told(tmp_path: Path) -> None:
    ground = lay_ground(tmp_path, SMALL.ballots, SMALL.figures)
    stated = stated_of(ground)
    document = document_of(ground.computed, stated)
    papers = Papers(document, stated, docx_of(filled(document, {**ground.computed, **stated})), PDF)
    about = About("sia", "UBND {xã} Sịa", "2026-Q4", 2, date(2027, 2, 1))
    digest = write_archive(tmp_path / "a.zip", ground, papers, about, KEY)
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert '"issued_day": "2027-02-01"' in members_of(tmp_path / "a.zip")["manifest.json"].decode()


@pytest.mark.parametrize("place", [0, -1])
def test_a_vote_is_found_with_a_proof_that_it_is_in_the_root(tmp_path: Path, place: int) -> None:
    path, ground = make_archive(tmp_path, SMALL)
    [*ids] = ids_of(SMALL.ballots[place].ballot, SMALL.ballots[place].votes)
    traced = trace(path, ids[-1])
    assert traced is not None
    found, decision = traced
    assert decision == "2026-Q4, 1"
    assert found.holds
    assert found.left_out == ()
    assert found.root == ground.root
    assert found.proof[0].hex() in proof_as_json(found)
    assert not replace(found, place=found.place + 1).holds


def test_a_vote_that_is_left_out_is_found_with_the_reason(tmp_path: Path) -> None:
    ground = lay_ground(tmp_path, SMALL.ballots, SMALL.figures)
    found = find_vote(ground.votes_file, f"{55:032x}", ground.root)
    assert found is not None
    assert (found.left_out, found.holds) == (("hasty",), True)


def test_a_file_that_holds_no_votes_is_named(tmp_path: Path) -> None:
    (tmp_path / "votes.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(ArchiveTrouble, match=r"votes\.sqlite: cannot be read"):
        find_vote(tmp_path / "votes.sqlite", "0" * 32, "")


def test_a_vote_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    path, _ = make_archive(tmp_path, SMALL)
    assert trace(path, "0" * 32) is None
    with pytest.raises(ArchiveTrouble, match="is no archive"):
        trace(tmp_path / "votes.sqlite", "0" * 32)
    with pytest.raises(ArchiveTrouble, match="cannot be read"):
        trace(tmp_path / "nothing.zip", "0" * 32)


def test_a_row_says_what_was_answered_and_nothing_of_whom_or_when(tmp_path: Path) -> None:
    ground = lay_ground(tmp_path, SMALL.ballots, SMALL.figures)
    rows = rows_of(ground.votes_file, "votes")
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    for vote_id, survey, answers, left_out in rows:
        assert re.fullmatch("[0-9a-f]{32}", vote_id)
        assert survey == 1
        assert re.fullmatch("overall=[1-5]", answers)
        assert left_out in ("", "hasty")


@given(quarters, st.randoms())
@settings(max_examples=30)
def test_whom_a_vote_concerned_changes_no_row_of_the_votes(quarter: Quarter, chance: Any) -> None:
    """Officers, fields, procedures, counters and kiosks are dealt anew; the votes stay as they are, byte for byte."""
    about = [(cast.officer, cast.field, cast.procedure, cast.counter, cast.kiosk) for cast in quarter.casts]
    chance.shuffle(about)
    others = replace(
        quarter,
        casts=tuple(Cast(cast.ballot, *whom) for cast, whom in zip(quarter.casts, about, strict=True)),
    )
    with tempfile.TemporaryDirectory() as name:
        tables = []
        for folder, each in ((Path(name) / "one", quarter), (Path(name) / "two", others)):
            folder.mkdir()
            ground = lay_ground(folder, each.ballots, each.figures)
            tables.append((rows_of(ground.votes_file, "votes"), rows_of(ground.votes_file, "totals")))
    assert tables[0] == tables[1]


@given(quarters)
@settings(max_examples=60)
def test_what_an_annex_hides_cannot_be_worked_out_of_the_breakdowns(quarter: Quarter) -> None:
    quarter = replace(quarter, rules=Rules(excluded=quarter.rules.excluded, by_officer=quarter.rules.by_officer))
    with tempfile.TemporaryDirectory() as name:
        ground = lay_ground(Path(name), quarter.ballots, quarter.figures)
        breakdowns = rows_of(ground.votes_file, "breakdowns")
    for survey in quarter.figures.surveys:
        shown = [each for each in Breakdown if each in survey.tables]
        official = [
            cast
            for cast in quarter.casts
            if cast.ballot.survey == survey.revision and not set(cast.ballot.labels) & set(quarter.rules.excluded)
        ]
        groups = [Group(_rows(cast, shown), counts) for cast in official if sum(counts := _counts(cast, survey))]
        answers = AnswerSet(groups)
        if answers.votes < quarter.rules.least_shown:
            continue
        told = {(row[1], row[2]) for row in breakdowns if row[0] == survey.revision and not row[3]}
        hidden = {
            cell
            for cell in answers.cells()
            if (str(shown[cell.breakdown]), cell.row) not in told and answers.total_row[cell.column]
        }  # of what nobody chose anywhere, everybody knows the 0
        assert not list(worked_out(answers, Disclosure(nothing=False, hidden=frozenset(hidden))))
        for breakdown in shown:
            merged = [row for row in breakdowns if row[:2] == (survey.revision, str(breakdown)) and row[3]]
            assert len(merged) <= 1, "what is hidden is one sum, that of all rows that are not shown"


def _rows(cast: Cast, shown: list[Breakdown]) -> tuple[str | None, ...]:
    keys = {
        Breakdown.OFFICER: cast.officer,
        Breakdown.FIELD: cast.field,
        Breakdown.PROCEDURE: cast.procedure,
        Breakdown.COUNTER: None if cast.counter is None else str(cast.counter),
        Breakdown.KIOSK: cast.kiosk,
        Breakdown.CHANNEL: cast.ballot.channel,
    }
    return tuple(keys[each] for each in shown)


def _counts(cast: Cast, survey: Any) -> tuple[int, int]:
    main = survey.main.asked
    counts = [0, 0]
    for criterion, level, votes in cast.ballot.answers:
        if criterion == main.criterion:
            counts[level in main.satisfied] += votes
    return counts[0], counts[1]


def test_ids_and_rows_do_not_tell_paper_from_kiosks(tmp_path: Path) -> None:
    ground = lay_ground(tmp_path, SMALL.ballots, SMALL.figures)
    rows = rows_of(ground.votes_file, "votes")
    assert "f" * 32 not in [row[0] for row in rows]
    assert len(rows) == 56
