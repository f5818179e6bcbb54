"""A new stream in place of an old one: nothing that waits is lost, and a kill at any moment leaves one of the two."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.controller import StorageBroken
from kiosk.core.time_truth import server_anchor
from kiosk.outbox import Outbox, Proof, retention
from kiosk.outbox.renewal import MOST_SET_ASIDE, build, finish
from protocol.chain import EMPTY, extend
from protocol.messages import MOST_REPLACED, ClockSource, Replaced, ReplacedBecause
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.drafts import a_reading
from tests.fakes.moments import moments_of
from tests.fakes.outboxes import an_outbox, cast, ids, numbers, raw, settled
from tests.fakes.small_disk import fill, small_disk

COPIED = ReplacedBecause.COPIED


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    with an_outbox(path) as opened:
        yield opened


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def fail_once(monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    """Let the next write to the disk fail, and none after it."""
    synced = os.fsync

    def fails(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", synced)
        raise error

    monkeypatch.setattr(os, "fsync", fails)


def files(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir() if not file.name.endswith(("-wal", "-shm")))


def test_every_vote_goes_on_under_its_id_and_a_new_number(outbox: Outbox, clock: FakeClock) -> None:
    for level in (1, 2, 3, 4):
        cast(outbox, level, case_token=f"{level:032x}", clock=clock)
    before, stream = settled(outbox, clock), outbox.stream
    outbox.confirm(2, A_MORNING)
    assert outbox.renew(COPIED) == Replaced(stream, COPIED, 4)
    assert outbox.stream != stream
    after = settled(outbox, clock)
    assert [vote.number for vote in after] == [1, 2, 3, 4]
    assert [(vote.vote_id, vote.hour, vote.answers, vote.case_token) for vote in after] == [
        (vote.vote_id, vote.hour, vote.answers, vote.case_token) for vote in before
    ]
    standing = outbox.standing()
    assert (standing.highest, standing.stored_up_to, standing.kept_from) == (4, 0, 1)
    assert (standing.stream, standing.replaced) == (outbox.stream, (Replaced(stream, COPIED, 4),))
    assert outbox.proof(4, extend(EMPTY, [vote.vote_id for vote in after])) is Proof.MATCHES
    assert all(outbox.is_rated(f"{level:032x}") for level in (1, 2, 3, 4))


def test_what_was_erased_stays_erased_and_what_is_confirmed_can_be_confirmed_again(
    outbox: Outbox, path: Path, clock: FakeClock
) -> None:
    for level in (1, 2, 3):
        cast(outbox, level, clock=clock)
    before = settled(outbox, clock)
    outbox.confirm(1, A_MORNING)
    outbox.forget(A_MORNING + timedelta(days=36))
    outbox.confirm(2, A_MORNING)
    known = raw(path, "SELECT floor FROM stream")
    assert outbox.renew(COPIED).carried == 2
    assert raw(path, "SELECT floor FROM stream") == known
    assert [outbox.confirmed_at(number) for number in (1, 2)] == [None, None]
    assert outbox.proof(2, extend(EMPTY, [vote.vote_id for vote in before[1:]])) is Proof.MATCHES
    assert raw(path, "SELECT wall, boottime_ns, hour IS NULL FROM votes WHERE number = 1") == [(None, None, 0)]
    outbox.confirm(2, A_MORNING)
    assert [(vote.vote_id, vote.hour) for vote in outbox.votes(1, 2)] == [
        (vote.vote_id, vote.hour) for vote in before[1:]
    ]
    assert raw(path, "SELECT wall, boottime_ns FROM votes") == [(None, None)] * 2
    outbox.forget(A_MORNING + timedelta(days=36))
    assert outbox.standing().kept_from == 3


def test_without_room_for_copies_only_what_waits_is_taken_over(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", kilobytes=8192) as disk, an_outbox(disk / "outbox.sqlite") as outbox:
        for _ in range(800):
            cast(outbox)
        settled(outbox)
        outbox.confirm(790, A_MORNING)
        waiting = [vote.vote_id for vote in outbox.votes(791, 800)]
        outbox._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        filler = fill(disk)
        filler.write_bytes(bytes(filler.stat().st_size - 150_000))
        stream = outbox.stream
        assert outbox.renew(COPIED) == Replaced(stream, COPIED, 10)
        filler.unlink()
        assert ids(outbox) == waiting


def test_what_is_known_of_the_time_and_of_the_kiosk_is_taken_over(outbox: Outbox, clock: FakeClock) -> None:
    outbox.count_boot()
    outbox.begin_boot(clock.reading())
    outbox.note_anchor(server_anchor(clock.boot_id, 0, clock.boottime_ns(), clock.true))
    cast(outbox, clock=clock)
    report = outbox.clock(clock.reading())
    outbox.renew(COPIED)
    assert outbox.count_boot() == 2
    assert outbox.clock(clock.reading()) == report
    [vote] = settled(outbox, clock)
    assert vote.latest_hour is None
    clock.reboot(off=timedelta(hours=1), wall=A_MORNING - timedelta(days=400))
    outbox.begin_boot(clock.reading())
    assert outbox.clock(clock.reading()).source is ClockSource.NONE
    assert outbox.known_time(clock.reading()) >= A_MORNING - timedelta(minutes=10)


def test_an_unsettled_vote_is_settled_in_the_new_stream_by_its_own_boot(path: Path, clock: FakeClock) -> None:
    with an_outbox(path) as outbox:
        outbox.begin_boot(clock.reading())
        outbox.note_anchor(server_anchor(clock.boot_id, clock.boottime_ns(), clock.boottime_ns(), clock.true))
        cast(outbox, clock=clock)
        clock.reboot(off=timedelta(days=3))
        outbox.begin_boot(clock.reading())
        outbox.renew(COPIED)
        [vote] = settled(outbox, clock)
        assert (vote.hour.hour, vote.latest_hour) == (A_MORNING.hour, None)


def test_the_server_is_told_until_it_knows(path: Path) -> None:
    with an_outbox(path) as outbox:
        before = outbox.replaced
        replaced = outbox.renew(COPIED)
    assert before == ()
    with an_outbox(path) as outbox:
        assert outbox.replaced == (replaced,)
        outbox.replaced_is_known()
    with an_outbox(path) as outbox:
        assert outbox.replaced == ()


def test_the_server_is_told_of_all_that_it_missed_and_of_a_bounded_number(path: Path) -> None:
    with an_outbox(path) as outbox:
        given_up = [outbox.renew(COPIED) for _ in range(2)]
        assert outbox.replaced == tuple(given_up)
        given_up += [outbox.renew(COPIED) for _ in range(MOST_REPLACED + 3)]
        assert outbox.replaced == (*given_up[:MOST_REPLACED], given_up[-1])


def test_the_old_file_is_kept_as_long_as_votes_are(outbox: Outbox, path: Path) -> None:
    vote_id = cast(outbox)
    outbox.renew(COPIED)
    [aside, _] = [*(name for name in files(path) if "copied" in name), "outbox.sqlite"]
    assert raw(path.with_name(aside), "SELECT vote_id FROM votes") == [(vote_id,)]
    outbox.forget(A_MORNING)
    outbox.forget(A_MORNING + timedelta(days=35))
    assert aside in files(path)
    outbox.forget(A_MORNING + timedelta(days=36))
    assert files(path) == ["outbox.sqlite"]
    assert raw(path, "SELECT count(*) FROM set_aside") == [(0,)]


def test_a_vote_whose_boot_cannot_be_read_is_still_known_to_be_cast_in_one(
    outbox: Outbox, path: Path, clock: FakeClock
) -> None:
    for _ in range(2):
        outbox.begin_boot(clock.reading())
        clock.reboot(off=timedelta(hours=1))
    cast(outbox, clock=clock)
    build(path, lambda copies: replace(retention.remains(outbox._database, copies=copies), boots=()), COPIED)
    finish(path)
    assert raw(path, "SELECT ordinal, boot_id, began_ns, seen_ns FROM boots") == [(3, "", 0, clock.boottime_ns())]
    with an_outbox(path) as again:
        assert again.salvaged is None


def test_the_old_file_goes_once_the_server_has_its_votes_and_nobody_else_may_read_it(
    outbox: Outbox, path: Path
) -> None:
    for _ in range(2):
        cast(outbox)
        outbox.renew(COPIED)
    asides = [path.with_name(name) for name in files(path) if "copied" in name]
    assert [file.stat().st_mode & 0o777 for file in asides] == [0o600, 0o600]
    settled(outbox)
    outbox.confirm(1, A_MORNING)
    assert all(file.exists() for file in asides)
    outbox.confirm(2, A_MORNING)
    assert files(path) == ["outbox.sqlite"]
    assert raw(path, "SELECT count(*) FROM set_aside") == [(0,)]


def test_an_old_file_of_which_not_all_was_taken_over_stays_whatever_the_server_has(
    outbox: Outbox, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote_ids = [cast(outbox), cast(outbox)]
    settled(outbox)
    outbox.confirm(1, A_MORNING)
    fail_once(monkeypatch, OSError(28, "No space left on device"))
    assert outbox.renew(COPIED).carried == 1
    outbox.confirm(1, A_MORNING)
    [aside, _] = [*(name for name in files(path) if "copied" in name), "outbox.sqlite"]
    assert raw(path.with_name(aside), "SELECT vote_id FROM votes ORDER BY number") == [(each,) for each in vote_ids]


def test_an_older_file_with_votes_of_its_own_stays_when_the_one_after_it_is_salvaged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_outbox(path) as outbox:
        outbox.begin_boot(a_reading())
        vote_ids = [cast(outbox), cast(outbox)]
        settled(outbox)
        outbox.confirm(1, A_MORNING)
        fail_once(monkeypatch, OSError(28, "No space left on device"))
        outbox.renew(COPIED)
    raw(path, "UPDATE boots SET checksum = checksum + 1")
    with an_outbox(path) as outbox:
        assert outbox.salvaged is not None
        assert ids(outbox) == vote_ids[1:]
        outbox.confirm(1, A_MORNING)
        [aside, _] = files(path)[::-1]
        assert raw(path.with_name(aside), "SELECT vote_id FROM votes ORDER BY number") == [(each,) for each in vote_ids]


def test_a_damaged_file_of_which_a_vote_could_not_be_read_stays_whatever_the_server_has(path: Path) -> None:
    with an_outbox(path) as outbox:
        lost, kept = cast(outbox), cast(outbox)
    path.write_bytes(path.read_bytes().replace(lost.encode(), b"?" * 32))
    with an_outbox(path) as outbox:
        assert ids(outbox) == [kept]
        outbox.confirm(1, A_MORNING)
        assert len([name for name in files(path) if "damaged" in name]) == 1


def test_nobody_else_may_read_the_file_of_a_new_stream(outbox: Outbox, path: Path) -> None:
    outbox.renew(COPIED)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_long_confirmation_removes_the_old_file_with_its_last_step(
    outbox: Outbox, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.outbox.retention.SOME", 1)
    for _ in range(2):
        cast(outbox)
    outbox.renew(COPIED)
    settled(outbox)
    steps = outbox.confirming(2, A_MORNING)
    next(steps)
    assert len(files(path)) == 2
    assert list(steps) == []
    assert files(path) == ["outbox.sqlite"]


def test_another_kiosks_file_goes_on_as_a_new_stream_before_anything_is_sent(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with an_outbox(path) as outbox:
        vote_id, stream = cast(outbox), outbox.stream
    for _ in range(2):
        with closing(Outbox(path, owner="halong.quay-1")) as outbox:
            assert (outbox.stream, outbox.replaced) == (stream, ()), "nobody's until now"
    with closing(Outbox(path, mend=False, owner="halong.quay-2")) as visitor:
        assert visitor.stream == stream
    for _ in range(2):
        with closing(Outbox(path, owner="halong.quay-2")) as outbox:
            assert outbox.replaced == (Replaced(stream, COPIED, 1),)
            assert ids(outbox) == [vote_id]
            assert raw(path, "SELECT name FROM owner") == [("halong.quay-2",)]
    said = "this card is a copy of kiosk halong.quay-1's, and this is kiosk halong.quay-2: a new stream is begun"
    assert [record.getMessage() for record in caplog.records].count(said) == 1


def test_another_kiosks_file_that_cannot_be_renewed_is_not_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Outbox(path, owner="halong.quay-1")) as outbox:
        stream = outbox.stream

    def broken(_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(StorageBroken, match="Input/output"):
        Outbox(path, owner="halong.quay-2")
    monkeypatch.undo()
    with closing(Outbox(path, owner="halong.quay-2")) as outbox:
        assert outbox.replaced == (Replaced(stream, COPIED, 0),)


def test_a_renewed_and_a_salvaged_file_stay_their_kiosks(path: Path) -> None:
    with closing(Outbox(path, owner="halong.quay-1")) as outbox:
        vote_id = cast(outbox)
        outbox.renew(COPIED)
        assert raw(path, "SELECT name FROM owner") == [("halong.quay-1",)]
    path.write_bytes(path.read_bytes().replace(vote_id.encode(), b"?" * 32))
    with closing(Outbox(path, owner="halong.quay-1")) as outbox:
        assert outbox.salvaged is not None
        salvaged = outbox.stream
    with closing(Outbox(path, owner="halong.quay-1")) as outbox:
        assert outbox.stream == salvaged
    with closing(Outbox(path, owner="halong.quay-2")) as outbox:
        assert outbox.stream != salvaged


def test_no_more_than_a_few_files_are_kept(outbox: Outbox, path: Path) -> None:
    for _ in range(MOST_SET_ASIDE + 2):
        cast(outbox)
        outbox.renew(COPIED)
    assert len(files(path)) == MOST_SET_ASIDE + 1
    newest = [max(raw(path.with_name(name), "SELECT number FROM votes")) for name in files(path) if "copied" in name]
    assert sorted(newest) == [(number,) for number in range(3, MOST_SET_ASIDE + 3)]
    assert numbers(outbox) == list(range(1, MOST_SET_ASIDE + 3))


def test_a_renewal_that_finds_no_room_changes_nothing(
    outbox: Outbox, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast(outbox)
    before = ids(outbox)
    stream = outbox.stream

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageBroken, match="No space"):
        outbox.renew(COPIED)
    monkeypatch.undo()
    assert (outbox.stream, ids(outbox), outbox.closed) == (stream, before, False)
    with an_outbox(path) as again:
        assert (again.stream, ids(again)) == (stream, before)
        assert files(path) == ["outbox.sqlite"]


def test_a_disk_that_fails_once_is_not_taken_for_a_full_one(
    outbox: Outbox, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast(outbox)
    stream = outbox.stream
    fail_once(monkeypatch, OSError(5, "Input/output error"))
    with pytest.raises(StorageBroken, match="Input/output"):
        outbox.renew(COPIED)
    assert outbox.stream == stream
    assert not [name for name in files(path) if "copied" in name]


def test_a_renewal_that_fails_after_the_decision_is_finished_when_the_outbox_is_opened_anew(
    outbox: Outbox, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [cast(outbox), cast(outbox)]
    stream = outbox.stream

    def broken(_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("kiosk.outbox.renewal._names", broken)
    with pytest.raises(StorageBroken, match="Input/output"):
        outbox.renew(COPIED)
    monkeypatch.undo()
    assert outbox.closed
    with pytest.raises(StorageBroken):
        outbox.standing()
    with an_outbox(path) as again:
        assert again.replaced == (Replaced(stream, COPIED, 2),)
        assert ids(again) == before


def test_a_kill_at_any_moment_of_a_renewal_leaves_the_old_stream_or_the_new_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_outbox(path) as outbox:
        kept = [cast(outbox, case_token=f"{case:032x}") for case in range(4)]
        settled(outbox)
        outbox.confirm(1, A_MORNING)
        old = outbox.stream
        moments = moments_of(path, monkeypatch, lambda: outbox.renew(COPIED))
        new = outbox.stream
    assert len(moments) > 40
    streams = []
    for moment in moments:
        with an_outbox(moment / path.name) as found:
            streams.append(found.stream)
            assert found.salvaged is None
            if found.stream == old:
                assert [vote.vote_id for vote in found.votes(1, 9)] == kept
                assert found.replaced == ()
                assert files(moment / path.name) == ["outbox.sqlite"]
            else:
                assert [vote.vote_id for vote in found.votes(1, 9)] == kept
                assert found.replaced == (Replaced(old, COPIED, 4),)
                assert len(files(moment / path.name)) == 2
            assert all(found.is_rated(f"{case:032x}") for case in range(4))
            cast(found)
    assert streams == [old] * streams.count(old) + [new] * streams.count(new), "once decided, it stays decided"
    assert old in streams
    assert new in streams


def test_a_kill_while_the_renewal_is_finished_is_finished_by_the_next_start(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_outbox(path) as outbox:
        waiting = [cast(outbox) for _ in range(3)]
        moments = moments_of(path, monkeypatch, lambda: outbox.renew(COPIED))
    decided = next(moment for moment in moments if (moment / "outbox.sqlite.new").exists())
    again = decided / path.name
    second_moments = moments_of(again, monkeypatch, lambda: Outbox(again).close())
    assert len(second_moments) > 5
    for moment in second_moments:
        with an_outbox(moment / path.name) as found:
            assert ids(found) == waiting
            assert len(files(moment / path.name)) == 2
