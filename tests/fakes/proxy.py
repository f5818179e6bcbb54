"""A network that can be cut, hung, slowed and made lossy: a TCP proxy on the loopback."""

import asyncio
import random
import threading
from contextlib import suppress

# What TCP makes of a lost segment: nothing arrives until it was sent again, after 0.2 s, 0.4 s, 0.8 s …
FIRST_RETRANSMISSION = 0.2
MOST_RETRANSMISSIONS = 4
LONGEST_QUEUE = 64  # chunks under way in one direction


class Proxy:
    """Forwards connections to a port; every method but start and stop may be called from any thread."""

    def __init__(self, target: int, chance: random.Random | None = None) -> None:
        self.port = 0
        self._target = target
        self._chance = chance or random.Random(0)
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._cut = False
        self._delay = 0.0
        self._loss = 0.0
        self._ready = threading.Event()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    def start(self) -> None:
        """Listen on a free port."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Close everything."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def cut(self) -> None:
        """Reset every connection and refuse new ones."""
        self._loop.call_soon_threadsafe(self._set_cut, True)

    def hang(self) -> None:
        """Keep connections open and carry nothing."""
        self._loop.call_soon_threadsafe(self._flowing.clear)

    def delay(self, seconds: float) -> None:
        """Carry everything so much later."""
        self._delay = seconds

    def lose(self, share: float) -> None:
        """Hold a share of all chunks back for as long as TCP would take to send them again."""
        self._loss = share

    def heal(self) -> None:
        """Carry again."""
        self._delay = self._loss = 0.0
        self._loop.call_soon_threadsafe(self._flowing.set)
        self._loop.call_soon_threadsafe(self._set_cut, False)

    def lead_to(self, port: int) -> None:
        """Lead to another broker from now on; who is on the way is reset."""
        self._target = port
        self._loop.call_soon_threadsafe(self._reset)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    def _set_cut(self, cut: bool) -> None:
        self._cut = cut
        if cut:
            self._reset()

    def _reset(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        self._flowing.set()
        self._reset()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        try:
            other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, other_writer}
        self._writers |= both
        await asyncio.gather(self._carry(reader, other_writer), self._carry(other_reader, writer))
        self._writers -= both

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(LONGEST_QUEUE)
        arriving = asyncio.create_task(self._arrive(under_way, writer))
        with suppress(OSError):
            while data := await reader.read(65536):
                await under_way.put((self._loop.time() + self._lateness(), data))
        await under_way.put((0.0, b""))
        await arriving

    async def _arrive(self, under_way: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while True:
                due, data = await under_way.get()
                if not data:
                    break
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
        while not under_way.empty():  # whoever still reads must not wait for room
            under_way.get_nowait()

    def _lateness(self) -> float:
        late, pause = self._delay, FIRST_RETRANSMISSION
        for _ in range(MOST_RETRANSMISSIONS):
            if self._chance.random() >= self._loss:
                break
            late += pause
            pause *= 2
        return late
