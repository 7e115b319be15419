"""A TCP proxy in front of every vendor that can hold the answers back: what was asked is done, nobody says so."""

import asyncio
import contextlib
from urllib.parse import urlsplit

PIECE = 65_536


class HoldingProxy:
    """Passes bytes on to the simulators; while `holds`, no answer comes back."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._there = (parts.hostname or "", parts.port or 0)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._free = asyncio.Event()
        self._free.set()

    @property
    def url(self) -> str:
        """Where the vendors seem to be."""
        if self._server is None:
            raise AssertionError("the proxy is not open")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def holds(self) -> None:
        """Let no answer through from now on."""
        self._free.clear()

    def lets_go(self) -> None:
        """Let every answer through again, also those that were held."""
        self._free.set()

    async def open(self) -> None:
        """Listen on loopback."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)

    async def close(self) -> None:
        """Cut every connection."""
        self._free.set()
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._there)
        self._open |= {writer, there_writer}
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(
                self._pass(reader, there_writer, is_answer=False),
                self._pass(there_reader, writer, is_answer=True),
            )
        self._open -= {writer, there_writer}

    async def _pass(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        while piece := await source.read(PIECE):
            if is_answer:
                await self._free.wait()
            target.write(piece)
            await target.drain()
        target.close()
