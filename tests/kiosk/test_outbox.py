"""The votes on the kiosk's disk: numbered without a gap, stored whole or not at all, there again after anything."""

import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlite_utils import Database

import kiosk.outbox
from kiosk.controller import StorageBroken
from kiosk.outbox import AlreadyRated, Outbox, Standing, Stored
from protocol.messages import Vote
from tests.fakes.drafts import a_draft, an_instant
from tests.fakes.small_disk import fill, small_disk

TOKEN = "ab" * 16


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    opened = Outbox(path)
    yield opened
    opened.close()


def cast(outbox: Outbox, level: int = 5, case_token: str | None = None) -> str:
    stored = outbox.cast(a_draft(level, case_token), an_instant())
    assert isinstance(stored, Stored)
    return stored.vote_id


def raw(path: Path, query: str) -> list[tuple[object, ...]]:
    """Ask the file itself."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            return connection.execute(query).fetchall()
    finally:
        connection.close()


def numbers(outbox: Outbox) -> list[int]:
    return [vote.number for vote in outbox.votes(1, 10_000)]


# --- casting ---------------------------------------------------------------------------------------


def test_a_new_outbox_is_empty_and_has_a_name_of_its_own(tmp_path: Path) -> None:
    one, other = Outbox(tmp_path / "one"), Outbox(tmp_path / "other")
    assert one.standing() == Standing(highest=0, stored_up_to=0)
    assert one.votes(1, 100) == ()
    assert one.stream != other.stream
    assert len(one.stream) == 32
    one.close()
    other.close()


def test_a_vote_comes_back_as_it_was_cast_dated_to_the_hour(outbox: Outbox) -> None:
    in_vietnam = datetime(2026, 11, 23, 9, 17, 41, tzinfo=timezone(timedelta(hours=7)))
    stored = outbox.cast(a_draft(2, TOKEN, counter=3), an_instant(in_vietnam))
    assert isinstance(stored, Stored)
    expected = Vote(
        vote_id=stored.vote_id,
        number=1,
        hour=datetime(2026, 11, 23, 2, tzinfo=UTC),
        survey=1,
        answers={"overall": 2},
        counter=3,
        case_token=TOKEN,
    )
    assert outbox.votes(1, 1) == (expected,)


def test_votes_are_numbered_one_after_the_other_and_no_id_comes_twice(outbox: Outbox) -> None:
    ids = [cast(outbox) for _ in range(50)]
    assert numbers(outbox) == list(range(1, 51))
    assert [vote.vote_id for vote in outbox.votes(1, 50)] == ids
    assert len(set(ids)) == 50
    assert outbox.standing() == Standing(highest=50, stored_up_to=0)
    assert outbox.standing().waiting == 50


def test_a_case_has_one_vote(outbox: Outbox) -> None:
    assert not outbox.is_rated(TOKEN)
    cast(outbox, case_token=TOKEN)
    assert outbox.is_rated(TOKEN)
    assert outbox.cast(a_draft(1, TOKEN), an_instant()) == AlreadyRated()
    cast(outbox)
    cast(outbox)
    assert numbers(outbox) == [1, 2, 3]


def test_a_case_stays_rated_when_its_vote_is_erased(outbox: Outbox, path: Path) -> None:
    cast(outbox, case_token=TOKEN)
    raw(path, "DELETE FROM votes")
    assert outbox.is_rated(TOKEN)


def test_only_a_part_of_the_votes_can_be_asked_for(outbox: Outbox) -> None:
    for _ in range(5):
        cast(outbox)
    assert [vote.number for vote in outbox.votes(2, 4)] == [2, 3, 4]
    assert outbox.votes(6, 9) == ()


# --- what stays -----------------------------------------------------------------------------------


def test_a_write_is_on_the_disk_when_it_returns(outbox: Outbox) -> None:
    assert outbox._database.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    full = 2
    assert outbox._database.execute("PRAGMA synchronous").fetchone()[0] == full


def test_a_vote_survives_a_process_that_never_closed_its_file(outbox: Outbox, path: Path, tmp_path: Path) -> None:
    vote_id = cast(outbox, case_token=TOKEN)
    outbox.confirm(1)
    boots = outbox.count_boot()
    shutil.copytree(path.parent, tmp_path / "as it lies on the disk")
    again = Outbox(tmp_path / "as it lies on the disk" / path.name)
    assert again.stream == outbox.stream
    assert [vote.vote_id for vote in again.votes(1, 9)] == [vote_id]
    assert again.standing() == Standing(highest=1, stored_up_to=1)
    assert again.is_rated(TOKEN)
    assert again.count_boot() == boots + 1
    again.close()


@pytest.mark.parametrize("kept", ["number > 2", "number > 3", "number > 99"])
def test_a_number_is_never_used_again_even_after_votes_are_erased(path: Path, kept: str) -> None:
    outbox = Outbox(path)
    for _ in range(3):
        cast(outbox)
    outbox.close()
    raw(path, f"DELETE FROM votes WHERE NOT {kept}")
    outbox = Outbox(path)
    assert outbox.standing().highest == 3
    cast(outbox)
    assert numbers(outbox)[-1] == 4
    outbox.close()


def test_a_vote_that_failed_leaves_no_gap_and_no_rated_case(outbox: Outbox, path: Path) -> None:
    cast(outbox)
    raw(path, "CREATE TRIGGER broken AFTER INSERT ON votes BEGIN SELECT RAISE(ABORT, 'the disk is tired'); END")
    with pytest.raises(StorageBroken, match="the disk is tired"):
        outbox.cast(a_draft(5, TOKEN), an_instant())
    assert not outbox.is_rated(TOKEN)
    assert outbox.standing().highest == 1
    raw(path, "DROP TRIGGER broken")
    cast(outbox, case_token=TOKEN)
    assert numbers(outbox) == [1, 2]


def test_the_folder_is_for_the_kiosk_alone(outbox: Outbox, path: Path) -> None:
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_kiosk_killed_while_it_makes_its_file_starts_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state" / "outbox.sqlite"
    path.parent.mkdir()
    moments: list[Path] = []

    def keep_the_moment(_: str) -> None:
        moments.append(tmp_path / f"moment {len(moments)}")
        shutil.copytree(path.parent, moments[-1])

    def watched(path: Path) -> Database:
        database = really_open(path)
        database.conn.set_trace_callback(keep_the_moment)
        return database

    really_open = kiosk.outbox._open
    monkeypatch.setattr(kiosk.outbox, "_open", watched)
    Outbox(path).close()
    monkeypatch.undo()
    assert len(moments) > 5
    for moment in moments:
        outbox = Outbox(moment / path.name)
        cast(outbox, case_token=TOKEN)
        assert numbers(outbox) == [1]
        outbox.close()


# --- receipts -------------------------------------------------------------------------------------


def test_confirmed_votes_are_kept_and_their_exact_times_blanked(outbox: Outbox, path: Path) -> None:
    for _ in range(3):
        cast(outbox)
    outbox.confirm(2)
    assert outbox.standing() == Standing(highest=3, stored_up_to=2)
    assert outbox.standing().waiting == 1
    assert numbers(outbox) == [1, 2, 3]
    times = raw(path, "SELECT number, boot_id IS NULL, boottime_ns IS NULL, wall IS NULL FROM votes ORDER BY number")
    assert times == [(1, 1, 1, 1), (2, 1, 1, 1), (3, 0, 0, 0)]


def test_a_restored_server_takes_the_confirmed_number_back(outbox: Outbox) -> None:
    for _ in range(3):
        cast(outbox)
    outbox.confirm(3)
    outbox.confirm(1)
    assert outbox.standing() == Standing(highest=3, stored_up_to=1)
    assert [vote.number for vote in outbox.votes(2, 3)] == [2, 3]


def test_the_exact_time_is_kept_apart_from_the_vote(outbox: Outbox, path: Path) -> None:
    cast(outbox)
    [(vote,)] = raw(path, "SELECT vote FROM votes")
    assert "2026-11-23T02:00:00Z" in str(vote)
    assert ":17:" not in str(vote)


# --- trouble ---------------------------------------------------------------------------------------


def test_a_file_that_is_no_outbox_is_named_broken(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    path.write_bytes(b"something else" * 1000)
    with pytest.raises(StorageBroken, match="not a database"):
        Outbox(path)


def test_a_folder_that_cannot_be_made_is_named_broken(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(StorageBroken, match=r"[Ff]ile exists|[Nn]ot a directory"):
        Outbox(tmp_path / "state" / "outbox.sqlite")


def test_a_closed_outbox_is_broken(path: Path) -> None:
    outbox = Outbox(path)
    outbox.close()
    with pytest.raises(StorageBroken):
        outbox.standing()
    with pytest.raises(StorageBroken):
        outbox.cast(a_draft(), an_instant())


def test_where_sqlite_may_not_grow_nothing_is_half_stored(outbox: Outbox) -> None:
    pages = outbox._database.execute("PRAGMA page_count").fetchone()[0]
    outbox._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageBroken, match="full"):
        outbox.probe()
    stored = 0
    with pytest.raises(StorageBroken, match="full"):
        for case in range(1000):
            outbox.cast(a_draft(5, f"{case:032x}"), an_instant())
            stored += 1
    assert numbers(outbox) == list(range(1, stored + 1))
    assert not outbox.is_rated(f"{stored:032x}")
    outbox._database.execute("PRAGMA max_page_count = 1000000")
    outbox.probe()
    cast(outbox, case_token=f"{stored:032x}")
    assert numbers(outbox) == list(range(1, stored + 2))


def test_on_a_full_disk_nothing_is_half_stored_and_it_heals_by_itself(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", kilobytes=1024) as disk:
        outbox = Outbox(disk / "outbox.sqlite")
        try:
            ids = [cast(outbox)]
            filler = fill(disk)
            with pytest.raises(StorageBroken):
                # What SQLite had already reserved may still take a few votes.
                while len(ids) < 1000:
                    ids.append(cast(outbox))
            for _ in range(3):
                with pytest.raises(StorageBroken):
                    outbox.probe()
                with pytest.raises(StorageBroken):
                    outbox.confirm(1)
            assert [vote.vote_id for vote in outbox.votes(1, 10_000)] == ids
            filler.unlink()
            outbox.probe()
            ids.append(cast(outbox))
            assert [vote.vote_id for vote in outbox.votes(1, 10_000)] == ids
            assert numbers(outbox) == list(range(1, len(ids) + 1))
        finally:
            outbox.close()


def test_an_outbox_cannot_be_made_on_a_full_disk_but_can_once_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", kilobytes=256) as disk:
        filler = fill(disk)
        for _ in range(2):
            with pytest.raises(StorageBroken):
                Outbox(disk / "state" / "outbox.sqlite")
        filler.unlink()
        outbox = Outbox(disk / "state" / "outbox.sqlite")
        cast(outbox)
        assert numbers(outbox) == [1]
        outbox.close()


# --- any order of things ---------------------------------------------------------------------------


class AnyOrder(RuleBasedStateMachine):
    """Against a list."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "outbox.sqlite"
        self.outbox = Outbox(self.path)
        self.stream = self.outbox.stream
        self.votes: list[tuple[int, str, int]] = []  # number, id, level
        self.highest = 0
        self.rated: set[str] = set()
        self.stored_up_to = 0
        self.boots = 0

    @rule(level=st.integers(1, 5), case=st.none() | st.sampled_from(["1" * 32, "2" * 32, "3" * 32]))
    def cast(self, level: int, case: str | None) -> None:
        answer = self.outbox.cast(a_draft(level, case), an_instant())
        if case in self.rated:
            assert answer == AlreadyRated()
            return
        assert isinstance(answer, Stored)
        assert answer.vote_id not in {vote_id for _, vote_id, _ in self.votes}
        self.highest += 1
        self.votes.append((self.highest, answer.vote_id, level))
        if case is not None:
            self.rated.add(case)

    @rule(level=st.integers(1, 5))
    def fail_to_cast(self, level: int) -> None:
        raw(self.path, "CREATE TRIGGER broken AFTER INSERT ON votes BEGIN SELECT RAISE(ABORT, 'no'); END")
        with pytest.raises(StorageBroken):
            self.outbox.cast(a_draft(level, "4" * 32), an_instant())
        raw(self.path, "DROP TRIGGER broken")

    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        self.stored_up_to = data.draw(st.integers(0, self.highest))
        self.outbox.confirm(self.stored_up_to)

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        up_to = data.draw(st.integers(0, self.highest))
        raw(self.path, f"DELETE FROM votes WHERE number <= {up_to}")
        self.votes = [vote for vote in self.votes if vote[0] > up_to]

    @rule()
    def probe(self) -> None:
        self.outbox.probe()

    @rule()
    def start_again(self) -> None:
        self.outbox.close()
        self.outbox = Outbox(self.path)
        self.boots += 1
        assert self.outbox.count_boot() == self.boots

    @invariant()
    def it_is_as_the_list_says(self) -> None:
        assert self.outbox.stream == self.stream
        assert self.outbox.standing() == Standing(self.highest, self.stored_up_to)
        kept = [(vote.number, vote.vote_id, vote.answers["overall"]) for vote in self.outbox.votes(1, 10_000)]
        assert kept == self.votes
        for case in ("1" * 32, "2" * 32, "3" * 32, "4" * 32):
            assert self.outbox.is_rated(case) == (case in self.rated)

    def teardown(self) -> None:
        self.outbox.close()
        self.folder.cleanup()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=15, stateful_step_count=20)
