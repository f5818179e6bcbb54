"""Real damage to real files: whatever bytes are lost, every other vote goes on, and none is changed unnoticed."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.controller import StorageBroken
from kiosk.outbox import Outbox, StorageDamaged
from kiosk.outbox.pages import FRAME_HEADER_BYTES, LOG_HEADER_BYTES, PAGE_BYTES
from kiosk.outbox.records import UNKNOWN_STREAM, checksum
from kiosk.outbox.remains import Readable
from kiosk.outbox.renewal import KEPT_LOG, beside
from kiosk.outbox.salvage import find_fault
from kiosk.outbox.tables import migrations, open_file, update_stream
from protocol.messages import Replaced, ReplacedBecause, Vote
from tests.fakes.clock import A_MORNING
from tests.fakes.drafts import a_draft, a_reading
from tests.fakes.memory import MEMORY
from tests.fakes.moments import moments_of
from tests.fakes.outboxes import ALL, an_outbox, cast, ids, numbers, raw, settled
from tests.fakes.small_disk import fill, small_disk

VOTES, CONFIRMED, UNSETTLED = 90, 10, 5
LONGEST_ROW, BEFORE_THE_ID = 420, 40  # bytes, counted from where its id stands
FRAME_BYTES = FRAME_HEADER_BYTES + PAGE_BYTES
DAMAGED = ReplacedBecause.DAMAGED


def token(number: int) -> str:
    return f"{number:032x}"


class Sound(NamedTuple):
    """An outbox in the midst of its life, closed, as bytes; and with its log, as a kill leaves it."""

    stream: str
    votes: tuple[Vote, ...]  # those that wait
    copies: tuple[Vote, ...]  # those that the server has
    closed: bytes
    main: bytes
    log: bytes

    def __repr__(self) -> str:
        return "sound"  # and not all its bytes

    def untouched(self, content: bytes, first: int, last: int) -> set[str]:
        """The votes of which every byte stands outside of what was damaged."""
        survivors = set()
        for vote in (*self.copies, *self.votes):
            place = content.find(vote.vote_id.encode())
            if last < place - BEFORE_THE_ID or first > place + LONGEST_ROW:
                survivors.add(vote.vote_id)
        return survivors


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    path = tmp_path_factory.mktemp("sound") / "outbox.sqlite"
    with an_outbox(path) as outbox:
        outbox.begin_boot(a_reading(boottime_ns=0))
        outbox.count_boot()
        for number in range(1, VOTES + 1):
            cast(outbox, level=number % 5 + 1, case_token=token(number) if number % 2 else None)
        outbox.settle(1, VOTES - UNSETTLED, a_reading())
        outbox.confirm(CONFIRMED, A_MORNING)
        main, log = path.read_bytes(), path.with_name("outbox.sqlite-wal").read_bytes()
        stream = outbox.stream
    closed = path.read_bytes()
    with an_outbox(path) as outbox:
        kept = settled(outbox)
    return Sound(stream, kept[CONFIRMED:], kept[:CONFIRMED], closed, main, log)


@contextmanager
def opened(main: bytes | None, log: bytes | None = None) -> Iterator[tuple[Outbox, Path]]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder) / "outbox.sqlite"
        if main is not None:
            path.write_bytes(main)
        if log is not None:
            path.with_name("outbox.sqlite-wal").write_bytes(log)
        with an_outbox(path) as outbox:
            yield outbox, path


def check(outbox: Outbox, sound: Sound, survivors: set[str]) -> None:
    """Nothing that was readable is lost, nothing is changed, and the kiosk goes on."""
    known = {vote.vote_id: vote for vote in (*sound.copies, *sound.votes)}
    found = settled(outbox)
    assert survivors <= {vote.vote_id for vote in found}
    for vote in found:
        assert msgspec.structs.replace(vote, number=known[vote.vote_id].number) == known[vote.vote_id]
        assert vote.case_token is None or outbox.is_rated(vote.case_token)
    order = [known[vote.vote_id].number for vote in found]
    assert order == sorted(order)
    if outbox.salvaged is not None:
        assert outbox.stream != sound.stream
        [replaced] = outbox.replaced
        assert (replaced.because, replaced.carried) == (DAMAGED, outbox.salvaged.votes)
        assert replaced.stream in (sound.stream, UNKNOWN_STREAM)
        assert outbox.salvaged.votes == len(found)
        assert outbox.salvaged.unreadable <= VOTES - CONFIRMED
    highest = outbox.standing().highest
    cast(outbox)
    assert outbox.standing().highest == highest + 1


# --- the file ----------------------------------------------------------------------------------------


def test_a_sound_file_is_left_as_it_is(sound: Sound) -> None:
    for main, log in ((sound.closed, None), (sound.main, sound.log)):
        with opened(main, log) as (outbox, path):
            assert outbox.salvaged is None
            assert outbox.stream == sound.stream
            assert settled(outbox)[CONFIRMED:] == sound.votes
            assert not list(path.parent.glob("*damaged*"))


@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
@example(place=65536, bit=3)  # the kind of a page full of votes
@settings(max_examples=60, deadline=None)
def test_a_flipped_bit_anywhere_costs_one_vote_at_most(sound: Sound, place: int, bit: int) -> None:
    damaged = bytearray(sound.closed)
    place %= len(damaged)
    damaged[place] ^= 1 << bit
    with opened(bytes(damaged)) as (outbox, _):
        check(outbox, sound, sound.untouched(sound.closed, place, place))


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_bytes_lost_in_many_places_cost_the_votes_that_stood_there(sound: Sound, data: st.DataObject) -> None:
    damaged = bytearray(sound.closed)
    survivors = {vote.vote_id for vote in (*sound.copies, *sound.votes)}
    for _ in range(data.draw(st.integers(2, 12))):
        first = data.draw(st.integers(0, len(damaged) - 1))
        rubbish = data.draw(st.binary(min_size=1, max_size=64))
        damaged[first : first + len(rubbish)] = rubbish[: len(damaged) - first]
        survivors &= sound.untouched(sound.closed, first, first + len(rubbish))
    with opened(bytes(damaged)) as (outbox, _):
        check(outbox, sound, survivors)


@pytest.mark.parametrize("filler", [0x00, 0xFF])
def test_a_page_that_is_gone_costs_the_votes_on_it(sound: Sound, filler: int) -> None:
    for first in range(0, len(sound.closed), PAGE_BYTES):
        damaged = bytearray(sound.closed)
        damaged[first : first + PAGE_BYTES] = bytes([filler]) * PAGE_BYTES
        with opened(bytes(damaged)) as (outbox, _):
            check(outbox, sound, sound.untouched(sound.closed, first, first + PAGE_BYTES))


def test_a_file_cut_short_costs_the_votes_behind_the_cut(sound: Sound) -> None:
    for size in range(1, len(sound.closed), PAGE_BYTES // 2 + 511):
        with opened(sound.closed[:size]) as (outbox, _):
            check(outbox, sound, sound.untouched(sound.closed, size, len(sound.closed)))


def test_a_file_that_is_no_outbox_is_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "outbox.sqlite"
    path.write_bytes(b"something else" * 1000)
    with an_outbox(path) as outbox:
        assert outbox.salvaged is not None
        assert (outbox.salvaged.votes, outbox.salvaged.cases, outbox.salvaged.unreadable) == (0, 0, 0)
        assert outbox.replaced == (Replaced(UNKNOWN_STREAM, DAMAGED, 0),)
        cast(outbox)
        assert numbers(outbox) == [1]
        assert path.with_name(outbox.salvaged.file).read_bytes() == b"something else" * 1000
    assert "file is not a database" in caplog.text


def test_what_was_read_and_what_was_not_is_told(sound: Sound, caplog: pytest.LogCaptureFixture) -> None:
    lost = sound.votes[20].vote_id.encode()
    with opened(sound.closed.replace(lost, b"?" * len(lost))) as (outbox, _):
        salvaged = outbox.salvaged
        assert salvaged is not None
        assert (salvaged.votes, salvaged.unreadable) == (VOTES - 1, 1)
        assert salvaged.cases == VOTES // 2
    told = f"{VOTES - 1} votes and {VOTES // 2} rated cases were read, 1 votes were not"
    assert told in caplog.text
    assert not any(vote.vote_id in caplog.text for vote in sound.votes)


def test_a_vote_that_was_sent_already_keeps_its_hour(sound: Sound) -> None:
    with opened(sound.closed.replace(b"overall", b"0verall", 1)) as (outbox, _):
        assert outbox.salvaged is not None
        later = outbox.votes(1, VOTES - 1 - UNSETTLED)
        assert {vote.hour for vote in later} == {sound.votes[0].hour}


def test_damage_twice_in_a_row_names_every_stream_that_the_server_may_know(sound: Sound) -> None:
    lost = sound.votes[20].vote_id.encode()
    with opened(sound.closed.replace(lost, b"?" * len(lost))) as (outbox, path):
        between = outbox.stream
        outbox.close()
        content = path.read_bytes()
        path.write_bytes(content.replace(sound.votes[30].vote_id.encode(), b"!" * 32))
        with an_outbox(path) as again:
            first = Replaced(sound.stream, DAMAGED, VOTES - 1)
            assert again.replaced == (first, Replaced(between, DAMAGED, VOTES - 1)), "the 30th is in the first file"
            again.close()
            content = path.read_bytes()
            path.write_bytes(content.replace(sound.votes[40].vote_id.encode(), b"!" * 32))
        with an_outbox(path) as third:
            assert [each.stream for each in third.replaced[:2]] == [sound.stream, between]
            assert third.replaced[:1] == (first,)
            assert len(third.replaced) == 3
            assert len(list(path.parent.glob("*damaged*"))) == 3


def test_rows_that_contradict_each_other_are_damage(sound: Sound) -> None:
    changes = (
        "DELETE FROM votes WHERE number = 50",
        "DELETE FROM stream",
        f"DELETE FROM rated_cases WHERE case_token = '{token(51)}'",
        "UPDATE stream SET stored_up_to = 1000",
        "UPDATE boots SET floor = '2036-01-01T00:00:00+00:00'",
        "UPDATE votes SET number = 1000 WHERE number = 90",
        "DROP TABLE boots",
    )
    for change in changes:
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            path = Path(folder) / "outbox.sqlite"
            path.write_bytes(sound.closed)
            raw(path, change)
            assert find_fault(path)
            with an_outbox(path) as outbox:
                assert outbox.salvaged is not None
                cast(outbox)


def test_more_votes_confirmed_than_written_is_damage(sound: Sound) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder) / "outbox.sqlite"
        path.write_bytes(sound.closed)
        database = open_file(path)
        update_stream(database, stored_up_to=1000)
        database.conn.commit()
        database.conn.close()
        assert "more votes are confirmed" in find_fault(path)


# --- the log -----------------------------------------------------------------------------------------


def in_the_log(sound: Sound, first: int, last: int) -> set[str]:
    """Votes of which one whole copy stands in the log, or the file, outside of what was damaged."""
    starts = range(LOG_HEADER_BYTES, len(sound.log), FRAME_BYTES)
    whole = [sound.log[at : at + FRAME_BYTES] for at in starts if first >= at + FRAME_BYTES or last <= at]
    return {vote.vote_id for vote in sound.votes if any(vote.vote_id.encode() in frame for frame in whole)}


@given(place=st.integers(0, 10**7))
@example(place=17)  # in the head of the log
@settings(max_examples=25, deadline=None)
def test_a_flipped_bit_in_the_log_costs_nothing_that_stands_elsewhere_in_it(sound: Sound, place: int) -> None:
    place %= len(sound.log)
    damaged = bytearray(sound.log)
    damaged[place] ^= 4
    with opened(sound.main, bytes(damaged)) as (outbox, _):
        survivors = in_the_log(sound, place, place + 1)
        assert survivors <= set(ids(outbox))
        assert numbers(outbox) == list(range(1, outbox.standing().highest + 1))


def test_a_log_cut_short_keeps_every_vote_before_the_cut(sound: Sound) -> None:
    for size in range(0, len(sound.log), 7 * FRAME_BYTES + 1234):
        with opened(sound.main, sound.log[:size]) as (outbox, _):
            survivors = in_the_log(sound, size, len(sound.log))
            assert survivors <= set(ids(outbox))
            cast(outbox)


def a_kiosk_killed(path: Path, *, votes: int = 20) -> list[str]:
    """Leave an outbox as a kill does, all of its votes in the log; return their ids."""
    alive = path.parent / "alive" / path.name
    with an_outbox(alive) as outbox:
        cast_ids = [cast(outbox, case_token=token(number)) for number in range(votes)]
        shutil.copy(alive, path)
        shutil.copy(beside(alive, "-wal"), beside(path, "-wal"))
    shutil.rmtree(alive.parent)
    return cast_ids


def break_a_page_of_the_log(path: Path, vote_id: str) -> None:
    """Flip a bit where the vote was first written; its pages behind are whole."""
    log = bytearray(beside(path, "-wal").read_bytes())
    log[log.find(vote_id.encode())] ^= 1
    beside(path, "-wal").write_bytes(log)


@pytest.fixture
def in_memory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.mark.parametrize("main_is_damaged_too", [False, True])
def test_a_start_that_is_killed_at_any_moment_loses_nothing_behind_a_broken_page_of_the_log(
    in_memory: Path, monkeypatch: pytest.MonkeyPatch, main_is_damaged_too: bool
) -> None:
    path = in_memory / "state" / "outbox.sqlite"
    path.parent.mkdir()
    vote_ids = a_kiosk_killed(path)
    break_a_page_of_the_log(path, vote_ids[9])
    if main_is_damaged_too:
        path.write_bytes(path.read_bytes().replace(b"chains_and_boots", b"chains_and_b00ts"))
    moments = moments_of(path, monkeypatch, lambda: Outbox(path).close())
    kept = [moment for moment in moments if beside(moment / path.name, KEPT_LOG).exists()]
    assert kept
    twice = shutil.copytree(kept[-1], in_memory / "killed twice" / "state") / path.name
    moments += moments_of(twice, monkeypatch, lambda: Outbox(twice).close())
    for moment in moments:
        again = moment / path.name
        with an_outbox(again) as outbox:
            assert sorted(ids(outbox)) == sorted(vote_ids)
            assert all(outbox.is_rated(token(number)) for number in range(20))
            assert numbers(outbox) == list(range(1, 21))
            assert not beside(again, KEPT_LOG).exists()


def test_the_kept_log_is_nobody_elses_to_read_and_goes_with_the_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state" / "outbox.sqlite"
    path.parent.mkdir()
    vote_ids = a_kiosk_killed(path)
    break_a_page_of_the_log(path, vote_ids[9])
    broken = beside(path, "-wal").read_bytes()
    moments = moments_of(path, monkeypatch, lambda: Outbox(path).close())
    kept = next(
        beside(moment / path.name, KEPT_LOG) for moment in moments if (moment / f"{path.name}{KEPT_LOG}").exists()
    )
    assert kept.read_bytes() == broken
    assert kept.stat().st_mode & 0o777 == 0o600
    main = kept.with_name(path.name)
    main.write_bytes(b"something else" * 1000)
    with an_outbox(main) as outbox:
        assert outbox.salvaged is not None
        assert sorted(ids(outbox)) == sorted(vote_ids)
        assert main.with_name(outbox.salvaged.file + KEPT_LOG).read_bytes() == broken
        assert not kept.exists()
        outbox.confirm(20, A_MORNING)
        outbox.forget(A_MORNING)
        outbox.forget(A_MORNING + timedelta(days=36))
    assert [file.name for file in main.parent.iterdir()] == [path.name]


def test_a_start_after_an_ordinary_kill_copies_no_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state" / "outbox.sqlite"
    path.parent.mkdir()
    vote_ids = a_kiosk_killed(path)
    moments = moments_of(path, monkeypatch, lambda: Outbox(path).close())
    assert moments
    assert not any(beside(moment / path.name, KEPT_LOG).exists() for moment in moments)
    with an_outbox(path) as outbox:
        assert ids(outbox) == vote_ids


def test_an_empty_file_with_its_log_is_not_taken_for_a_new_one(sound: Sound) -> None:
    for main in (b"", None):
        with opened(main, sound.log) as (outbox, path):
            check(outbox, sound, {vote.vote_id for vote in sound.votes})
            assert outbox.salvaged is not None
            [log] = path.parent.glob("*damaged*-wal")
            assert log.read_bytes() == sound.log


def test_a_log_without_a_file_that_it_belongs_to_is_read_all_the_same(sound: Sound) -> None:
    with opened(b"something else" * 1000, sound.log) as (outbox, _):
        check(outbox, sound, {vote.vote_id for vote in sound.votes})
    with opened(b"something else" * 1000, b"and more" * 1000) as (outbox, _):
        check(outbox, sound, set())


# --- the files set aside -------------------------------------------------------------------------------


def unreadable(content: bytes, vote_ids: list[str]) -> bytes:
    for vote_id in vote_ids:
        assert vote_id.encode() in content
        content = content.replace(vote_id.encode(), b"?" * 32)
    return content


@pytest.mark.parametrize("lost", [[0], [7], [3, 4, 8], [9], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]], ids=str)
@pytest.mark.parametrize("told", [False, True])
def test_a_vote_that_cannot_be_read_is_taken_from_the_file_set_aside(
    tmp_path: Path, lost: list[int], told: bool
) -> None:
    path = tmp_path / "outbox.sqlite"
    with an_outbox(path) as outbox:
        vote_ids = [cast(outbox, case_token=token(number)) for number in range(8)]
        outbox.settle(1, 4, a_reading())
        outbox.renew(ReplacedBecause.COPIED)
        vote_ids += [cast(outbox) for _ in range(2)]  # in no other file
        hours = {vote.vote_id: vote.hour for vote in settled(outbox)}
        if told:
            outbox.replaced_is_known()
    path.write_bytes(unreadable(path.read_bytes(), [vote_ids[at] for at in lost]))
    readable = [vote_id for at, vote_id in enumerate(vote_ids) if at < 8 or at not in lost]
    with an_outbox(path) as outbox:
        assert outbox.salvaged is not None
        assert ids(outbox) == readable
        assert {vote.vote_id: vote.hour for vote in settled(outbox)} == {each: hours[each] for each in readable}
        assert all(outbox.is_rated(token(number)) for number in range(8))
        assert outbox.salvaged.unreadable == sum(at == 8 for at in lost if len(lost) < 10)


def test_what_the_server_has_confirmed_does_not_come_back_from_a_file_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with an_outbox(path) as outbox:
        vote_ids = [cast(outbox) for _ in range(6)]
        outbox.renew(ReplacedBecause.COPIED)
        settled(outbox)
        outbox.confirm(2, A_MORNING)
        outbox.forget(A_MORNING + timedelta(days=36))
        outbox.confirm(4, A_MORNING + timedelta(days=36))
        assert list(tmp_path.glob("*copied*")), "looked at for the first time only now"
    path.write_bytes(unreadable(path.read_bytes(), [vote_ids[3], vote_ids[4]]))
    with an_outbox(path) as outbox:
        assert ids(outbox) == [vote_ids[2], vote_ids[4], vote_ids[5]]


def test_a_file_that_tells_nothing_any_more_takes_all_that_was_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with an_outbox(path) as outbox:
        vote_ids = [cast(outbox) for _ in range(3)]
        for _ in range(2):
            outbox.renew(ReplacedBecause.COPIED)
            vote_ids.append(cast(outbox))
    path.write_bytes(b"something else" * 1000)
    with an_outbox(path) as outbox:
        assert ids(outbox) == vote_ids[:-1]


# --- the disk, and not the content ---------------------------------------------------------------------


def test_a_disk_that_is_full_is_no_damage(sound: Sound, tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", kilobytes=len(sound.closed) // 1024 + 60) as disk:
        path = disk / "outbox.sqlite"
        lost = sound.votes[20].vote_id.encode()
        damaged = sound.closed.replace(lost, b"?" * len(lost))
        path.write_bytes(damaged)
        filler = fill(disk)
        for _ in range(2):
            with pytest.raises(StorageBroken):
                Outbox(path)
            assert not list(disk.glob("*damaged*"))
        filler.unlink()
        shutil.copy(path, tmp_path / "outbox.sqlite")
    with an_outbox(tmp_path / "outbox.sqlite") as outbox:
        check(outbox, sound, {vote.vote_id for vote in sound.votes} - {lost.decode()})


def test_a_file_that_somebody_else_writes_to_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "outbox.sqlite"
    with an_outbox(path) as outbox:
        cast(outbox)
    monkeypatch.setattr("kiosk.outbox.tables.BUSY_SECONDS", 0.0)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageBroken, match="locked"):
        Outbox(path)
    other.close()
    with an_outbox(path) as outbox:
        assert outbox.salvaged is None


def test_damage_that_shows_while_the_outbox_is_open_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with an_outbox(path) as outbox:
        cast(outbox)
        settled(outbox)
        raw(path, "UPDATE votes SET draft = replace(draft, '5', '1')")
        with pytest.raises(StorageDamaged, match="not as it was written"):
            outbox.votes(1, ALL)
        outbox._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with path.open("r+b") as file:
            file.seek(PAGE_BYTES)
            file.write(b"\xff" * (path.stat().st_size - PAGE_BYTES))
        outbox._database.execute("PRAGMA cache_size=0")
        with pytest.raises(StorageDamaged):
            outbox.cast(a_draft(), a_reading())


# --- files of the first release ------------------------------------------------------------------------


@pytest.fixture
def of_the_first_release(tmp_path: Path) -> tuple[Path, tuple[Vote, ...]]:
    """A file with three votes, two of them confirmed, as version 0.1 left it."""
    path = tmp_path / "outbox.sqlite"
    database = open_file(path)
    migrations().apply(database, stop_before="chains_and_boots")
    votes = tuple(
        Vote(f"{number:032x}", number, A_MORNING.replace(minute=0, second=0, microsecond=0), 1, {"overall": number})
        for number in (1, 2, 3)
    )
    for vote in votes:
        text = msgspec.json.encode(vote).decode()
        columns = {"number": vote.number, "vote_id": vote.vote_id, "vote": text, "boot_id": "b", "boottime_ns": 5}
        database.table("votes").insert(columns)
        database.execute("INSERT INTO rated_cases VALUES (?)", [token(vote.number)])
    database.execute("UPDATE stream SET stored_up_to = 2, boots = 7, stream = ?", ["ab" * 16])
    database.conn.commit()
    database.conn.close()
    return path, votes


def test_a_file_of_the_first_release_goes_on_with_its_stream(
    of_the_first_release: tuple[Path, tuple[Vote, ...]],
) -> None:
    path, votes = of_the_first_release
    with an_outbox(path) as outbox:
        assert outbox.salvaged is None
        assert outbox.stream == "ab" * 16
        assert outbox.votes(1, 9) == votes
        assert (outbox.standing().highest, outbox.standing().stored_up_to) == (3, 2)
        assert outbox.is_rated(token(1))
        assert outbox.count_boot() == 8
        cast(outbox)
        assert numbers(outbox) == [1, 2, 3, 4]
    with an_outbox(path) as outbox:
        assert outbox.salvaged is None


def test_a_file_of_the_first_release_reads_page_by_page_as_it_was_written(
    of_the_first_release: tuple[Path, tuple[Vote, ...]],
) -> None:
    path, votes = of_the_first_release
    readable = Readable()
    readable.take_file(path)
    remains = readable.to_carry(path, copies=False)
    assert [row.vote() for row in remains.votes] == [votes[2]]
    assert [row.vote() for row in readable.kept()] == list(votes)
    assert (remains.stream, remains.starts, readable.unreadable) == ("ab" * 16, 7, 0)
    assert set(remains.cases) == {token(vote.number) for vote in votes}


def test_an_emptied_file_of_the_first_release_does_not_begin_at_one(
    of_the_first_release: tuple[Path, tuple[Vote, ...]],
) -> None:
    path, _ = of_the_first_release
    raw(path, "DELETE FROM votes")
    with an_outbox(path) as outbox:
        cast(outbox)
        assert numbers(outbox) == [4]


def test_a_damaged_file_of_the_first_release_is_salvaged_too(
    of_the_first_release: tuple[Path, tuple[Vote, ...]],
) -> None:
    path, votes = of_the_first_release
    content = path.read_bytes().replace(votes[0].vote_id.encode(), b"?" * 32, 1)
    path.write_bytes(content.replace(b'"overall":3', b'"over\xffll":3')[: len(content)])
    damaged = bytearray(path.read_bytes())
    damaged[100] = 0xEE
    path.write_bytes(bytes(damaged))
    with an_outbox(path) as outbox:
        assert outbox.salvaged is not None
        assert [each.stream for each in outbox.replaced] == ["ab" * 16]
        assert outbox.is_rated(token(3))


def test_what_is_of_no_table_of_ours_is_left(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE things (a, b, checksum)")
        database.execute("INSERT INTO things VALUES (1, 2, ?)", [checksum(1, 2)])
        database.execute("INSERT INTO things VALUES ('a', 'b', 'c')")
    readable = Readable()
    readable.take_file(path)
    assert (readable.votes, readable.cases, readable.unreadable) == ({}, set(), 0)


@pytest.mark.parametrize(
    ("written", "read"), [(b"applied_at", b"applied_it"), (b"chains_and_boots", b"chains_and_boot\xff")]
)
def test_tables_that_read_strangely_are_damage(sound: Sound, written: bytes, read: bytes) -> None:
    with opened(sound.closed.replace(written, read)) as (outbox, _):
        assert outbox.salvaged is not None
        check(outbox, sound, {vote.vote_id for vote in sound.votes})
