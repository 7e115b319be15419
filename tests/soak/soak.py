"""One soak from its start to its judgement."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.adapters.clock import SystemClock
from bot.domain.promotion import OPEN, Phase, Promotion
from bot.playground.server import Playground
from bot.store.choice import store_of
from bot.store.protocol import Query, Store, StoreDown
from tests.durability.births import nursery
from tests.redis_place import RedisServer, redis
from tests.soak.catalog import serve, services, written
from tests.soak.crowd import Crowd
from tests.soak.fleet import Fleet
from tests.soak.reaper import Pace, Reaper
from tests.soak.verdict import Record, Verdict, judge, record_of
from tests.soak.weather import Weather

REPLICAS = 3
GLANCE = 0.05  # real seconds
FLIGHT = 8.0  # seconds of the world in a real one: the five in which a dispatch must leave are 0.6 real ones
LOOK = 0.5  # real seconds between the onlooker's looks
ROUND = 1.0  # real seconds between two rounds of people who tidy up
LEAP = 3.0  # seconds of the world before something is due to which healing leaps
HASTE = 20.0  # seconds of the world that healing leaps each round at least
LATE = 900.0  # seconds of the world after which a promotion that still waits is cancelled in the healing
QUIET = 3  # looks in a row at which nothing may be under way


@dataclass(frozen=True, slots=True)
class Size:
    """How large a soak is."""

    seconds: float  # real ones, of trouble
    healing: float  # real ones that everything has to end afterwards, at most
    services: int
    most: int  # promotions open at once
    pace: Pace


@dataclass(slots=True)
class Soak:
    """The world of one soak."""

    size: Size
    seed: int
    playground: Playground
    server: RedisServer
    store: Store
    fleet: Fleet
    crowd: Crowd
    weather: Weather
    reaper: Reaper
    took: float = 0.0  # real seconds until everything had ended
    record: Record | None = None
    verdict: Verdict = field(default_factory=Verdict)

    async def runs(self) -> None:
        """Trouble, healing, judgement."""
        began = time.monotonic()
        async with _meanwhile(self._time_flies(), self._looks(), self.fleet.watches()):
            await self._has_trouble()
            await self._heals(self.size.healing)
        self.record = await record_of(self.store)
        fleet = self.fleet
        deaths = fleet.kills + fleet.stops + fleet.handovers + self.reaper.redis_kills
        faults = fleet.faults_of_ours()
        self.verdict = judge(self.record, self.playground, self.crowd, deaths=deaths, faults=faults)
        self.took = time.monotonic() - began

    async def _has_trouble(self) -> None:
        self.weather.begins()
        people = (self.crowd.lives(name) for name in self.playground.world.people)
        async with _meanwhile(self.reaper.runs(), *people):
            await asyncio.sleep(self.size.seconds)

    async def _heals(self, patience: float) -> None:
        """Nobody kills or asks any more, everything works; people decide what waits, until nothing is left."""
        self.weather.clears(self.playground.github)
        still = 0
        with suppress(TimeoutError):  # the judge tells what is left then
            async with asyncio.timeout(patience):
                while still < QUIET:
                    await asyncio.sleep(ROUND)
                    still = still + 1 if await self._is_quiet() else 0

    async def _is_quiet(self) -> bool:
        """One look at what is left, and at what people can do about it."""
        try:
            left = await self._open()
            due = await self.store.next_due(self.playground.world.clock.now())
        except StoreDown:  # the connection was to the Redis before
            return False
        await self._tidy_up(left)
        self._leap(due)
        return not left and due is None

    def _leap(self, due: float | None) -> None:
        """Leap to what is due next, or a little: after a Redis that took over nothing starts for minutes."""
        clock = self.playground.world.clock
        if due is not None:
            clock.forward(max(HASTE, due - clock.now() - LEAP))

    async def _tidy_up(self, left: Sequence[Promotion]) -> None:
        """Whoever may decides: yes to what waits, no to what does not get on, and an admin ends what is unknown."""
        now = self.playground.world.clock.now()
        for one in left:
            if one.phase is Phase.UNKNOWN:
                await self.crowd.presses("bo", one.id, "never_started")
            elif one.phase is Phase.WAITING and now - one.created > LATE:
                await self.crowd.types("bo", f"/promote cancel {one.id} because it is late", "cancel", one.id)
            elif one.phase is Phase.WAITING and one.environment == "production":
                for name in ("bo", "cy", "dee"):
                    await self.crowd.types(name, f"/promote approve {one.id}", "approve", one.id)

    async def _time_flies(self) -> None:
        while True:
            self.playground.world.clock.forward(FLIGHT * GLANCE)
            await asyncio.sleep(GLANCE)

    async def _looks(self) -> None:
        """The onlooker: what is open now, for people who look before they ask."""
        while True:
            with suppress(StoreDown):
                self.crowd.open_ones = [one.id for one in await self._open()]
            await asyncio.sleep(LOOK)

    async def _open(self) -> Sequence[Promotion]:
        return await self.store.find(Query(phases=OPEN, limit=200))


@asynccontextmanager
async def soak(directory: Path, size: Size, seed: int) -> AsyncIterator[Soak]:
    """Everything is up; at the end it is down, whatever happened."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(redis(directory / "redis"))
        url = await server.created()
        playground = Playground(directory / "world")
        stack.push_async_callback(playground.stop)
        await playground.start()
        playground.slack.limits.enforced = False
        _dress(playground, size)
        born = stack.enter_context(nursery("tests.soak.nursery"))
        environment = {**playground.bot_environment(), "STORE_URL": url, "LOG_LEVEL": "WARNING"}
        fleet = Fleet(born, environment, directory, playground.world)
        stack.callback(fleet.ends)
        await fleet.begins(REPLICAS, size.services)
        store = store_of(url, SystemClock())
        await store.open()
        stack.push_async_callback(store.close)
        dice = random.Random(seed)
        crowd = Crowd(playground.slack, services(size.services), dice, size.most)
        weather = Weather(playground.world, random.Random(dice.random()))
        reaper = Reaper(fleet, server, random.Random(dice.random()), size.pace)
        yield Soak(size, seed, playground, server, store, fleet, crowd, weather, reaper)


def _dress(playground: Playground, size: Size) -> None:
    """More services than the playground has."""
    environment = playground.bot_environment()
    Path(environment["CATALOG"]).write_text(written(size.services, f"{playground.url}/sim/services"))
    serve(playground.world, size.services)


@asynccontextmanager
async def _meanwhile(*doing: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """These go on while the block runs; whatever breaks in one of them breaks the block."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one) for one in doing]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
