"""Links for tests, and scripts that show whether they ran."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.store.redis_link import Link, connect
from bot.store.redis_script import Script

COUNT = Script("count", "return redis.call('INCR', '{greenlight}:counted')")
ECHO = Script("echo", "return ARGV[1]")


@asynccontextmanager
async def opened(url: str, moment: float = 1000.0) -> AsyncIterator[Link]:
    """An open link, whose clock stands still."""
    link = await connect(url, now=lambda: moment)
    await link.open()
    try:
        yield link
    finally:
        await link.close()
