"""Which sockets this process has open: what a story opened, it has to close."""

import asyncio
import os
import re
from pathlib import Path

from tests.stories.burial import is_buried

OWN = Path("/proc/self/fd")
TABLES = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))
SOON, PATIENCE, GLANCE = 1.0, 20.0, 0.01  # real seconds: for what is closed in order, for all, between looks


def open_sockets() -> frozenset[str]:
    """The kernel's names of the sockets that are open now."""
    return frozenset(name for one in OWN.iterdir() if (name := _name(one)).startswith("socket:"))


async def are_closed(before: frozenset[str]) -> None:
    """Wait until only these are open: asked of the kernel, so that a leak is this story's and not the next one's.

    A connection that is cut off while it opens asyncio leaves to the collector, which a quiet loop never wakes.
    """
    if not await _within(SOON, before):
        is_buried()
        assert await _within(PATIENCE, before), (
            f"sockets were left open: {_described(open_sockets() - before)}"
        )


async def _within(seconds: float, before: frozenset[str]) -> bool:
    deadline = asyncio.get_running_loop().time() + seconds
    while open_sockets() - before:
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(GLANCE)
    return True


def _described(names: frozenset[str]) -> str:
    """Each of these sockets as the kernel's tables show it: local and remote address and state, in hexadecimal."""
    return "; ".join(f"{name} {_row(name)}" for name in sorted(names))


def _name(descriptor: Path) -> str:
    try:
        return os.readlink(descriptor)
    except OSError:  # closed since the directory was read
        return ""


def _row(name: str) -> str:
    inode = re.sub(r"\D", "", name)
    rows = (line.split() for table in TABLES if table.exists() for line in table.read_text().splitlines()[1:])
    return next((" ".join(row[1:4]) for row in rows if row[9] == inode), "connected to nothing")
