"""Two replicas on one Redis, of which the first stops (SIGSTOP) at a point and wakes up when the other took over."""

import asyncio
import json
import os
import signal
from pathlib import Path

from bot.playground.child import free_port
from tests.durability.births import Nursery
from tests.durability.grounds import Ground
from tests.durability.life import GLANCE, PATIENCE, Life, end


class Pair(Life):
    """A life in which the first bot stops at `stopped_at`, and a second one comes when it has."""

    def __init__(self, directory: Path, nursery: Nursery, ground: Ground, stopped_at: str) -> None:
        super().__init__(directory, nursery, ground, (stopped_at,))
        self.how = signal.SIGSTOP
        self._second = 0

    async def stops(self) -> None:
        """Wait until the first bot stands still."""
        async with asyncio.timeout(PATIENCE):
            while _state(self.pid) != "T":  # noqa: ASYNC110  (the kernel rings no event of ours)
                await asyncio.sleep(GLANCE)
        await self.look()

    async def is_followed(self) -> None:
        """The second bot starts on the same store, and whoever asks is sent to it from now on."""
        port = free_port()
        alone = {"HTTP_PORT": str(port), "FATAL": json.dumps([]), "REACHED": str(self.directory / "second")}
        self._second = self.nursery.bear(self.environment() | alone, self.directory / "second.log")
        self.world.bot_url = f"http://127.0.0.1:{port}"
        await self.until_ready(self._second)

    async def wakes(self) -> None:
        """The first bot goes on where it stood, until it has looked at the world again."""
        os.kill(self.pid, signal.SIGCONT)
        async with asyncio.timeout(PATIENCE):
            while not await self.is_ready(f"http://127.0.0.1:{self.playground.bot_port}"):  # noqa: ASYNC110
                await asyncio.sleep(GLANCE)

    async def bots_end(self) -> None:
        """SIGKILL for both: a stopped process dies of it as well."""
        for pid in (self.pid, self._second):
            if pid:
                await end(pid)


def _state(pid: int) -> str:
    """What the kernel says of a process: T when it is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
