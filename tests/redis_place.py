"""The real redis-server for tests, as a child on a free port of the loopback. It never outlives the test run.

Where none is installed, whatever starts one is skipped aloud; with CI=true it runs, and fails, instead.
"""

import asyncio
import ctypes
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import BusyLoadingError, ConnectionError, ResponseError

from bot.playground.child import free_port as free_port
from bot.store.redis_create import create

REDIS = "redis-server"
PR_SET_PDEATHSIG = 1  # linux/prctl.h
PATIENCE = 15.0  # seconds until a server answers
LASTING = ("--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction")
AT_ONCE = ("--save", "", "--repl-diskless-sync-delay", "0")
LIBC = ctypes.CDLL(None)


class RedisServer:
    """One redis-server with its own directory: what it acknowledged is there again after `kill` and `start`."""

    def __init__(self, directory: Path, *options: str, port: int | None = None, sentinel: str = "") -> None:
        self.port = port or free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.directory = directory
        self.options = (*LASTING, *options)  # the last one of a name counts
        self.sentinel = sentinel  # what stands in its file, when it is a sentinel
        self.tls: dict[str, Any] = {}  # what the test's own client needs to reach it
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start, and wait until it answers."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self._launch()
        async with asyncio.timeout(PATIENCE):
            while not await self._answers():  # noqa: ASYNC110  (another process rings no event)
                await asyncio.sleep(0.01)

    def kill(self) -> None:
        """kill -9."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            self._process = None

    async def restart(self) -> None:
        """kill -9 and start again on the same files."""
        self.kill()
        await self.start()

    def freeze(self) -> None:
        """SIGSTOP: connections stay, and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    async def ask(self, *command: str | int) -> Any:
        """The bare answer to one command, by a client of the test's own."""
        async with self.client() as client:
            client.response_callbacks.clear()
            return await client.execute_command(*command)

    async def comes(self, *command: str | int, what: str) -> None:
        """Return when the answer to a command says this."""
        async with asyncio.timeout(PATIENCE):
            while what not in await self._said(*command):  # noqa: ASYNC110  (another process rings no event)
                await asyncio.sleep(0.02)

    def client(self) -> "Redis":
        """A client of the test's own; close it."""
        return Redis(host="127.0.0.1", port=self.port, decode_responses=True, protocol=2, **self.tls)

    async def created(self, parameters: str = "") -> str:
        """The URL of a new empty store; all that was kept there before is gone."""
        await self.ask("FLUSHALL")
        url = self.url + parameters
        await create(url)
        return url

    def _command(self) -> Sequence[str]:
        place = ("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.directory))
        if not self.sentinel:
            return (REDIS, *place, *AT_ONCE, *self.options)
        file = self.directory / "sentinel.conf"
        file.write_text(self.sentinel)
        return (REDIS, str(file), "--sentinel", *place)

    def _launch(self) -> None:
        if shutil.which(REDIS) is None and os.environ.get("CI") != "true":
            pytest.skip(f"{REDIS} is not installed")
        self._process = subprocess.Popen(
            self._command(), stdout=subprocess.DEVNULL, preexec_fn=_die_with_parent
        )

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, number)

    async def _said(self, *command: str | int) -> str:
        try:
            return str(await self.ask(*command))
        except ResponseError as error:
            return str(error)

    async def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"{REDIS} ended with {self._process.returncode}"
        with suppress(ConnectionError, BusyLoadingError):
            return bool(await self.ask("PING"))
        return False


@asynccontextmanager
async def redis(
    directory: Path, *options: str, port: int | None = None, sentinel: str = ""
) -> AsyncIterator[RedisServer]:
    """A redis-server that runs as long as the block."""
    server = RedisServer(directory, *options, port=port, sentinel=sentinel)
    try:
        await server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def redis_of_session(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One server for all tests that only need an empty store."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    asyncio.run(server.start())
    yield server
    server.kill()


@pytest.fixture
async def redis_server(redis_of_session: RedisServer) -> RedisServer:
    """The session's server, empty. A test that kills or bends a server starts its own with `redis`."""
    await redis_of_session.ask("FLUSHALL")
    return redis_of_session


@pytest.fixture
async def redis_url(redis_server: RedisServer) -> str:
    """The URL of a new empty store."""
    return await redis_server.created()


def _die_with_parent() -> None:
    """An interrupted test run must not leave servers behind: the kernel ends them with whoever forked them."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
