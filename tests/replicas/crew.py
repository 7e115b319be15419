"""A story with several replicas: whole bots on one Redis, each with its own doors, worker, calls and memory.

People and vendors reach them through a front that asks one after the other, so that a card's second click is
answered by another replica than its first. Everything else is told as in a story of one bot.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from bot.app import Bot, First, Parts, T, bare, build
from bot.playground.child import free_port
from bot.settings import load_settings
from tests.replicas.front import Front
from tests.stories.moments import GLANCES, NEAR
from tests.stories.story import GLANCE, Somebody, Story, adopt_world

C = TypeVar("C", bound="Crew")
SHORT_LEASE = 3.0  # real seconds: what a dead replica held is free after them


class Dressed:
    """What is put around the parts of one replica."""

    def __call__(self, name: str, part: T) -> T:
        """Nothing, unless a test says otherwise."""
        return bare(name, part)


@dataclass(slots=True, eq=False)
class Replica:
    """One bot of several."""

    number: int
    port: int
    bot: Bot
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    running: "asyncio.Task[None] | None" = None

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.running is not None and not self.running.done()

    async def stops(self) -> None:
        """SIGTERM: it hands over and is gone."""
        self.stop.set()
        await self._is_gone()

    async def dies(self) -> None:
        """Cut off in the middle of whatever it does, its leases still held."""
        if self.running is not None:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)

    async def _is_gone(self) -> None:
        if self.running is not None:
            await self.running


class Crew(Story):
    """A world and several replicas on one store."""

    def __init__(self, directory: Path, url: str, count: int, dressed: Dressed | None = None) -> None:
        super().__init__(directory)
        self._has_died = True  # or one of the replicas will have
        self.environment["STORE_URL"] = url
        self.lease = SHORT_LEASE
        self.count = count
        self.dressed = dressed or Dressed()
        self.front = Front()
        self.replicas: list[Replica] = []

    @property
    def alive(self) -> list[Replica]:
        """The replicas that run."""
        return [one for one in self.replicas if one.is_alive]

    @property
    def bot(self) -> Bot:
        """The first of the bots that run."""
        for replica in self.alive:
            return replica.bot
        raise AssertionError("no replica runs")

    @property
    def is_busy(self) -> bool:
        """Whether a turn is under way anywhere."""
        return any(one.bot.worker.is_busy for one in self.alive)

    async def bot_starts(self) -> None:
        """Start the front and all replicas; the first one records what is live."""
        await self.front.open()
        self.world.bot_url = self.front.url
        await self.one_more()
        await asyncio.gather(*(self.one_more() for _ in range(self.count - 1)))

    async def bot_stops(self) -> None:
        """Ask every replica to stop, at one moment."""
        await asyncio.gather(*(one.stops() for one in self.alive))
        await self.front.close()

    async def one_more(self, dressed: Dressed | None = None) -> Replica:
        """Start another replica and wait until it is ready."""
        replica = self._built(dressed or self.dressed)
        first: First | None = None if self.replicas else adopt_world
        replica.running = asyncio.create_task(replica.bot.run(replica.stop, first=first))
        self.replicas.append(replica)
        await self._is_ready(replica)
        self.front.ports.append(replica.port)
        return replica

    async def rests(self) -> None:
        """Let time pass until only people, or a far-off moment, can change something; no replica has a turn."""
        still = 0

        async def long_enough() -> bool:
            nonlocal still
            due = await self.bot.store.next_due(self.clock.now())
            near = due is not None and due <= self.clock.now() + NEAR
            still = 0 if near or self.is_busy else still + 1
            return still >= GLANCES

        await self.sees(long_enough, "rest")

    async def settles(self) -> None:
        """Let time pass until nothing is due any more, and no replica has a turn."""
        still = 0

        async def quiet() -> bool:
            nonlocal still
            due = await self.bot.store.next_due(self.clock.now())
            still = still + 1 if due is None and not self.is_busy else 0
            return still >= GLANCES

        await self.sees(quiet, "quiet")

    def dies_when(self, promotion: str, shown: Callable[[], bool]) -> None:
        """Cut off the replica that works on a promotion at the very moment the world shows something."""
        doomed: list[Replica] = []

        def look() -> None:
            holder = self.holder(promotion)
            if not doomed and holder is not None and holder.running is not None and shown():
                doomed.append(holder)
                holder.running.cancel()

        self.world.listeners.append(look)

    def somebody(self, name: str) -> Somebody:
        """Any person of the world."""
        return Somebody(name, self)

    def holder(self, promotion: str) -> Replica | None:
        """The replica in which a turn of this promotion is under way."""
        return next((one for one in self.alive if promotion in one.bot.worker._turns), None)

    def _built(self, dressed: Dressed) -> Replica:
        number, port = len(self.replicas), free_port()
        environment = {
            **self.playground.bot_environment(),
            **self.environment,
            "HTTP_PORT": str(port),
        }
        parts = Parts(
            clock=self.clock, around=dressed, github_deadline=self.github_deadline, lease=self.lease
        )
        return Replica(number, port, build(load_settings(environment), parts))

    async def _is_ready(self, replica: Replica) -> None:
        """It serves and says that it is ready; it is not asked before, because an early no holds for a second."""
        bot = replica.bot
        while not bot.accounts.is_ready or not all((await bot.ready()).values()):
            assert replica.running is not None
            if replica.running.done():
                replica.running.result()
                raise AssertionError("the replica ended before it was ready")
            await asyncio.sleep(GLANCE)


@asynccontextmanager
async def told(crew: C) -> AsyncIterator[C]:
    """The replicas run; at the end nothing unexpected is left."""
    try:
        await crew.begins()
        yield crew
    finally:
        await crew.ends()
