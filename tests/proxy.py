"""A TCP proxy that spoils what passes: late, lost, swallowed, cut off. For Redis, GitHub and Slack alike."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65_536
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset, and nothing that is still unsent


@dataclass(slots=True, eq=False)
class Pair:
    """One connection through the proxy."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    asked: bytes = b""  # the newest request
    doomed: bool = False  # its next answer is lost, and the connection with it

    def reset(self) -> None:
        """Cut both ends off with a reset."""
        for writer in (self.client, self.server):
            raw = writer.get_extra_info("socket")
            with suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            writer.transport.abort()


@dataclass(slots=True)
class Proxy:
    """Stands before a server of 127.0.0.1; its faults begin when a test sets them, for open connections too."""

    target: int  # the server's port
    port: int = 0
    latency: float = 0.0  # seconds that each answer is late
    late: bytes = b""  # only answers to requests that contain these bytes are
    black_hole: bool = False  # takes everything and passes nothing on, in both directions
    asked: list[bytes] = field(default_factory=list)  # what was passed on to the server
    lost: int = 0  # answers that were dropped
    _doom: bytes | None = None
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    _pairs: set[Pair] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _listener: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen, on the same port as before when it was stopped."""
        self._flowing.set()
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse connections and cut off those that are open."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self.reset()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def reset(self) -> None:
        """Cut off every open connection with a reset (RST)."""
        for pair in tuple(self._pairs):
            pair.reset()

    def half_close(self) -> None:
        """End every answer stream (FIN) and leave the other direction open."""
        for pair in tuple(self._pairs):
            with suppress(OSError):
                pair.client.write_eof()

    def drop_reply(self, to: bytes) -> None:
        """The next request that contains these bytes reaches the server; its answer is lost in a reset."""
        self._doom = to

    def hold(self) -> None:
        """Keep answers back until `let_go`."""
        self._flowing.clear()

    def let_go(self) -> None:
        """Pass on the answers that were kept back."""
        self._flowing.set()

    async def passed(self, what: bytes, times: int = 1) -> None:
        """Return when requests with these bytes have been passed on so often, since the start."""
        async with self._moved:
            await self._moved.wait_for(lambda: sum(what in one for one in self.asked) >= times)

    async def idle(self) -> None:
        """Return when what a fault closed has arrived as closed: once around the event loop for each end."""
        for _ in range(20):
            await asyncio.sleep(0)

    async def dropped(self, times: int = 1) -> None:
        """Return when so many answers were lost."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.lost >= times)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        pair = Pair(writer, to_server)
        self._pairs.add(pair)
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(self._ask(reader, pair), self._answer(from_server, pair))
        self._pairs.discard(pair)
        for one in (writer, to_server):
            one.close()

    async def _ask(self, reader: asyncio.StreamReader, pair: Pair) -> None:
        while chunk := await reader.read(CHUNK):
            if self.black_hole:
                continue
            if self._doom is not None and self._doom in chunk:
                pair.doomed, self._doom = True, None
            pair.asked = chunk
            pair.server.write(chunk)
            await pair.server.drain()
            self.asked.append(chunk)
            await self._tell()
        with suppress(OSError):
            pair.server.write_eof()

    async def _answer(self, reader: asyncio.StreamReader, pair: Pair) -> None:
        while chunk := await reader.read(CHUNK):
            if pair.doomed:
                self.lost += 1
                pair.reset()
                await self._tell()
                return
            if self.latency and self.late in pair.asked:
                await asyncio.sleep(self.latency)
            await self._flowing.wait()
            if not self.black_hole:
                pair.client.write(chunk)
                await pair.client.drain()
        pair.client.close()

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()


@asynccontextmanager
async def proxy(target: int) -> AsyncIterator[Proxy]:
    """A proxy before this port of 127.0.0.1, as long as the block."""
    one = Proxy(target)
    await one.start()
    try:
        yield one
    finally:
        await one.stop()
