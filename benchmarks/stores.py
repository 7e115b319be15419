"""The two stores that everything is measured on: a file, and a Redis that keeps what it says it keeps."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine
from benchmarks.opened import file_url
from benchmarks.processes import DidNotStart, end, free_port
from bot.store.redis_create import create

SERVER = "redis-server"
GLANCE = 0.02
READY = 10.0


@dataclass(frozen=True, slots=True)
class Redis:
    """A Redis of our own, with an append-only file that is flushed before every answer."""

    port: int
    pid: int

    def url(self, name: str) -> str:
        """The address of a store of this name in it."""
        return f"redis://127.0.0.1:{self.port}/0?name={name}"


def has_redis() -> bool:
    """Whether there is a Redis to start."""
    return shutil.which(SERVER) is not None


@asynccontextmanager
async def redis(directory: Path) -> AsyncIterator[Redis]:
    """A Redis in a directory of its own, on the core of the load: it is another machine in life."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        SERVER,
        *("--port", str(port), "--bind", "127.0.0.1", "--dir", str(directory), "--save", ""),
        *("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction"),
        stdout=asyncio.subprocess.DEVNULL,
        preexec_fn=lambda: machine.pin(machine.load_core()),
    )
    try:
        await _until_it_listens(process, port)
        yield Redis(port, process.pid)
    finally:
        await end(process)


async def _until_it_listens(process: asyncio.subprocess.Process, port: int) -> None:
    try:
        async with asyncio.timeout(READY):
            while not await _listens(port):
                if process.returncode is not None:
                    raise DidNotStart(f"{SERVER} ended with {process.returncode}")
                await asyncio.sleep(GLANCE)
    except TimeoutError:
        raise DidNotStart(f"{SERVER} does not listen") from None


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@dataclass(frozen=True, slots=True)
class Place:
    """Where stores are kept: files in a directory, or a Redis."""

    name: str
    directory: Path
    redis: Redis | None = None

    async def new(self, name: str) -> str:
        """The address of a new, empty store."""
        if self.redis is None:
            return file_url(self.directory / f"{name}.db")
        url = self.redis.url(name)
        await create(url)
        return url


@asynccontextmanager
async def places(directory: Path) -> AsyncIterator[tuple[Place, ...]]:
    """Every place that this machine has."""
    file = Place("SQLite", directory)
    if not has_redis():
        yield (file,)
        return
    async with redis(directory) as server:
        yield file, Place("Redis", directory, server)
