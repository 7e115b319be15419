"""What dies, and when: replicas and Redis by kill -9, and replicas that stand still for longer than a lease."""

import asyncio
import random
from dataclasses import dataclass

from tests.redis_place import RedisServer
from tests.soak.fleet import Fleet

STILL = (1.0, 6.0)  # real seconds that somebody is stopped; a lease is three
GONE = (0.0, 2.0)  # real seconds that Redis is down


@dataclass(frozen=True, slots=True)
class Pace:
    """Real seconds between two of a kind, on average."""

    bots: float
    redis: float
    stops: float
    handovers: float


@dataclass(slots=True)
class Reaper:
    """Kills at random until it is cancelled; then Redis is up, and nobody stands still."""

    fleet: Fleet
    server: RedisServer
    dice: random.Random
    pace: Pace
    redis_kills: int = 0

    async def runs(self) -> None:
        """Kill and stop, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._kills_bots())
            tasks.create_task(self._kills_redis())
            tasks.create_task(self._stops_bots())
            tasks.create_task(self._replaces_bots())

    async def _kills_bots(self) -> None:
        while True:
            await self._rests(self.pace.bots)
            self.fleet.kill(self.dice)

    async def _kills_redis(self) -> None:
        while True:
            await self._rests(self.pace.redis)
            self.server.kill()
            self.redis_kills += 1
            try:
                await asyncio.sleep(self.dice.uniform(*GONE))
            finally:
                await self.server.start()

    async def _stops_bots(self) -> None:
        while True:
            await self._rests(self.pace.stops)
            await self.fleet.freeze(self.dice, self.dice.uniform(*STILL))

    async def _replaces_bots(self) -> None:
        while True:
            await self._rests(self.pace.handovers)
            self.fleet.replace_one(self.dice)

    async def _rests(self, average: float) -> None:
        await asyncio.sleep(self.dice.uniform(0.5, 1.5) * average)
