"""Votes may take so much room and no more: copies go first, and before a waiting vote went nobody would be thanked."""

from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.controller import StorageBroken
from kiosk.outbox import Limits, Outbox
from kiosk.outbox.retention import erase_confirmed
from kiosk.outbox.room import ASKED_EVERY
from kiosk.outbox.tables import transaction
from protocol.messages import ReplacedBecause
from tests.fakes.clock import A_MORNING
from tests.fakes.drafts import a_draft, a_reading
from tests.fakes.outboxes import an_outbox, cast, ids, settled
from tests.fakes.small_disk import small_disk

SMALL = Limits(most_bytes=160_000)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


def cast_until_full(outbox: Outbox) -> list[str]:
    thanked: list[str] = []
    with pytest.raises(StorageBroken, match="full"):
        while len(thanked) < 5000:
            thanked.append(cast(outbox))
    return thanked


def test_no_vote_is_taken_beyond_the_bound_and_none_that_waits_is_dropped(path: Path) -> None:
    with an_outbox(path, SMALL) as outbox:
        thanked = cast_until_full(outbox)
        assert ids(outbox) == thanked
        for _ in range(3):
            with pytest.raises(StorageBroken, match="votes that wait take 0 MiB"):
                outbox.probe()
            with pytest.raises(StorageBroken):
                outbox.cast(a_draft(1, "ab" * 16), a_reading())
        assert not outbox.is_rated("ab" * 16)
        assert ids(outbox) == thanked
    assert path.stat().st_size < SMALL.most_bytes


def test_a_single_confirmed_vote_is_room_too(path: Path) -> None:
    with an_outbox(path) as outbox:
        cast(outbox)
        waiting = cast(outbox)
        settled(outbox)
        outbox.confirm(1, A_MORNING)
        with transaction(outbox._database):
            assert erase_confirmed(outbox._database)
            assert not erase_confirmed(outbox._database)
        assert ids(outbox) == [waiting]


def test_confirmed_votes_go_early_to_make_room_for_waiting_ones(path: Path) -> None:
    with an_outbox(path, SMALL) as outbox:
        first = cast_until_full(outbox)
        settled(outbox)
        outbox.confirm(len(first), A_MORNING)
        outbox.probe()
        second = cast_until_full(outbox)
        kept = ids(outbox)
        assert kept[-len(second) :] == second
        assert set(kept) - set(second) <= set(first)
        assert outbox.standing().kept_from > 1
        assert outbox.standing().waiting == len(second)
    with an_outbox(path, SMALL) as outbox:
        assert outbox.salvaged is None
    assert path.stat().st_size < SMALL.most_bytes + 50_000


def test_files_set_aside_go_before_votes_do(path: Path) -> None:
    with an_outbox(path, SMALL) as outbox:
        thanked = [cast(outbox) for _ in range(200)]
        settled(outbox)
        outbox.confirm(100, A_MORNING)
        outbox.renew(ReplacedBecause.COPIED)
        assert list(path.parent.glob("*.copied-*"))
        thanked += cast_until_full(outbox)
        assert not list(path.parent.glob("*.copied-*"))
        assert ids(outbox) == thanked


def test_some_of_the_disk_stays_free(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", kilobytes=2048) as disk:
        eighth = 2048 * 1024 // 8
        with an_outbox(disk / "outbox.sqlite") as outbox:
            filler = disk / "filler"
            filler.write_bytes(bytes(2048 * 1024 - eighth - disk_used(disk) - 20_000))
            thanked = cast_until_full(outbox)
            assert 0 < len(thanked) <= 100 + ASKED_EVERY
            assert ids(outbox)[-len(thanked) :] == thanked
            filler.unlink()
            outbox.probe()
            cast(outbox)


def test_when_the_disk_is_scarce_confirmed_votes_make_room_inside_the_file(tmp_path: Path) -> None:
    size = 8192 * 1024
    with small_disk(tmp_path / "small", kilobytes=size // 1024) as disk, an_outbox(disk / "outbox.sqlite") as outbox:
        for _ in range(600):
            cast(outbox)
        settled(outbox)
        outbox.confirm(600, A_MORNING)
        outbox._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (disk / "filler").write_bytes(bytes(size - size // 8 - disk_used(disk) + 10_000))
        thanked = [cast(outbox) for _ in range(50)]
        assert ids(outbox)[-50:] == thanked
        assert outbox.standing().kept_from > 1


def disk_used(disk: Path) -> int:
    return sum(file.stat().st_blocks * 512 for file in disk.iterdir())


def test_old_votes_make_room_by_themselves(path: Path) -> None:
    with an_outbox(path, Limits(most_bytes=160_000, retention=timedelta(days=1))) as outbox:
        thanked = cast_until_full(outbox)
        settled(outbox)
        outbox.confirm(len(thanked), A_MORNING)
        outbox.forget(A_MORNING + timedelta(days=2))
        assert outbox.standing().kept_from == len(thanked) + 1
        cast(outbox)
