"""A quarter goes from open to issued: one step after the other, whole, by one person at a time."""

import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sync_server.core.decisions.late import Late
from sync_server.core.decisions.states import Change, Kind, NotNow, State, Step, Version
from sync_server.core.spans import Span
from sync_server.deciding import (
    ARCHIVE,
    DOCX,
    PDF,
    DecidingTrouble,
    Desk,
    Paper,
    amend,
    close,
    discard,
    draft,
    give_number,
    in_force_of,
    issue,
    review,
)
from sync_server.store.audit import deeds
from sync_server.store.database import Database
from sync_server.store.decisions import Doing, Kept, kept_versions, move, steps_taken
from sync_server.store.late_votes import late_votes
from tests.fakes.decision_parts import SMALL_PARTS, verify
from tests.fakes.small_office import SITE, STREAM, seed_kiosk, seed_office, seed_votes

QUARTER = Span.parse("2026-Q4")
LAST_HOUR = datetime(2026, 12, 31, 9, tzinfo=UTC)
LATER = datetime(2027, 1, 5, 2, tzinfo=UTC)
BLANK = Kept(
    SITE, "2026-Q4", Version(1), Kind.DECISION, 1, date(2026, 10, 1), date(2026, 12, 31), due=date(2027, 1, 15)
)


def doing(step: Step, note: str = "", by: str = "Hà") -> Doing:
    return Doing(step, by, LATER, note)


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    """An office with five votes of the quarter."""
    seed_office(database)
    seed_kiosk(database)
    seed_votes(database, [5, 5, 4, 2, 1])
    return Desk(database, tmp_path / "data", SMALL_PARTS)


def reviewed(desk: Desk) -> Kept:
    close(desk.database, BLANK, [], "", doing(Step.CLOSE))
    draft(desk, SITE, QUARTER, doing(Step.DRAFT))
    return review(desk.database, SITE, QUARTER, doing(Step.REVIEW))


def issued(desk: Desk, paper: Paper | None = None) -> Kept:
    reviewed(desk)
    return issue(desk, SITE, QUARTER, paper or Paper(), doing(Step.ISSUE))


def versions(desk: Desk) -> list[Kept]:
    with desk.database.reading() as connection:
        return kept_versions(connection, SITE)


def files_in(desk: Desk) -> set[str]:
    return {path.name for path in desk.folder.rglob("*") if path.is_file() and path.name != ".lock"}


def text(desk: Desk, kept: Kept, name: str = DOCX) -> str:
    assert kept.folder is not None
    return (desk.folder / kept.folder / name).read_text()


def test_from_open_to_issued_with_who_did_what(desk: Desk) -> None:
    kept = issued(desk, Paper("05", date(2027, 1, 6)))
    assert (kept.state, kept.number, kept.day, kept.issued_on) == (
        State.ISSUED,
        "05",
        date(2027, 1, 6),
        date(2027, 1, 6),
    )
    assert files_in(desk) == {DOCX, PDF, ARCHIVE}
    assert "Số: 05/QĐ-UBND" in text(desk, kept)
    assert "5 lượt" in text(desk, kept)
    with desk.database.reading() as connection:
        taken = steps_taken(connection, SITE, "2026-Q4")
        actions = [deed.action for _, deed in deeds(connection)]
    assert [(step.step, step.state) for step in taken] == [
        (Step.CLOSE, State.CLOSING),
        (Step.DRAFT, State.DRAFT),
        (Step.REVIEW, State.REVIEWED),
        (Step.ISSUE, State.ISSUED),
    ]
    assert actions == ["decision close", "decision draft", "decision review", "decision issue"]


def test_the_archive_that_is_kept_is_the_one_on_record(desk: Desk) -> None:
    kept = issued(desk)
    assert kept.folder is not None
    archive = desk.folder / kept.folder / ARCHIVE
    assert verify(archive) == []
    with zipfile.ZipFile(archive) as members:
        assert members.read(DOCX).decode() == text(desk, kept)
    assert kept.archive_sha256 is not None
    assert len(kept.archive_sha256) == 64


def test_what_a_leader_went_on_without_stands_in_the_document(desk: Desk) -> None:
    close(desk.database, BLANK, ["Kiosk quay-2: mất liên lạc"], "máy hỏng {hẳn}", doing(Step.CLOSE))
    drafted = draft(desk, SITE, QUARTER, doing(Step.DRAFT))
    assert "máy hỏng {hẳn}" in text(desk, drafted)
    assert "mất liên lạc" in text(desk, drafted)


def test_no_step_is_left_out(desk: Desk) -> None:
    with pytest.raises(NotNow, match="begin with: decision close"):
        draft(desk, SITE, QUARTER, doing(Step.DRAFT))
    close(desk.database, BLANK, [], "", doing(Step.CLOSE))
    with pytest.raises(NotNow, match="it is closing, so there is nothing to issue"):
        issue(desk, SITE, QUARTER, Paper(), doing(Step.ISSUE))
    with pytest.raises(NotNow, match="it is closing, so there is nothing to review"):
        review(desk.database, SITE, QUARTER, doing(Step.REVIEW))


def test_a_vote_that_came_after_the_review_is_not_issued_unseen(desk: Desk) -> None:
    reviewed(desk)
    seed_votes(desk.database, [5])
    with pytest.raises(DecidingTrouble, match=r"has changed since it was reviewed .*votes"):
        issue(desk, SITE, QUARTER, Paper(), doing(Step.ISSUE))
    draft(desk, SITE, QUARTER, doing(Step.DRAFT))
    review(desk.database, SITE, QUARTER, doing(Step.REVIEW))
    assert "6 lượt" in text(desk, issue(desk, SITE, QUARTER, Paper(), doing(Step.ISSUE)))


def test_an_archive_that_its_own_verifier_refuses_is_not_issued(desk: Desk) -> None:
    reviewed(desk)

    def refused(*_what: object) -> str:
        raise DecidingTrouble("another root")

    doubtful = replace(desk, parts=replace(SMALL_PARTS, write_archive=refused))
    with pytest.raises(DecidingTrouble, match="another root"):
        issue(doubtful, SITE, QUARTER, Paper(), doing(Step.ISSUE))
    assert [kept.state for kept in versions(desk)] == [State.REVIEWED]
    assert files_in(desk) == {DOCX, PDF}


def test_votes_that_arrive_while_a_document_is_composed_make_it_be_composed_again(desk: Desk) -> None:
    close(desk.database, BLANK, [], "", doing(Step.CLOSE))
    left = [3]

    def compose(*told: object) -> object:
        made = SMALL_PARTS.compose(*told)  # type: ignore[arg-type]
        if left:
            seed_votes(desk.database, [left.pop()])
        return made

    interrupted = replace(desk, parts=replace(SMALL_PARTS, compose=compose))  # type: ignore[arg-type]
    kept = draft(interrupted, SITE, QUARTER, doing(Step.DRAFT))
    assert "6 lượt" in text(desk, kept)
    left[:] = [1] * 9
    with pytest.raises(DecidingTrouble, match="are arriving at this moment"):
        draft(interrupted, SITE, QUARTER, doing(Step.DRAFT))


def late(desk: Desk) -> Late:
    [*_, kept] = versions(desk)
    assert kept.held is not None
    with desk.database.reading() as connection:
        return late_votes(connection, SITE, kept.first, kept.last, kept.held)


def test_votes_of_the_quarter_that_come_later_are_counted_and_those_of_the_next_are_not(desk: Desk) -> None:
    issued(desk)
    assert not late(desk)
    seed_votes(desk.database, [5, 5], hour=LATER)
    assert not late(desk)
    seed_votes(desk.database, [1, 2, 3], hour=LAST_HOUR)
    seed_votes(desk.database, [1], hour=LAST_HOUR, outcome="abandoned")
    assert late(desk) == Late(votes=3)


def test_an_amending_version_tells_the_one_before_and_takes_its_place(desk: Desk) -> None:
    issued(desk, Paper("05", date(2027, 1, 6)))
    seed_votes(desk.database, [1, 2, 3], hour=LAST_HOUR)
    begun = amend(desk.database, BLANK, Change.AMENDS, doing(Step.AMEND, "3 lượt đến sau"))
    assert (begun.version.number, begun.version.amends, begun.state) == (2, 1, State.OPEN)
    close(desk.database, BLANK, [], "", doing(Step.CLOSE))
    draft(desk, SITE, QUARTER, doing(Step.DRAFT))
    review(desk.database, SITE, QUARTER, doing(Step.REVIEW))
    kept = issue(desk, SITE, QUARTER, Paper(), doing(Step.ISSUE))
    assert "8 lượt" in text(desk, kept)
    assert "trước 5" in text(desk, kept)
    assert [kept.state for kept in versions(desk)] == [State.AMENDED, State.ISSUED]
    assert not late(desk)


def test_a_discarded_draft_is_kept_and_the_quarter_is_open_again(desk: Desk) -> None:
    close(desk.database, BLANK, [], "", doing(Step.CLOSE))
    draft(desk, SITE, QUARTER, doing(Step.DRAFT))
    discard(desk.database, SITE, QUARTER, doing(Step.DISCARD, "sai"))
    issued(desk)
    assert [(kept.version.number, kept.state) for kept in versions(desk)] == [
        (1, State.DISCARDED),
        (2, State.ISSUED),
    ]


def test_the_clerk_gives_number_and_day_afterwards_and_only_once(desk: Desk) -> None:
    issued(desk)
    with pytest.raises(NotNow, match="nothing to issue"):
        issue(desk, SITE, QUARTER, Paper(), doing(Step.ISSUE))
    kept = give_number(desk.database, SITE, QUARTER, None, Paper("07", date(2027, 1, 7)), doing(Step.NUMBER))
    assert (kept.number, kept.day) == ("07", date(2027, 1, 7))
    give_number(desk.database, SITE, QUARTER, 1, Paper("07", date(2027, 1, 7)), doing(Step.NUMBER))
    with pytest.raises(NotNow, match="has number 07 and day 2027-01-07 already"):
        give_number(desk.database, SITE, QUARTER, None, Paper("08", date(2027, 1, 7)), doing(Step.NUMBER))


def test_a_number_that_was_mistyped_is_put_right_with_a_reason_and_both_stay_on_record(desk: Desk) -> None:
    issued(desk)
    give_number(desk.database, SITE, QUARTER, None, Paper("70", date(2027, 1, 7)), doing(Step.NUMBER, "70"))
    with pytest.raises(NotNow, match="say why: --because"):
        give_number(desk.database, SITE, QUARTER, None, Paper("07", date(2027, 1, 7)), doing(Step.NUMBER))
    right = Paper("07", date(2027, 1, 8))
    give_number(desk.database, SITE, QUARTER, None, right, doing(Step.NUMBER, "07, gõ nhầm"), correcting=True)
    (kept,) = versions(desk)
    assert (kept.number, kept.day) == ("07", date(2027, 1, 8))
    with desk.database.reading() as connection:
        notes = [step.note for step in steps_taken(connection, SITE, "2026-Q4") if step.step is Step.NUMBER]
    assert notes == ["70", "07, gõ nhầm"]


def test_a_number_that_stands_in_the_document_is_not_put_right_beside_it(desk: Desk) -> None:
    issued(desk, Paper("05", date(2027, 1, 6)))
    other = Paper("06", date(2027, 1, 6))
    with pytest.raises(NotNow, match="stand in the document itself"):
        give_number(desk.database, SITE, QUARTER, None, other, doing(Step.NUMBER, "nhầm"), correcting=True)


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2026, 12, 31), date(2072, 1, 6)])
def test_no_paper_is_dated_within_its_time_or_far_ahead(desk: Desk, day: date) -> None:
    reviewed(desk)
    with pytest.raises(NotNow, match="cannot stand on the paper"):
        issue(desk, SITE, QUARTER, Paper("05", day), doing(Step.ISSUE))
    issue(desk, SITE, QUARTER, Paper(), doing(Step.ISSUE))
    with pytest.raises(NotNow, match="cannot stand on the paper"):
        give_number(desk.database, SITE, QUARTER, None, Paper("05", day), doing(Step.NUMBER))


def test_no_amendment_is_dated_before_what_it_amends(desk: Desk) -> None:
    issued(desk, Paper("05", date(2027, 1, 6)))
    amend(desk.database, BLANK, Change.AMENDS, doing(Step.AMEND, "nhầm"))
    reviewed(desk)
    with pytest.raises(NotNow, match="what it changes is of 2027-01-06"):
        issue(desk, SITE, QUARTER, Paper("06", date(2027, 1, 5)), doing(Step.ISSUE))


def test_closing_once_more_says_anew_what_it_becomes_and_an_amendment_stays_what_it_amends(desk: Desk) -> None:
    close(desk.database, BLANK, [], "", doing(Step.CLOSE))
    assert close(desk.database, replace(BLANK, kind=Kind.REPORT), [], "", doing(Step.CLOSE)).kind is Kind.REPORT
    assert issued(desk).kind is Kind.DECISION
    amend(desk.database, BLANK, Change.AMENDS, doing(Step.AMEND, "nhầm"))
    assert close(desk.database, replace(BLANK, kind=Kind.REPORT), [], "", doing(Step.CLOSE)).kind is Kind.DECISION


@pytest.mark.parametrize("number", range(3))
def test_of_two_who_act_at_once_one_is_refused(desk: Desk, number: int) -> None:
    close(desk.database, BLANK, [], "", doing(Step.CLOSE))
    draft(desk, SITE, QUARTER, doing(Step.DRAFT))
    acts: list[tuple[Callable[[], object], Callable[[], object]]] = [
        (
            lambda: review(desk.database, SITE, QUARTER, doing(Step.REVIEW)),
            lambda: discard(desk.database, SITE, QUARTER, doing(Step.DISCARD)),
        ),
        (
            lambda: draft(desk, SITE, QUARTER, doing(Step.DRAFT)),
            lambda: draft(desk, SITE, QUARTER, doing(Step.DRAFT)),
        ),
        (
            lambda: draft(desk, SITE, QUARTER, doing(Step.DRAFT)),
            lambda: discard(desk.database, SITE, QUARTER, doing(Step.DISCARD)),
        ),
    ]
    together, refused = threading.Barrier(2), []

    def act(deed: Callable[[], object]) -> None:
        together.wait(timeout=30)
        try:
            deed()
        except NotNow as refusal:
            refused.append(str(refusal))

    threads = [threading.Thread(target=act, args=(deed,)) for deed in acts[number]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    # Where one has ended before the other began, both have their turn, if the second still could.
    with desk.database.reading() as connection:
        taken = steps_taken(connection, SITE, "2026-Q4")
    assert len(taken) == 2 + 2 - len(refused)
    [kept] = versions(desk)
    assert kept.turn == len(taken)
    if kept.folder is not None and kept.state is State.DRAFT:
        assert "5 lượt" in text(desk, kept)


def test_who_saw_an_older_draft_does_not_review_the_newer(desk: Desk) -> None:
    # The two of them look at the same moment; one drafts anew before the other says that it is reviewed.
    close(desk.database, BLANK, [], "", doing(Step.CLOSE))
    seen = draft(desk, SITE, QUARTER, doing(Step.DRAFT))
    draft(desk, SITE, QUARTER, doing(Step.DRAFT))
    with pytest.raises(NotNow, match="somebody else has just changed version 1"), desk.database.writing() as connection:
        move(connection, seen, State.REVIEWED, doing(Step.REVIEW))
    assert in_force_of(versions(desk)) is None


def test_nothing_is_begun_twice(desk: Desk) -> None:
    with pytest.raises(NotNow, match="nothing was issued yet that could be amended"):
        amend(desk.database, BLANK, Change.REPLACES, doing(Step.AMEND))
    issued(desk)
    with pytest.raises(NotNow, match="nothing to close"):
        close(desk.database, BLANK, [], "", doing(Step.CLOSE))
    amend(desk.database, BLANK, Change.REPLACES, doing(Step.AMEND))
    with pytest.raises(NotNow, match="issue or discard that one first"):
        amend(desk.database, BLANK, Change.REPLACES, doing(Step.AMEND))


def test_streams_that_begin_afterwards_are_late_as_a_whole(desk: Desk) -> None:
    issued(desk)
    other = "9" * 32
    seed_kiosk(desk.database, "kiosk-9", stream=other)
    seed_votes(desk.database, [4, 4], hour=LAST_HOUR - timedelta(days=20), stream=other)
    assert late(desk) == Late(votes=2)
    assert other != STREAM
