"""The votes on the kiosk's disk: numbered without a gap, stored whole or not at all, there again after anything."""

import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import kiosk.outbox.tables
from kiosk.controller import StorageBroken
from kiosk.core.draft import Draft
from kiosk.core.time_truth import server_anchor
from kiosk.outbox import AlreadyRated, Outbox, Proof, Standing, Stored
from kiosk.outbox.outbox import PROBE_BYTES
from protocol.chain import EMPTY, link
from protocol.codec import decode_batch, encode
from protocol.messages import Replaced, ReplacedBecause, Vote, VoteBatch
from protocol.visits import VisitOutcome
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.drafts import a_draft, a_reading
from tests.fakes.memory import MEMORY
from tests.fakes.outboxes import an_outbox, cast, ids, numbers, raw, settled
from tests.fakes.small_disk import fill, small_disk

TOKEN = "ab" * 16
MUCH_LATER = A_MORNING + timedelta(days=36)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "state" / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    opened = Outbox(path)
    yield opened
    opened.close()


# --- casting ---------------------------------------------------------------------------------------


def test_a_new_outbox_is_empty_and_has_a_name_of_its_own(tmp_path: Path) -> None:
    one, other = Outbox(tmp_path / "one"), Outbox(tmp_path / "other")
    assert one.standing() == Standing(highest=0, stored_up_to=0, stream=one.stream)
    assert settled(one) == ()
    assert one.stream != other.stream
    assert len(one.stream) == 32
    one.close()
    other.close()


def test_a_vote_comes_back_as_it_was_cast_dated_to_the_hour(outbox: Outbox) -> None:
    in_vietnam = datetime(2026, 11, 23, 9, 17, 41, tzinfo=timezone(timedelta(hours=7)))
    stored = outbox.cast(a_draft(2, TOKEN, counter=3), a_reading(in_vietnam))
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
    assert settled(outbox) == (expected,)


def test_only_an_answered_vote_uses_its_case_up(outbox: Outbox) -> None:
    left = msgspec.structs.replace(a_draft(case_token=TOKEN), answers={}, outcome=VisitOutcome.ABANDONED)
    assert isinstance(outbox.cast(left, a_reading()), Stored)
    assert not outbox.is_rated(TOKEN)
    assert isinstance(outbox.cast(a_draft(case_token=TOKEN), a_reading()), Stored)
    assert outbox.is_rated(TOKEN)
    assert outbox.cast(a_draft(case_token=TOKEN), a_reading()) == AlreadyRated()


def test_a_case_that_may_be_rated_daily_is_used_up_for_the_day(outbox: Outbox) -> None:
    today, tomorrow = (msgspec.structs.replace(a_draft(case_token=TOKEN), spends=day * 32) for day in "12")
    assert isinstance(outbox.cast(today, a_reading()), Stored)
    assert outbox.cast(today, a_reading()) == AlreadyRated()
    assert outbox.is_rated(TOKEN), "that it was rated at all is known"
    assert isinstance(outbox.cast(tomorrow, a_reading()), Stored)


def test_everything_that_a_visit_said_comes_back(outbox: Outbox) -> None:
    said = Draft(
        survey=3,
        answers={"attitude": 2, "time": 4},
        counter=2,
        case_token=TOKEN,
        outcome=VisitOutcome.ANSWERED,
        reasons=("waiting",),
        comment="Mong có thêm ghế chờ.",
        labels=("hasty",),
        officer="nv-0002",
        best_first=True,
    )
    outbox.cast(said, a_reading())
    outbox.settle(1, 1, a_reading())
    (vote,) = outbox.votes(1, 1)
    for field in msgspec.structs.fields(Draft):
        if field.name != "spends":
            assert getattr(vote, field.name) == getattr(said, field.name)


def test_votes_are_numbered_one_after_the_other_and_no_id_comes_twice(outbox: Outbox) -> None:
    cast_ids = [cast(outbox) for _ in range(50)]
    assert numbers(outbox) == list(range(1, 51))
    assert ids(outbox) == cast_ids
    assert len(set(cast_ids)) == 50
    standing = outbox.standing()
    assert (standing.highest, standing.stored_up_to, standing.waiting) == (50, 0, 50)
    sent = decode_batch(encode(VoteBatch(outbox.stream, settled(outbox))))
    assert sent.entries == settled(outbox), "the server can read every one"


def test_a_case_has_one_vote(outbox: Outbox) -> None:
    assert not outbox.is_rated(TOKEN)
    cast(outbox, case_token=TOKEN)
    assert outbox.is_rated(TOKEN)
    assert outbox.cast(a_draft(1, TOKEN), a_reading()) == AlreadyRated()
    cast(outbox)
    cast(outbox)
    assert numbers(outbox) == [1, 2, 3]


def test_a_case_stays_rated_when_its_vote_is_erased(outbox: Outbox) -> None:
    cast(outbox, case_token=TOKEN)
    outbox.confirm(1, A_MORNING)
    outbox.forget(MUCH_LATER)
    assert settled(outbox) == ()
    assert outbox.is_rated(TOKEN)


def test_only_a_part_of_the_votes_can_be_asked_for(outbox: Outbox) -> None:
    for _ in range(5):
        cast(outbox)
    settled(outbox)
    assert [vote.number for vote in outbox.votes(2, 4)] == [2, 3, 4]
    assert outbox.votes(6, 9) == ()


# --- what stays -----------------------------------------------------------------------------------


def test_a_write_is_on_the_disk_when_it_returns(outbox: Outbox) -> None:
    assert outbox._database.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    full = 2
    assert outbox._database.execute("PRAGMA synchronous").fetchone()[0] == full


def test_a_vote_survives_a_process_that_never_closed_its_file(outbox: Outbox, path: Path, tmp_path: Path) -> None:
    vote_id = cast(outbox, case_token=TOKEN)
    outbox.confirm(1, A_MORNING)
    boots = outbox.count_boot()
    assert outbox.starts() == boots
    shutil.copytree(path.parent, tmp_path / "as it lies on the disk")
    with an_outbox(tmp_path / "as it lies on the disk" / path.name) as again:
        assert again.stream == outbox.stream
        assert ids(again) == [vote_id]
        assert (again.standing().highest, again.standing().stored_up_to) == (1, 1)
        assert again.is_rated(TOKEN)
        assert again.count_boot() == boots + 1
        assert again.salvaged is None


@pytest.mark.parametrize("confirmed", [1, 2, 3])
def test_a_number_is_never_used_again_even_after_votes_are_erased(path: Path, confirmed: int) -> None:
    with an_outbox(path) as outbox:
        for _ in range(3):
            cast(outbox)
        outbox.confirm(confirmed, A_MORNING)
        outbox.forget(MUCH_LATER)
    with an_outbox(path) as outbox:
        assert outbox.standing().highest == 3
        cast(outbox)
        assert numbers(outbox) == list(range(confirmed + 1, 5))


def test_a_vote_that_failed_leaves_no_gap_and_no_rated_case(outbox: Outbox, path: Path) -> None:
    cast(outbox)
    raw(path, "CREATE TRIGGER broken AFTER INSERT ON votes BEGIN SELECT RAISE(ABORT, 'the disk is tired'); END")
    with pytest.raises(StorageBroken, match="the disk is tired"):
        outbox.cast(a_draft(5, TOKEN), a_reading())
    assert not outbox.is_rated(TOKEN)
    assert outbox.standing().highest == 1
    raw(path, "DROP TRIGGER broken")
    cast(outbox, case_token=TOKEN)
    assert numbers(outbox) == [1, 2]


def test_starts_are_counted_and_looking_counts_none(path: Path) -> None:
    for starts in range(3):
        with an_outbox(path) as opened:
            assert opened.starts() == opened.starts() == starts
            assert opened.count_boot() == starts + 1


def test_a_second_process_looks_on_beside_the_kiosk_but_mends_nothing(outbox: Outbox, path: Path) -> None:
    cast(outbox)
    in_the_making = path.with_name("outbox.sqlite.building")
    in_the_making.write_text("what the kiosk is building just now")
    beside = Outbox(path, mend=False)
    assert ids(beside) == ids(outbox)
    beside.close()
    assert in_the_making.exists()


def test_the_folder_is_for_the_kiosk_alone(outbox: Outbox, path: Path) -> None:
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_kiosk_killed_while_it_makes_its_file_starts_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state" / "outbox.sqlite"
    path.parent.mkdir()
    moments: list[Path] = []

    def keep_the_moment(_: str) -> None:
        moments.append(tmp_path / f"moment {len(moments)}")
        shutil.copytree(path.parent, moments[-1])

    def watched(path: Path) -> kiosk.outbox.tables.Database:
        database = really_open(path)
        database.conn.set_trace_callback(keep_the_moment)
        return database

    really_open = kiosk.outbox.tables._connected
    monkeypatch.setattr(kiosk.outbox.tables, "_connected", watched)
    Outbox(path).close()
    monkeypatch.undo()
    assert len(moments) > 5
    for moment in moments:
        outbox = Outbox(moment / path.name)
        cast(outbox, case_token=TOKEN)
        assert numbers(outbox) == [1]
        outbox.close()


# --- trouble ---------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_made_is_named_broken(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(StorageBroken, match=r"[Ff]ile exists|[Nn]ot a directory"):
        Outbox(tmp_path / "state" / "outbox.sqlite")


def test_an_outbox_that_cannot_be_read_is_not_half_open(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("kiosk.outbox.outbox.open_reader", refused)
    with pytest.raises(StorageBroken, match="Too many open files"):
        Outbox(path)
    monkeypatch.undo()
    with an_outbox(path) as outbox:
        cast(outbox)


def test_a_closed_outbox_is_broken(path: Path) -> None:
    outbox = Outbox(path)
    outbox.close()
    with pytest.raises(StorageBroken):
        outbox.standing()
    with pytest.raises(StorageBroken):
        outbox.cast(a_draft(), a_reading())


def test_a_probe_writes_more_than_a_vote_and_always_in_the_same_place(outbox: Outbox, path: Path) -> None:
    for _ in range(2):
        outbox.probe()
    assert raw(path, "SELECT id, length(filler) FROM probe") == [(1, PROBE_BYTES)]


def test_where_sqlite_may_not_grow_nothing_is_half_stored(outbox: Outbox) -> None:
    pages = outbox._database.execute("PRAGMA page_count").fetchone()[0]
    outbox._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageBroken, match="full"):
        outbox.probe()
    stored = 0
    with pytest.raises(StorageBroken, match="full"):
        for case in range(1000):
            outbox.cast(a_draft(5, f"{case:032x}"), a_reading())
            stored += 1
    assert outbox.standing().highest == stored
    assert not outbox.is_rated(f"{stored:032x}")
    outbox._database.execute("PRAGMA max_page_count = 1000000")
    outbox.probe()
    cast(outbox, case_token=f"{stored:032x}")
    assert numbers(outbox) == list(range(1, stored + 2))


def test_on_a_full_disk_nothing_is_half_stored_and_it_heals_by_itself(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", kilobytes=1024) as disk:
        outbox = Outbox(disk / "outbox.sqlite")
        try:
            thanked = [cast(outbox)]
            filler = fill(disk)
            with pytest.raises(StorageBroken):
                # What SQLite had already reserved may still take a few votes.
                while len(thanked) < 1000:
                    thanked.append(cast(outbox))
            for _ in range(3):
                with pytest.raises(StorageBroken):
                    outbox.probe()
                with pytest.raises(StorageBroken):
                    outbox.confirm(1, A_MORNING)
            assert outbox.standing().highest == len(thanked)
            filler.unlink()
            outbox.probe()
            thanked.append(cast(outbox))
            assert ids(outbox) == thanked
            assert numbers(outbox) == list(range(1, len(thanked) + 1))
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


@dataclass
class Known:
    """A vote that somebody was thanked for."""

    number: int
    vote_id: str
    level: int
    content: Vote | None = None  # once settled


class AnyOrder(RuleBasedStateMachine):
    """Against a list; the machine is switched off and on, and its wall clock is nobody's friend."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.path = Path(self.folder.name) / "outbox.sqlite"
        self.clock = FakeClock()
        self.outbox = Outbox(self.path)
        self.stream = self.outbox.stream
        self.votes: list[Known] = []
        self.replaced: list[Replaced] = []
        self.chains = [EMPTY]  # at each number of the stream
        self.rated: set[str] = set()
        self.kept_from = 1
        self.stored_up_to = 0
        self.boots = 0

    @property
    def highest(self) -> int:
        return len(self.chains) - 1

    @rule(level=st.integers(1, 5), case=st.none() | st.sampled_from(["1" * 32, "2" * 32, "3" * 32]))
    def cast(self, level: int, case: str | None) -> None:
        answer = self.outbox.cast(a_draft(level, case), self.clock.reading())
        if case in self.rated:
            assert answer == AlreadyRated()
            return
        assert isinstance(answer, Stored)
        assert answer.vote_id not in {vote.vote_id for vote in self.votes}
        self.chains.append(link(self.chains[-1], answer.vote_id))
        self.votes.append(Known(self.highest, answer.vote_id, level))
        if case is not None:
            self.rated.add(case)

    @rule(level=st.integers(1, 5))
    def fail_to_cast(self, level: int) -> None:
        raw(self.path, "CREATE TRIGGER broken AFTER INSERT ON votes BEGIN SELECT RAISE(ABORT, 'no'); END")
        with pytest.raises(StorageBroken):
            self.outbox.cast(a_draft(level, "4" * 32), self.clock.reading())
        raw(self.path, "DROP TRIGGER broken")

    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        first = data.draw(st.integers(1, self.highest + 1))
        self.outbox.settle(first, self.highest, self.clock.reading())
        settled_now = {vote.number: vote for vote in self.outbox.votes(first, self.highest)}
        for known in self.votes:
            if known.number in settled_now:
                assert known.content in (None, settled_now[known.number]), "once settled, it stays"
                known.content = settled_now[known.number]

    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        self.stored_up_to = data.draw(st.integers(0, self.highest))
        self.outbox.confirm(self.stored_up_to, self.clock.true)

    @rule()
    def forget(self) -> None:
        self.clock.advance(timedelta(days=40).total_seconds())
        self.outbox.forget(self.clock.true)
        self.votes = [vote for vote in self.votes if vote.number > self.stored_up_to]
        self.kept_from = max(self.kept_from, self.stored_up_to + 1)

    @rule(because=st.sampled_from(ReplacedBecause))
    def renew(self, because: ReplacedBecause) -> None:
        kept = list(self.votes)
        replaced = self.outbox.renew(because)
        assert replaced == Replaced(self.stream, because, len(kept))
        self.replaced.append(replaced)
        assert self.outbox.replaced == tuple(self.replaced[:16] + self.replaced[16:][-1:])
        assert self.outbox.stream != self.stream
        self.stream = self.outbox.stream
        self.chains, self.votes, self.kept_from, self.stored_up_to = [EMPTY], [], 1, 0
        for vote in kept:
            self.chains.append(link(self.chains[-1], vote.vote_id))
            content = None if vote.content is None else msgspec.structs.replace(vote.content, number=self.highest)
            self.votes.append(Known(self.highest, vote.vote_id, vote.level, content))

    @rule()
    def replaced_is_known(self) -> None:
        self.outbox.replaced_is_known()
        self.replaced.clear()
        assert self.outbox.replaced == ()

    @rule()
    def probe(self) -> None:
        self.outbox.probe()

    @rule()
    def see(self) -> None:
        self.clock.advance(700)
        self.outbox.see(self.clock.reading())

    @rule(days=st.integers(-3650, 3650))
    def wall_jumps(self, days: int) -> None:
        self.clock.set_wall(self.clock.true + timedelta(days=days))

    @rule()
    def synchronise(self) -> None:
        self.clock.synchronise()

    @rule()
    def hear_the_server(self) -> None:
        asked_ns = self.clock.boottime_ns()
        self.clock.advance(0.25)
        reading = self.clock.reading()
        self.outbox.note_anchor(server_anchor(reading.boot_id, asked_ns, reading.boottime_ns, self.clock.true))

    @rule(switched_off=st.booleans())
    def start_again(self, switched_off: bool) -> None:
        self.outbox.close()
        if switched_off:
            self.clock.reboot(timedelta(hours=10))
        self.clock.advance(5)
        self.outbox = Outbox(self.path)
        self.outbox.begin_boot(self.clock.reading())
        self.boots += 1
        assert self.outbox.count_boot() == self.boots
        assert self.outbox.salvaged is None

    @invariant()
    def it_is_as_the_list_says(self) -> None:
        assert self.outbox.stream == self.stream
        standing = self.outbox.standing()
        assert (standing.highest, standing.stored_up_to) == (self.highest, self.stored_up_to)
        assert (standing.kept_from, standing.chain_before) == (self.kept_from, self.chains[self.kept_from - 1])
        waits = [vote for vote in self.votes if vote.number > self.stored_up_to]
        assert (standing.oldest_waiting is None) == (waits == [])
        kept = raw(self.path, "SELECT number, vote_id, json_extract(draft, '$.answers.overall') FROM votes")
        assert kept == [(vote.number, vote.vote_id, vote.level) for vote in self.votes]
        for case in ("1" * 32, "2" * 32, "3" * 32, "4" * 32):
            assert self.outbox.is_rated(case) == (case in self.rated)
        for number, chain in enumerate(self.chains):
            expected = Proof.MATCHES if number >= self.kept_from - 1 else Proof.UNKNOWN
            assert self.outbox.proof(number, chain) is expected
        assert self.outbox.proof(self.highest + 1, EMPTY) is Proof.OTHER_VOTES
        assert self.outbox.proven_time(self.clock.reading()) <= self.clock.true

    def teardown(self) -> None:
        self.outbox.close()
        self.folder.cleanup()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=20, stateful_step_count=25)
