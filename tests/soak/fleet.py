"""The replicas: kept up as an init system keeps a service up, and whoever stands before them knows who answers."""

import asyncio
import os
import random
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.playground.child import free_port
from bot.playground.world import World
from tests.durability.births import Nursery

GLANCE = 0.1  # real seconds
TURN = 0.02  # real seconds after which the next request goes to another replica
NOTICED = 0.5  # real seconds until it is noticed that a replica does not answer any more
FAULTS = ("turn failed", "effect failed")
SOON = aiohttp.ClientTimeout(total=2.0)


@dataclass(slots=True)
class Replica:
    """One place in the fleet; the process in it changes."""

    port: int
    log: Path
    pid: int = 0
    is_stopped: bool = False
    is_ready: bool = False

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_alive(self) -> bool:
        """Whether its process exists."""
        return bool(self.pid) and Path(f"/proc/{self.pid}").exists()


@dataclass(slots=True)
class Fleet:
    """So many replicas, each born again when its process is gone."""

    nursery: Nursery
    environment: Mapping[str, str]
    directory: Path
    world: World
    replicas: list[Replica] = field(default_factory=list)
    births: int = 0
    kills: int = 0
    stops: int = 0
    handovers: int = 0

    async def begins(self, count: int, adopts: int) -> None:
        """Bring them up; the first one records what `adopts` services run before anybody else is there."""
        self.replicas = [Replica(free_port(), self.directory / f"bot-{n}.log") for n in range(count)]
        async with aiohttp.ClientSession(timeout=SOON) as session:
            self._bear(self.replicas[0], adopts)
            await self._until_ready(session, self.replicas[:1])
            for one in self.replicas[1:]:
                self._bear(one, 0)
            await self._until_ready(session, self.replicas)

    def ends(self) -> None:
        """SIGKILL for everybody; a stopped process dies of it as well."""
        for one in self.replicas:
            with suppress(ProcessLookupError):
                if one.is_alive:
                    os.kill(one.pid, signal.SIGKILL)

    def kill(self, dice: random.Random) -> None:
        """kill -9 for one that is up."""
        one = self._one_of(dice)
        if one is not None:
            os.kill(one.pid, signal.SIGKILL)
            self.kills += 1

    def replace_one(self, dice: random.Random) -> None:
        """SIGTERM for one that is up, as in an upgrade: it hands over, and another one comes in its place."""
        one = self._one_of(dice)
        if one is not None:
            os.kill(one.pid, signal.SIGTERM)
            self.handovers += 1

    def faults_of_ours(self) -> list[str]:
        """What a replica logged that no death, vendor or person can be blamed for."""
        logs = (one.log for one in self.replicas if one.log.exists())
        lines = (line for log in logs for line in log.read_text(errors="replace").splitlines())
        return [line for line in lines if any(fault in line for fault in FAULTS)]

    async def freeze(self, dice: random.Random, seconds: float) -> None:
        """SIGSTOP for one that is up, and SIGCONT so much later, unless it was killed meanwhile."""
        one = self._one_of(dice)
        if one is None:
            return
        pid, one.is_stopped = one.pid, True
        os.kill(pid, signal.SIGSTOP)
        self.stops += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            one.is_stopped = False
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def _one_of(self, dice: random.Random) -> Replica | None:
        up = [one for one in self.replicas if one.is_alive and one.is_ready and not one.is_stopped]
        return dice.choice(up) if up else None

    async def watches(self) -> None:
        """Bear again whoever is gone, and send each request to somebody who may answer; until cancelled."""
        async with aiohttp.ClientSession(timeout=SOON) as session, asyncio.TaskGroup() as tasks:
            tasks.create_task(self._spread())
            for one in self.replicas:
                tasks.create_task(self._keep(session, one))

    async def _keep(self, session: aiohttp.ClientSession, one: Replica) -> None:
        while True:
            if not one.is_alive:
                await asyncio.sleep(NOTICED)
                one.is_ready = False
                self._bear(one, 0)
            if not one.is_stopped:
                one.is_ready = await _is_ready(session, one.url)
            await asyncio.sleep(GLANCE if not one.is_ready else NOTICED)

    async def _spread(self) -> None:
        turn = 0
        while True:
            turn += 1
            ready = [one for one in self.replicas if one.is_ready] or self.replicas
            self.world.bot_url = ready[turn % len(ready)].url
            await asyncio.sleep(TURN)

    async def _until_ready(self, session: aiohttp.ClientSession, some: list[Replica]) -> None:
        async with asyncio.timeout(60.0):
            for one in some:
                while not await _is_ready(session, one.url):
                    if not one.is_alive:
                        raise AssertionError(f"a replica ended: {one.log.read_text()[-2000:]}")
                    await asyncio.sleep(GLANCE)
                one.is_ready = True

    def _bear(self, one: Replica, adopts: int) -> None:
        own = {"HTTP_PORT": str(one.port), "SOAK_ADOPTS": str(adopts)}
        one.pid = self.nursery.bear({**self.environment, **own}, one.log)
        self.births += 1


async def _is_ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(f"{url}/readyz") as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
