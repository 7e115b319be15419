"""The two stores as ground for a life: where the bot keeps everything, and how it is read beside the bot."""

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Protocol, TypeVar

from bot.adapters.clock import SystemClock
from bot.domain.promotion import Promotion
from bot.playground.server import DATABASE
from bot.store.choice import store_of
from bot.store.peek import peek
from bot.store.protocol import Query, Store, StoreDown
from bot.store.redis_create import create
from bot.store.sqlite_schema import PATIENCE
from bot.worker import LEASE

EVERYTHING = Query(limit=1000)
ASKED_AGAIN = 10  # times a second each, while the machine is busy with something else
T = TypeVar("T")


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

    async def promotions(self) -> Sequence[Promotion]:
        """Everything that is stored, while the bot runs."""
        ...

    async def is_settled(self) -> bool:
        """Whether nothing is due any more and nobody holds a lease, while the bot runs."""
        ...

    def store(self) -> AbstractAsyncContextManager[Store]:
        """The store itself, when no bot runs any more."""
        ...


class SqliteGround:
    """A file; the leases are in the bot's memory and die with it."""

    lease = LEASE

    def __init__(self, file: Path) -> None:
        self._file = file
        self.url = f"sqlite:///{file}"

    async def promotions(self) -> Sequence[Promotion]:
        """Read beside the bot, whose file it is."""
        return await asyncio.to_thread(peek, self._file)

    async def is_settled(self) -> bool:
        """Whoever is held stays in the index until it is given back."""
        return await asyncio.to_thread(_has_nothing_due, self._file)

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """Own the file, which nobody else has any more."""
        async with _opened(self.url) as store:
            yield store


class RedisGround:
    """A name in a Redis: the leases are there, and outlive whoever held them."""

    lease = 1.5  # seconds by Redis' own clock, which nobody can let fly

    def __init__(self, url: str, beside: Store) -> None:
        self.url = url
        self._beside = beside

    async def promotions(self) -> Sequence[Promotion]:
        """Read as one more process would."""
        return await _answered(lambda: self._beside.find(EVERYTHING))

    async def is_settled(self) -> bool:
        """Asked as one more process would: it is told when the first lease ends, too."""
        return await _answered(lambda: self._beside.next_due(0.0)) is None

    @asynccontextmanager
    async def store(self) -> AsyncIterator[Store]:
        """The same store: nobody owns it."""
        yield self._beside


async def _answered(question: Callable[[], Awaitable[T]]) -> T:
    """The answer of a store that many lives share: whoever only watches can ask again when it is late."""
    for _ in range(ASKED_AGAIN):
        with suppress(StoreDown):
            return await question()
    return await question()


def _has_nothing_due(file: Path) -> bool:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=PATIENCE)) as connection:
        return not connection.execute("SELECT promotion FROM due LIMIT 1").fetchall()


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
