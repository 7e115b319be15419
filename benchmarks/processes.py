"""Starts a server on its core, waits until it answers, and ends it whatever happens."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks import machine

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS, STOP_SECONDS = 30.0, 10.0
GLANCE = 0.005
Ready = Callable[[int, str], bool]  # by status and text of an answer


class DidNotStart(Exception):
    """A server ended or did not answer in time; carries the end of what it said."""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves on a port of loopback."""

    port: int
    pid: int

    @property
    def cpu(self) -> float:
        """Its processor time so far, in seconds."""
        return machine.cpu_seconds(self.pid)

    @property
    def memory(self) -> int:
        """The bytes that it has in memory."""
        return machine.resident_bytes(self.pid)


@dataclass(frozen=True, slots=True)
class Command:
    """How to start a server. `{port}` in an argument becomes its port."""

    arguments: Sequence[str]
    directory: Path
    environment: Mapping[str, str]
    ready: str = "/livez"
    says: str = ""  # what the answer has to say as well


def module(name: str, *arguments: str, directory: Path, **environment: str) -> Command:
    """A server of this package."""
    line = (sys.executable, "-m", f"benchmarks.servers.{name}", "{port}", *arguments)
    return Command(line, directory, environment)


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(command: Command, core: int | None = None, port: int = 0) -> AsyncIterator[Server]:
    """The server, once it answers; it has ended when the block is left."""
    port = port or free_port()
    core = machine.server_core() if core is None else core
    process = await spawn(command, core, port)
    try:
        await _until_ready(command, process, port)
        yield Server(port, process.pid)
    finally:
        await end(process)


async def spawn(command: Command, core: int, port: int) -> asyncio.subprocess.Process:
    """Start the process on one core; it does not answer yet."""
    line = [argument.replace("{port}", str(port)) for argument in command.arguments]
    with (command.directory / "server.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *line,
            cwd=command.directory,
            env=_environment(command, port),
            stdout=log,
            stderr=asyncio.subprocess.STDOUT,
            preexec_fn=lambda: machine.pin(core),
        )


async def end(process: asyncio.subprocess.Process) -> None:
    """Ask it to end, and insist after some seconds."""
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _environment(command: Command, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    given = {name: value.replace("{port}", str(port)) for name, value in command.environment.items()}
    return kept | {"PYTHONPATH": str(ROOT)} | given


async def _until_ready(command: Command, process: asyncio.subprocess.Process, port: int) -> None:
    try:
        async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
            while not await _answers(session, f"http://127.0.0.1:{port}{command.ready}", command.says):
                if process.returncode is not None:
                    raise DidNotStart(_tail(command))
                await asyncio.sleep(GLANCE)
    except TimeoutError:
        raise DidNotStart(_tail(command)) from None


async def _answers(session: aiohttp.ClientSession, url: str, says: str) -> bool:
    try:
        async with session.get(url) as answer:
            return says in await answer.text() if says else answer.status == 200
    except aiohttp.ClientError:
        return False


def _tail(command: Command) -> str:
    text = (command.directory / "server.log").read_text(errors="replace")
    return "\n".join(text.splitlines()[-15:])
