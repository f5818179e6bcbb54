"""What is read page by page, where SQLite is not asked: the same as SQLite would tell, and never less."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.core.time_truth import server_anchor
from kiosk.outbox import Outbox, retention
from kiosk.outbox.remains import Readable
from kiosk.outbox.renewal import beside, build, finish
from kiosk.outbox.tables import open_reader
from protocol.messages import Replaced, ReplacedBecause
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.drafts import a_reading
from tests.fakes.outboxes import an_outbox, cast, raw, settled

COPIED, DAMAGED = ReplacedBecause.COPIED, ReplacedBecause.DAMAGED


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


def read(path: Path) -> Readable:
    readable = Readable()
    readable.take_file(path)
    return readable


def lived(path: Path) -> None:
    """Leave the file of a kiosk that has been through everything: two boots, two renewals, votes of every state."""
    clock = FakeClock()
    outbox = Outbox(path, owner="sia.quay-1")
    outbox.begin_boot(clock.reading())
    outbox.note_anchor(server_anchor(clock.boot_id, 0, clock.boottime_ns(), clock.true))
    for number in range(4):
        cast(outbox, case_token=f"{number:032x}", clock=clock)
    for _ in range(2):
        outbox.renew(COPIED)
    clock.reboot(off=timedelta(hours=1))
    outbox.begin_boot(clock.reading())
    for _ in range(3):
        outbox.count_boot()
    settled(outbox, clock)
    outbox.confirm(1, A_MORNING)
    outbox.forget(A_MORNING + timedelta(days=36))
    outbox.confirm(3, A_MORNING)
    for number in range(4, 7):
        cast(outbox, case_token=f"{number:032x}", clock=clock)
    outbox.settle(1, 5, clock.reading())
    outbox.close()


# --- a sound file ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("copies", "numbers"), [(True, [2, 3, 4, 5, 6, 7]), (False, [4, 5, 6, 7])])
def test_a_sound_file_reads_page_by_page_as_by_its_tables(path: Path, copies: bool, numbers: list[int]) -> None:
    lived(path)
    found = read(path).to_carry(path, copies=copies)
    database = open_reader(path)
    told = retention.remains(database, copies=copies)
    votes = list(told.votes)
    assert list(found.votes) == votes
    assert [vote.number for vote in votes] == numbers
    assert set(found.cases) == set(told.cases) == {f"{number:032x}" for number in range(7)}
    boots = list(told.boots)
    assert [(boot.ordinal, boot.floor, boot.began_ns, boot.seen_ns) for boot in found.boots] == [
        (boot.ordinal, boot.floor, boot.began_ns, boot.seen_ns) for boot in boots
    ]
    times = [[(a.boottime_ns, a.time, a.error, a.source) for a in boot.anchors] for boot in found.boots]
    assert times == [[(a.boottime_ns, a.time, a.error, a.source) for a in boot.anchors] for boot in boots]
    assert any(times)
    assert (found.stream, found.starts, found.floor) == (told.stream, told.starts, told.floor)
    assert (found.starts, found.owner) == (3, "sia.quay-1")
    assert tuple(found.replaced) == tuple(told.replaced)
    assert len(found.replaced) == 2
    assert found.owner == told.owner
    assert [name for name, _, _ in found.set_aside] == sorted(name for name, _, _ in told.set_aside)
    assert found.whole is copies
    database.conn.close()


def test_what_is_confirmed_and_not_blanked_yet_does_not_wait(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.outbox.retention.SOME", 1)
    with an_outbox(path) as outbox:
        for _ in range(5):
            cast(outbox)
        settled(outbox)
        next(outbox.confirming(3, A_MORNING))
    assert raw(path, "SELECT number FROM votes WHERE confirmed_at IS NULL") == [(2,), (3,), (4,), (5,)]
    assert [vote.number for vote in read(path).waiting()] == [4, 5]


def test_what_was_erased_does_not_come_back_out_of_an_old_page_of_the_log(path: Path) -> None:
    with an_outbox(path) as outbox:
        for _ in range(4):
            cast(outbox)
        settled(outbox)
        outbox.confirm(2, A_MORNING)
        outbox.forget(A_MORNING + timedelta(days=36))
        readable = read(path)
        readable.take_log(beside(path, "-wal").read_bytes())
    assert len(readable.votes) == 4
    assert [vote.number for vote in readable.kept()] == [3, 4]


def test_the_only_vote_of_a_log_is_read(path: Path) -> None:
    with an_outbox(path) as outbox:
        outbox.begin_boot(a_reading())
    with an_outbox(path) as outbox:
        vote_id = cast(outbox)
        readable = Readable()
        readable.take_log(beside(path, "-wal").read_bytes())
    assert set(readable.votes) == {vote_id}


def test_the_numbers_that_cannot_be_read_are_counted_and_the_file_is_not_taken_for_whole(path: Path) -> None:
    lived(path)
    lose(path, [str(raw(path, f"SELECT vote_id FROM votes WHERE number = {number}")[0][0]) for number in (2, 5)])
    readable = read(path)
    assert readable.unreadable == 1, "what the server has confirmed is not missed"
    assert [vote.number for vote in readable.waiting()] == [4, 6, 7]
    remains = readable.to_carry(path, copies=True)
    assert not remains.whole
    assert [vote.number for vote in remains.votes] == [3, 4, 6, 7]


def test_the_first_votes_are_missed_too_but_none_that_was_erased(path: Path) -> None:
    with an_outbox(path) as outbox:
        vote_ids = [cast(outbox) for _ in range(5)]
    lose(path, vote_ids[:2])
    assert read(path).unreadable == 2
    assert not read(path).to_carry(path, copies=True).whole
    with an_outbox(path) as outbox:
        assert outbox.salvaged is not None
        assert outbox.salvaged.unreadable == 2
        settled(outbox)
        outbox.confirm(2, A_MORNING)
        outbox.forget(A_MORNING + timedelta(days=36))
        outbox.confirm(0, A_MORNING)  # the server was restored
    assert read(path).unreadable == 0
    assert [vote.vote_id for vote in read(path).waiting()] == vote_ids[4:]


def test_a_file_that_is_not_there_and_one_that_tells_nothing_have_nothing_to_carry(path: Path) -> None:
    for content in (None, b"", b"?" * 10_000):
        if content is not None:
            path.write_bytes(content)
        remains = read(path).to_carry(path, copies=True)
        assert (list(remains.votes), set(remains.cases), list(remains.boots), remains.starts) == ([], set(), [], 0)
        assert not remains.whole


def lose(path: Path, vote_ids: list[str]) -> None:
    content = path.read_bytes()
    for vote_id in vote_ids:
        assert vote_id.encode() in content
        content = content.replace(vote_id.encode(), b"?" * 32)
    path.write_bytes(content)


# --- with the files set aside --------------------------------------------------------------------------


def aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*copied*"), key=lambda file: file.stat().st_ctime_ns)


def test_where_only_what_waited_was_carried_and_no_vote_is_left_the_last_ones_are_missing(path: Path) -> None:
    with an_outbox(path) as outbox:
        vote_ids = [cast(outbox) for _ in range(8)]
        settled(outbox)
        outbox.confirm(5, A_MORNING)
        build(path, lambda _: retention.remains(outbox._database, copies=False), COPIED)
    finish(path)
    lose(path, vote_ids[5:])
    readable = read(path)
    assert readable.votes == {}
    readable.take_missing([read(file) for file in aside(path)])
    assert [(vote.number, vote.vote_id) for vote in readable.waiting()] == list(enumerate(vote_ids[5:], start=1))


def test_a_file_set_aside_that_is_not_the_one_before_is_carried_from_the_first_on(path: Path) -> None:
    with an_outbox(path) as outbox:
        vote_ids = [cast(outbox) for _ in range(2)]
        outbox.renew(COPIED)
        later = [cast(outbox) for _ in range(3)]
        outbox.renew(DAMAGED)
    lose(path, [*vote_ids, *later])
    readable = read(path)
    readable.take_missing([read(file) for file in aside(path)])
    assert [(vote.number, vote.vote_id) for vote in readable.waiting()] == list(enumerate(vote_ids, start=1))


@pytest.mark.parametrize("order", [lambda files: files, lambda files: files[::-1]], ids=["older first", "newer first"])
def test_an_hour_that_one_of_the_files_has_settled_is_not_settled_anew(
    path: Path, order: Callable[[list[Path]], list[Path]]
) -> None:
    with an_outbox(path) as outbox:
        vote_ids = [cast(outbox) for _ in range(3)]
        outbox.renew(COPIED)
        hours = {vote.vote_id: vote.hour.isoformat() for vote in settled(outbox)}
        outbox.renew(COPIED)
    lose(path, vote_ids)
    readable = read(path)
    readable.take_missing([read(file) for file in order(aside(path))])
    assert {vote.vote_id: vote.hour for vote in readable.votes.values()} == hours


def test_every_stream_that_was_given_up_is_known_oldest_first(path: Path) -> None:
    with an_outbox(path) as outbox:
        streams = [outbox.stream]
        for number in range(3):
            cast(outbox)
            outbox.renew(COPIED if number else DAMAGED)
            streams.append(outbox.stream)
        expected = outbox.replaced
    remains = read(path).to_carry(path, copies=True)
    assert [each.stream for each in remains.replaced] == streams[:-1]
    assert tuple(remains.replaced) == expected
    assert remains.replaced[0] == Replaced(streams[0], DAMAGED, 1)
