"""How much may come in at once. What is more is told so at once, instead of being kept until the memory is full."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

CONNECTIONS = 1024
HEADER_SECONDS = 10.0  # within which a new connection brings a whole header
# For which a connection may bring nothing after an answer: longer than proxies keep theirs.
KEPT_SECONDS = 75.0
BACKLOG = 512  # connections that the system keeps for us to accept


class Full(Exception):
    """There is no room now: nothing was done."""


class Room:
    """So many at once, and so many bytes of them."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self.inside = 0

    @contextmanager
    def taken(self, size: int = 0) -> Iterator[None]:
        """Be inside; raises Full when there is no room."""
        if self.inside >= self._most or self._bytes + size > self._most_bytes:
            raise Full
        self.inside += 1
        self._bytes += size
        try:
            yield
        finally:
            self.inside -= 1
            self._bytes -= size


class Queue:
    """A room that one waits a moment for: a burst is answered late, a flood is told that there is no room."""

    def __init__(self, most: int, patience: float) -> None:
        self._places = asyncio.Semaphore(most)
        self._patience = patience  # seconds

    async def __aenter__(self) -> None:
        """Be inside, in the order of coming; raises Full when no place became free in time."""
        if self._places.locked():
            await self._wait()
        else:
            await self._places.acquire()

    async def __aexit__(self, *_: object) -> None:
        """Make room for the next one."""
        self._places.release()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._places.acquire()
        except TimeoutError:
            raise Full from None


class Connections:
    """The open connections. One that brings no request in time is closed; when all places are taken, the oldest idle
    one makes room, so that a thousand silent sockets keep nobody out."""

    def __init__(self, most: int = CONNECTIONS, patience: float = HEADER_SECONDS) -> None:
        self._most = most
        self._patience = patience
        self._silent: dict[asyncio.BaseProtocol, asyncio.TimerHandle] = {}  # have not brought a request yet
        self._busy: set[asyncio.BaseProtocol] = set()

    def accept(self, server: web.Server) -> asyncio.BaseProtocol:
        """What serves one more connection."""
        taken = server.connections
        if len(taken) >= self._most:
            idle = next((one for one in taken if one not in self._busy), None)
            if idle is None:
                return _Turned()
            self._close(idle)
        protocol = server()
        loop = asyncio.get_running_loop()
        self._silent[protocol] = loop.call_later(self._patience, self._close, protocol)
        return protocol

    def begins(self, protocol: asyncio.BaseProtocol) -> None:
        """A request of this connection is being answered from now on."""
        self._heard(protocol)
        self._busy.add(protocol)

    def ends(self, protocol: asyncio.BaseProtocol) -> None:
        """It was answered, or will never be."""
        self._busy.discard(protocol)

    def _heard(self, protocol: asyncio.BaseProtocol) -> None:
        timer = self._silent.pop(protocol, None)
        if timer is not None:
            timer.cancel()

    def _close(self, protocol: asyncio.BaseProtocol) -> None:
        self._heard(protocol)
        if isinstance(protocol, web.RequestHandler):
            protocol.force_close()


class _Turned(asyncio.Protocol):
    """Everybody inside is being answered: whoever knocks now finds the door closed."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()


class Listener:
    """Listens for an application until it is closed."""

    def __init__(self, app: web.Application, connections: Connections) -> None:
        # The address is not logged: an access log would hold who asks, and a line per request.
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, keepalive_timeout=KEPT_SECONDS
        )
        self._connections = connections
        self._listening: asyncio.Server | None = None
        self._is_closed = False

    async def open(self, host: str, port: int) -> None:
        """Accept connections from now on."""
        await self._runner.setup()
        server = self._runner.server
        if server is None:
            raise RuntimeError("the application did not start")
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(lambda: self._accept(server), host, port, backlog=BACKLOG)

    @property
    def port(self) -> int:
        """Where it listens."""
        if self._listening is None:
            raise RuntimeError("nobody listens")
        return int(self._listening.sockets[0].getsockname()[1])

    async def close(self, seconds: float) -> None:
        """Accept nothing more; what is being answered has so many seconds."""
        self._is_closed = True
        if self._listening is not None:
            self._listening.close()
            await _have_arrived()
        if self._runner.server is not None:
            self._runner.server.pre_shutdown()
            await self._runner.server.shutdown(seconds)
        await self._runner.cleanup()

    def _accept(self, server: web.Server) -> asyncio.BaseProtocol:
        return _Turned() if self._is_closed else self._connections.accept(server)


async def _have_arrived() -> None:
    """Whoever was let in at the last moment is known to the server two turns of the loop later: left out of its
    closing they would wait for an answer until their own patience ends."""
    for _ in range(2):
        await asyncio.sleep(0)
