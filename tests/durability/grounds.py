"""The two stores as ground for a life: where the bot keeps everything, and how it is read beside the bot."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from bot.adapters.clock import SystemClock
from bot.domain.promotion import Promotion
from bot.playground.server import DATABASE
from bot.store.choice import store_of
from bot.store.peek import peek
from bot.store.protocol import Query, Store
from bot.store.redis_create import create
from bot.worker import LEASE

EVERYTHING = Query(limit=1000)


class Ground(Protocol):
    """What a bot keeps everything in."""

    @property
    def url(self) -> str:
        """STORE_URL of the bot."""
        ...

    @property
    def lease(self) -> float:
        """Seconds for which a turn is one bot's."""
        ...

    @property
    def outlives(self) -> float:
        """Real seconds for which a lease may outlive whoever held it."""
        ...

    async def promotions(self) -> Sequence[Promotion]:
        """Everything that is stored, while the bot runs."""
        ...

    def store(self) -> AbstractAsyncContextManager[Store]:
        """The store itself, when no bot runs any more."""
        ...


class SqliteGround:
    """A file; the leases are in the bot's memory and die with it."""

    lease = LEASE
    outlives = 0.0

    def __init__(self, file: Path) -> None:
        self._file = file
        self.url = f"sqlite:///{file}"

    async def promotions(self) -> Sequence[Promotion]:
        """Read beside the bot, whose file it is."""
        return await asyncio.to_thread(peek, self._file)

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """Own the file, which nobody else has any more."""
        async with _opened(self.url) as store:
            yield store


class RedisGround:
    """A name in a Redis: the leases are there, and outlive whoever held them."""

    lease = 1.5  # seconds by Redis' own clock, which nobody can let fly
    outlives = lease

    def __init__(self, url: str, beside: Store) -> None:
        self.url = url
        self._beside = beside

    async def promotions(self) -> Sequence[Promotion]:
        """Read as one more process would."""
        return await self._beside.find(EVERYTHING)

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """The same store: nobody owns it."""
        yield self._beside


@asynccontextmanager
async def on_sqlite(directory: Path) -> AsyncIterator[Ground]:
    """A file in the directory of a life."""
    yield SqliteGround(directory / DATABASE)


@asynccontextmanager
async def on_redis(server: str) -> AsyncIterator[Ground]:
    """An empty store in a real redis-server, under a name that only this life has."""
    url = f"{server}?name=life-{secrets.token_hex(4)}"
    await create(url)
    async with _opened(url) as beside:
        yield RedisGround(url, beside)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Store]:
    store = store_of(url, SystemClock())
    await store.open()
    try:
        yield store
    finally:
        await store.close()


STORES = ("sqlite", "redis")
