"""Redis stores as tests open them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.store.redis import RedisStore
from bot.store.redis_link import connect


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[RedisStore]:
    """A store at a URL, as long as the block."""
    store = RedisStore(await connect(url, now=float))
    try:
        await store.open()
        yield store
    finally:
        await store.close()
