"""No command is obeyed twice, not even across a restart."""

from pathlib import Path

import pytest

from kiosk.commands_store import MOST_REMEMBERED, CommandsStore
from protocol.messages import MOST_REPORTED, CommandAnswer, Outcome
from tests.fakes.small_disk import fill, small_disk


def done(number: int) -> CommandAnswer:
    return CommandAnswer(f"{number:032x}", Outcome.DONE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "commands.json"


def test_an_answer_is_remembered_across_a_restart(path: Path) -> None:
    store = CommandsStore(path)
    assert (store.answered, store.newest) == (set(), ())
    refused = CommandAnswer("e" * 32, Outcome.REFUSED, "there are no updates here")
    store.note(done(1))
    store.note(refused)
    for reader in (store, CommandsStore(path)):
        assert reader.answered == {done(1).command, "e" * 32}
        assert reader.newest == (done(1), refused)


def test_memory_and_file_are_bounded_and_a_status_carries_the_newest(path: Path) -> None:
    store = CommandsStore(path)
    for number in range(MOST_REMEMBERED + 20):
        store.note(done(number))
    store = CommandsStore(path)
    assert len(store.answered) == MOST_REMEMBERED
    assert store.newest == tuple(done(n) for n in range(MOST_REMEMBERED + 20 - MOST_REPORTED, MOST_REMEMBERED + 20))


@pytest.mark.parametrize("content", [b"", b"[{", b"\xff", b"[1]", b"[" + b" " * 200_000 + b"]"], ids=len)
def test_a_damaged_file_is_named_and_replaced(path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path.write_bytes(content)
    store = CommandsStore(path)
    assert store.answered == set()
    assert "the answered commands cannot be read" in caplog.text
    store.note(done(1))
    assert CommandsStore(path).newest == (done(1),)


def test_on_a_full_disk_whoever_asks_is_told_that_only_memory_has_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 128) as disk:
        store = CommandsStore(disk / "commands.json")
        store.note(done(1))
        fill(disk)
        with pytest.raises(OSError, match="No space left"):
            store.note(done(2))
        assert store.answered == {done(1).command, done(2).command}
        store.amend(CommandAnswer(done(2).command, Outcome.REFUSED, "the disk is full"))
        assert [answer.outcome for answer in store.newest] == [Outcome.DONE, Outcome.REFUSED]
        assert CommandsStore(disk / "commands.json").newest == (done(1),)
