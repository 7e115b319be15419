"""A vendor that answers what a test wrote down, byte for byte, and one that is not there at all."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

End = Literal["answer", "close", "hang"]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer; `end` other than "answer" means that it never comes."""

    status: int = 200
    body: str = "{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    end: End = "answer"

    def raw(self) -> bytes:
        """The answer as it goes over the wire."""
        body = self.body.encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} Whatever", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def fields(self) -> dict[str, object]:
        """The JSON object of the body."""
        read: dict[str, object] = json.loads(self.body)
        return read


@dataclass(slots=True)
class Vendor:
    """What was scripted and what was asked; the last answer is given again and again."""

    script: list[Said]
    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    lines: list[asyncio.StreamWriter] = field(default_factory=list)
    talks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until its client goes."""
        self.connections += 1
        self.lines.append(writer)
        if task := asyncio.current_task():
            self.talks.add(task)
        try:
            while await self._answer_one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def hang_up(self) -> None:
        """End every connection."""
        for line in self.lines:
            line.close()
        await asyncio.gather(*self.talks)

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self.heard.append(await _request(reader))
        said = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if said.end == "hang":
            await reader.read()  # until the client gives up
        if said.end != "answer":
            return False
        writer.write(said.raw())
        await writer.drain()
        return "close" not in said.headers.get("Connection", "")


@asynccontextmanager
async def vendor(*script: Said) -> AsyncIterator[Vendor]:
    """A server on a free port of the loopback that answers by the script."""
    scripted = Vendor(list(script))
    server = await asyncio.start_server(scripted.serve, "127.0.0.1", 0)
    scripted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield scripted
    finally:
        server.close()
        await scripted.hang_up()
        await server.wait_closed()


def nobody() -> str:
    """The URL of a port of the loopback on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


async def _request(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    length = int(headers.get("content-length", "0"))
    return Heard(method, path, headers, await reader.readexactly(length))
