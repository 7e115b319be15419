"""Kill -9 at any moment of the shared store, of who uses it or of Redis itself: nothing is lost, nothing is by half.

Run as a program, this file is the victim: it commits in a loop and says each promotion that was acknowledged.
"""

import asyncio
import random
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

from bot.store.protocol import StoreDown
from tests.durability.committing import check, commit_for_ever, killed_after
from tests.redis_place import RedisServer, redis
from tests.store.redis_keys import leaked
from tests.store.redis_stores import opened

KILLS = 6
RESTARTS = 4


async def test_kill_nine_of_a_replica_loses_nothing_acknowledged_and_halves_nothing(
    redis_server: RedisServer,
) -> None:
    """Six times on one Redis: commit, kill the committing process at a random moment, compare."""
    url = await redis_server.created()
    moments = random.Random(52)
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        told = await killed_after(moments.uniform(0.01, 0.3), __name__, url)
        assert told, f"kill {kill}: nothing was acknowledged before it"
        acknowledged |= told
        await hold_against(url, acknowledged)


async def test_f13_kill_nine_of_redis_loses_nothing_acknowledged_and_halves_nothing(tmp_path: Path) -> None:
    """Four times on one directory: commit, kill Redis (AOF, fsync always) at a random moment, start it, compare."""
    moments = random.Random(53)
    async with redis(tmp_path) as server:
        url = await server.created()
        acknowledged: set[str] = set()
        for _ in range(RESTARTS):
            before = len(acknowledged)
            await commit_until_killed(server, url, acknowledged, moments.uniform(0.05, 0.3))
            assert len(acknowledged) > before
            await server.start()
            await hold_against(url, acknowledged)


async def commit_until_killed(server: RedisServer, url: str, acknowledged: set[str], seconds: float) -> None:
    """Commit until Redis is killed, so long after the first acknowledgement."""
    first = asyncio.Event()

    def say(promotion: str) -> None:
        acknowledged.add(promotion)
        first.set()

    async with opened(url) as store:
        writing = asyncio.create_task(commit_for_ever(store, say))
        await first.wait()
        await asyncio.sleep(seconds)
        server.kill()
        with suppress(ExceptionGroup):  # StoreDown of each writer
            await writing
        assert all(isinstance(error, StoreDown) for error in _errors(writing))


async def hold_against(url: str, acknowledged: set[str]) -> None:
    """Everything acknowledged is there, whole, and no key leaked."""
    async with opened(url) as store:
        await check(store, acknowledged)
        assert await leaked(store.link) == []


def _errors(writing: asyncio.Task[None]) -> tuple[BaseException, ...]:
    error = writing.exception()
    return error.exceptions if isinstance(error, BaseExceptionGroup) else (error,) if error else ()


async def be_killed(url: str) -> None:
    """Commit until the end."""
    async with opened(url) as store:
        await commit_for_ever(store, partial(print, flush=True))


if __name__ == "__main__":
    asyncio.run(be_killed(sys.argv[1]))
