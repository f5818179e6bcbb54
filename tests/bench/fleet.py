"""Many simulated kiosks in one process: the real sending rules, messages made beforehand, one connection each.

`python -m tests.bench.fleet PLAN` reads a JSON plan, connects everybody, writes `ready`, waits for a line on its
standard input, and then writes one JSON object: what was drained in how many seconds, and how long live votes took.
"""

import asyncio
import json
import random
import secrets
import struct
import sys
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from kiosk.core.sending import WINDOW_MESSAGES, Send, Sender, SendHello
from protocol.chain import EMPTY
from protocol.codec import decode, encode
from protocol.messages import Hello, Receipt, Vote, VoteBatch, whole_hour
from protocol.topics import Address, Channel, topic
from tests.fakes.raw_mqtt import CONNACK, PINGREQ, PUBACK, PUBLISH, SUBACK, connect, packet, publish, text

LOOK_SECONDS = 0.002
PING_SECONDS = 20.0  # of a keepalive of 60


@dataclass(frozen=True)
class Plan:
    """Who connects where, and what they bring."""

    port: int
    site: str
    passwords: dict[str, str]  # kiosk → password
    votes: int  # that wait at each kiosk
    per_message: int
    live: int = 0  # of the kiosks, so many have no backlog and cast a vote every *live_seconds*
    live_seconds: float = 1.0
    live_for: float = 0.0  # seconds at least
    blast: bool = False  # wait for the broker's PUBACK only, as if nobody gave receipts


class Kiosk:
    """One kiosk: a backlog whose messages are made beforehand, or votes that are cast while it runs."""

    def __init__(self, address: Address, votes: int, per_message: int) -> None:
        self.address = address
        self.highest = votes
        self.delays: list[float] = []
        self.news = asyncio.Event()
        self.ready = asyncio.Event()
        self.stream = secrets.token_hex(16)
        self.sender = Sender(0, random.Random(self.stream), per_message)
        self._live: dict[int, Vote] = {}
        self._cast_at: dict[int, float] = {}
        self._backlog = {
            first: encode(VoteBatch(self.stream, _votes(first, min(first + per_message - 1, votes))))
            for first in range(1, votes + 1, per_message)
        }

    def cast(self) -> None:
        """A citizen votes now."""
        self.highest += 1
        [self._live[self.highest]] = _votes(self.highest, self.highest)
        self._cast_at[self.highest] = perf_counter()
        self.news.set()

    @property
    def drained(self) -> bool:
        return self.sender.stored_up_to >= self.highest

    async def run(self, port: int, password: str, go: asyncio.Event, *, blast: bool) -> None:
        """Connect, wait for the start, and send until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        user = f"{self.address.site}.{self.address.kiosk}"
        writer.write(connect(user, user, password, keepalive=60))
        kind, body = await _packet(reader)
        assert (kind, body[1]) == (CONNACK, 0)
        writer.write(packet(0x82, struct.pack("!H", 1) + text(topic(self.address, Channel.RECEIPT)) + b"\0"))
        kind, _ = await _packet(reader)
        assert kind == SUBACK
        self.ready.set()
        await go.wait()
        if blast:
            await self.blast(reader, writer)
        hears = asyncio.create_task(self._hear(reader))
        try:
            self.sender.connected(perf_counter())
            next_ping = perf_counter() + PING_SECONDS
            while not hears.done():
                self.news.clear()  # before the looking: what comes meanwhile is worth another look
                self._send(writer)
                if perf_counter() >= next_ping:
                    next_ping = perf_counter() + PING_SECONDS
                    writer.write(PINGREQ)
                await writer.drain()
                look = self.sender.next_look(perf_counter())
                longest = PING_SECONDS if look is None else min(look + LOOK_SECONDS, PING_SECONDS)
                # Not wait_for: in Python 3.11 it may swallow the cancelling that ends a run.
                with suppress(TimeoutError):
                    async with asyncio.timeout(longest):
                        await self.news.wait()
            await hears
        finally:
            hears.cancel()
            writer.transport.abort()

    def _send(self, writer: asyncio.StreamWriter) -> None:
        for message in self.sender.due(self.highest, perf_counter()):
            match message:
                case SendHello():
                    hello = Hello(self.stream, self.highest, 1, EMPTY, 1, secrets.token_hex(8), "bench")
                    writer.write(publish(topic(self.address, Channel.HELLO), encode(hello)))
                case Send(first, last):
                    payload = self._backlog.get(first) or self._live_batch(first, last)
                    writer.write(publish(topic(self.address, Channel.VOTES), payload, mid=first % 65535 + 1))

    def _live_batch(self, first: int, last: int) -> bytes:
        return encode(VoteBatch(self.stream, tuple(self._live[number] for number in range(first, last + 1))))

    async def blast(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Publish the backlog, a window of messages at a time, until the broker has it all."""
        unsent, unanswered = deque(self._backlog.items()), 0
        while unsent or unanswered:
            while unsent and unanswered < WINDOW_MESSAGES:
                first, payload = unsent.popleft()
                writer.write(publish(topic(self.address, Channel.VOTES), payload, mid=first % 65535 + 1))
                unanswered += 1
            await writer.drain()
            kind, _ = await _packet(reader)
            unanswered -= kind == PUBACK
        self.sender.stored_up_to = self.highest
        await asyncio.Event().wait()

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while True:
            kind, body = await _packet(reader)
            if kind & 0xF0 != PUBLISH:
                continue
            length = struct.unpack("!H", body[:2])[0]
            receipt = decode(body[2 + length :], Receipt)
            now = perf_counter()
            for number in [number for number in self._cast_at if number <= receipt.stored_up_to]:
                self.delays.append(now - self._cast_at.pop(number))
            self.sender.received(receipt.stored_up_to, now, pace=receipt.pace, answer=receipt.answers is not None)
            self.news.set()


def _votes(first: int, last: int) -> tuple[Vote, ...]:
    hour = whole_hour(datetime.now(UTC))
    return tuple(
        Vote(secrets.token_hex(16), number, hour, 1, {"overall": 5}, 1, secrets.token_hex(16))
        for number in range(first, last + 1)
    )


async def _packet(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readexactly(1))[0]
    length = shift = 0
    while True:
        digit = (await reader.readexactly(1))[0]
        length |= (digit & 0x7F) << shift
        shift += 7
        if not digit & 0x80:
            return head, await reader.readexactly(length)


async def _run(plan: Plan) -> dict[str, object]:
    kiosks = [
        Kiosk(Address(plan.site, name), 0 if place < plan.live else plan.votes, plan.per_message)
        for place, name in enumerate(plan.passwords)
    ]
    go = asyncio.Event()
    tasks = [
        asyncio.create_task(kiosk.run(plan.port, plan.passwords[kiosk.address.kiosk], go, blast=plan.blast))
        for kiosk in kiosks
    ]
    for kiosk, task in zip(kiosks, tasks, strict=True):
        waits = asyncio.create_task(kiosk.ready.wait())
        await asyncio.wait({waits, task}, return_when=asyncio.FIRST_COMPLETED)
        waits.cancel()
        _check(task)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    began = perf_counter()
    go.set()
    ended = await _drain(kiosks, plan, tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    live = [delay for kiosk in kiosks[: plan.live] for delay in kiosk.delays]
    return {"seconds": ended - began, "votes": plan.votes * (len(kiosks) - plan.live), "live_delays": live}


def _check(task: asyncio.Task[None]) -> None:
    if task.done():
        task.result()


async def _drain(kiosks: Sequence[Kiosk], plan: Plan, tasks: Sequence[asyncio.Task[None]]) -> float:
    next_cast = perf_counter()
    until = next_cast + plan.live_for
    while perf_counter() < until or not all(kiosk.drained for kiosk in kiosks[plan.live :]):
        for task in tasks:
            _check(task)
        if perf_counter() >= next_cast:
            next_cast += plan.live_seconds
            for kiosk in kiosks[: plan.live]:
                kiosk.cast()
        await asyncio.sleep(LOOK_SECONDS)
    return perf_counter()


def main() -> int:
    """Read the plan named on the command line and carry it out."""
    plan = Plan(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    print(json.dumps(asyncio.run(_run(plan))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
