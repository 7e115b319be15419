"""Our stores, opened in this process: to fill one before the bot starts, or to measure it without the bot."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.store.protocol import Store
from bot.store.redis import RedisStore
from bot.store.redis_link import connect
from bot.store.sqlite import SqliteStore

SQLITE = "sqlite:///"


def file_url(path: Path) -> str:
    """The address of a file."""
    return f"{SQLITE}{path}"


async def made(url: str) -> Store:
    """A store that is not open yet; a Redis is made ready for its first use."""
    if url.startswith(SQLITE):
        return SqliteStore(Path(url.removeprefix(SQLITE)))
    return RedisStore(await connect(url, now=time.time))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    """The store of an address, open."""
    store = await made(url)
    await store.open()
    try:
        yield store
    finally:
        await store.close()
