"""The real bot as a child process: started, ended as by a power cut, started again on the same port."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import aiohttp

READY_SECONDS = 30.0
STOP_SECONDS = 10.0
LAUNCH = (sys.executable, "-m", "bot.playground.launch")
_PORTS = range(12_000, 32_000)
_ROOT = Path(__file__).resolve().parents[2]
_OURS = (
    "SLACK_",
    "GITHUB_",
    "PAGERDUTY_",
    "VALIDATIONS_",
    "OIDC_",
    "STORE_",
    "CATALOG",
    "HTTP_",
    "LOG_LEVEL",
)


class BotDidNotStart(Exception):
    """The bot ended or was not ready in time; carries the end of its log."""


def free_port() -> int:
    """A port on loopback that nobody listens on, below those that outgoing connections are given.

    So nobody takes it by accident while the bot that listens there is down.
    """
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class ChildBot:
    """One bot, unmodified, told by its environment to talk to the simulators; logs into state_dir/bot.log."""

    def __init__(
        self,
        state_dir: Path,
        port: int,
        settings: Callable[[], Mapping[str, str]],
        command: Sequence[str] = LAUNCH,
        shell: Mapping[str, str] = os.environ,
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = state_dir / "bot.log"
        self._state_dir = state_dir
        self._settings = settings
        self._command = command
        self._shell = shell
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self.running else None

    async def start(self) -> None:
        """Start the bot unless it runs, and wait until it is ready. Raises BotDidNotStart."""
        async with self._turn:
            if self.running:
                return
            with self.log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command,
                    cwd=self._state_dir,  # no stray .env with real tokens lies there
                    env=self._environment(),
                    stdout=log,
                    stderr=asyncio.subprocess.STDOUT,
                )
            await self._ready(self._process)

    async def kill(self) -> None:
        """End it with SIGKILL, in the middle of whatever it does, also while it starts."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to end, and insist after ten seconds."""
        async with self._turn:
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await self._end(signal.SIGTERM)
            except TimeoutError:
                await self._end(signal.SIGKILL)

    async def _end(self, how: signal.Signals) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(how)
        await process.wait()

    async def _ready(self, process: asyncio.subprocess.Process) -> None:
        try:
            async with asyncio.timeout(READY_SECONDS), aiohttp.ClientSession() as session:
                while not await self._answers(session):
                    if process.returncode is not None:
                        raise BotDidNotStart(f"The bot ended with {process.returncode}:\n{self._tail()}")
                    await asyncio.sleep(0.1)
        except TimeoutError:
            await self._end(signal.SIGKILL)
            raise BotDidNotStart(f"The bot was not ready in {READY_SECONDS:.0f} s:\n{self._tail()}") from None

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in self._shell.items() if not name.startswith(_OURS)}
        path = os.pathsep.join(filter(None, [str(_ROOT), inherited.get("PYTHONPATH")]))
        return inherited | {"PYTHONPATH": path} | dict(self._settings())

    def _tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
