"""One poll of the database for all open pages."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar

import pytest

from sync_server.store.database import DatabaseTrouble
from sync_server.web import live
from sync_server.web.live import Changes

Result = TypeVar("Result")
PATIENCE = 20.0  # seconds; nothing here takes long unless it is broken


class Number:
    """A change number that tests set, and that counts how often it is read."""

    def __init__(self) -> None:
        self.value = 1
        self.reads = 0
        self.trouble: Exception | None = None

    def __call__(self) -> int:
        self.reads += 1
        if self.trouble is not None:
            raise self.trouble
        return self.value


def run(main: Callable[[], Awaitable[Result]]) -> Result:
    async def bounded() -> Result:
        return await asyncio.wait_for(main(), PATIENCE)

    return asyncio.run(bounded())


def fast(number: Number, keep_alive_every: float = PATIENCE, listen_at_most: float = PATIENCE) -> Changes:
    return Changes(number, poll_every=0.001, keep_alive_every=keep_alive_every, listen_at_most=listen_at_most)


def is_full(changes: Changes) -> bool:
    return changes.full


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.001)


async def rest(stream: AsyncGenerator[int | None, None]) -> list[int | None]:
    return [told async for told in stream]


def test_a_listener_is_told_what_it_has_not_seen() -> None:
    async def main() -> None:
        number = Number()
        changes = fast(number)
        async with aclosing(changes.listen(seen=0)) as stream:
            assert await anext(stream) == 1
            number.value = 2
            assert await anext(stream) == 2

    run(main)


def test_a_listener_is_not_told_what_it_has_seen() -> None:
    async def main() -> None:
        number = Number()
        changes = fast(number)
        async with aclosing(changes.listen(seen=1)) as stream:
            waiting = asyncio.ensure_future(anext(stream))
            await until(lambda: number.reads > 3)
            assert not waiting.done()
            number.value = 7
            assert await waiting == 7

    run(main)


def test_all_listeners_share_one_watcher_and_each_is_told() -> None:
    async def main() -> None:
        number = Number()
        changes = fast(number)
        streams = [changes.listen(seen=1) for _ in range(10)]
        waiting = [asyncio.ensure_future(anext(stream)) for stream in streams]
        await until(lambda: number.reads > 0)
        assert sum("Changes._watch" in str(task.get_coro()) for task in asyncio.all_tasks()) == 1
        number.value = 2
        assert await asyncio.gather(*waiting) == [2] * 10
        for stream in streams:
            await stream.aclose()

    run(main)


def test_nobody_listening_leaves_the_database_alone() -> None:
    async def main() -> None:
        number = Number()
        changes = fast(number)
        assert not changes.watching
        async with aclosing(changes.listen(seen=0)) as stream:
            await anext(stream)
            await until(lambda: changes.watching)
        await until(lambda: not changes.watching)
        assert number.reads > 0
        number.value = 5
        async with aclosing(changes.listen(seen=1)) as stream:  # and the next one starts anew
            assert await anext(stream) == 5

    run(main)


def test_a_page_left_in_mid_wait_is_forgotten() -> None:
    async def main() -> None:
        changes = fast(Number())
        leaving = asyncio.ensure_future(rest(changes.listen(seen=1)))
        await until(lambda: changes.watching)
        leaving.cancel()
        await until(lambda: not changes.watching)
        assert not changes.full

    run(main)


def test_the_end_ends_every_stream_and_lets_no_other_begin() -> None:
    async def main() -> None:
        changes = fast(Number())
        streams = [asyncio.ensure_future(rest(changes.listen(seen=1))) for _ in range(5)]
        await until(lambda: changes.watching)
        changes.end()
        assert await asyncio.gather(*streams) == [[]] * 5
        await changes.aclose()
        assert not changes.watching
        assert changes.full
        assert await rest(changes.listen(seen=0)) == []

    run(main)


def test_closing_what_was_never_listened_to_is_no_trouble() -> None:
    run(fast(Number()).aclose)


def test_listeners_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_LISTENERS", 2)

    async def main() -> None:
        changes = fast(Number())
        streams = [changes.listen(seen=0) for _ in range(3)]
        assert await anext(streams[0]) == 1
        assert not is_full(changes)
        assert await anext(streams[1]) == 1
        assert is_full(changes)
        assert await rest(streams[2]) == []
        await streams[0].aclose()
        assert not is_full(changes)
        await streams[1].aclose()

    run(main)


def test_a_quiet_stream_moves_now_and_then() -> None:
    async def main() -> None:
        async with aclosing(fast(Number(), keep_alive_every=0.01).listen(seen=1)) as stream:
            assert [await anext(stream), await anext(stream)] == [None, None]

    run(main)


def test_a_stream_ends_after_a_while_so_that_its_session_is_checked_again() -> None:
    async def main() -> None:
        changes = fast(Number(), keep_alive_every=0.01, listen_at_most=0.02)
        assert set(await rest(changes.listen(seen=1))) <= {None}

    run(main)


def test_a_database_that_fails_for_a_time_is_told_once_and_watched_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger=live.__name__)

    async def main() -> None:
        number = Number()
        number.trouble = DatabaseTrouble("the disk is away")
        async with aclosing(fast(number).listen(seen=1)) as stream:
            waiting = asyncio.ensure_future(anext(stream))
            await until(lambda: number.reads > 3)
            number.value, number.trouble = 2, None
            assert await waiting == 2

    run(main)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_a_fault_of_ours_ends_the_streams_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        number = Number()
        number.trouble = ZeroDivisionError()
        assert await rest(fast(number).listen(seen=1)) == []

    run(main)
    assert "ZeroDivisionError" in caplog.text
