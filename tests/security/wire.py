"""Requests byte by byte, as no HTTP library would send them, and what came back."""

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

from tests.stories.story import Story

Header = tuple[bytes, bytes]


async def connected(story: Story) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the bot."""
    parts = urlsplit(story.world.bot_url)
    return await asyncio.open_connection(parts.hostname, parts.port)


def request(path: str, headers: Iterable[Header], body: bytes, method: str = "POST") -> bytes:
    """A whole request, with whatever stands in its headers."""
    sized = [(b"Host", b"greenlight"), (b"Content-Length", str(len(body)).encode()), *headers]
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in sized)
    return f"{method} {path} HTTP/1.1\r\n".encode() + lines + b"Connection: close\r\n\r\n" + body


async def answered(story: Story, sent: bytes) -> int:
    """The status that these bytes get; 0 when the connection was closed without one."""
    reader, writer = await connected(story)
    try:
        writer.write(sent)
        await writer.drain()
        return status_of(await reader.readline())
    except ConnectionError:
        return 0
    finally:
        writer.close()


def status_of(line: bytes) -> int:
    """The status of an answer's first line."""
    words = line.split(b" ")
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
