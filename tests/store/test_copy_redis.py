"""Moving a store between a file and Redis, both ways: it is the same store, and what is half there is none."""

from pathlib import Path

import pytest

from bot.store.contents import sound
from bot.store.protocol import StoreDown
from bot.store.redis import RedisStore
from bot.store.redis_copy import RedisTarget
from bot.store.redis_link import connect
from bot.store.redis_source import RedisSource
from bot.store.sqlite_copy import SqliteSource, SqliteTarget
from bot.store.survey import differences
from tests.redis_place import RedisServer
from tests.store.builders import done, promotion, put
from tests.store.files import opened
from tests.store.redis_keys import leaked
from tests.store.test_copy import lived_in, look, moved, same_life_goes_on


async def shared(url: str) -> RedisStore:
    """The store of a URL, open."""
    store = RedisStore(await connect(url, now=float))
    await store.open()
    return store


async def test_a_file_becomes_a_redis_and_a_file_again(tmp_path: Path, redis_server: RedisServer) -> None:
    """The audit chain goes on by its own link in each, every piece is compared, and no key is too much."""
    before, after = tmp_path / "before.db", tmp_path / "after.db"
    first = await opened(before)
    await lived_in(first)
    await first.close()
    await moved(SqliteSource(before, owned=True), RedisTarget(redis_server.url))
    looks = [
        await look(SqliteSource(before, owned=False)),
        await look(RedisSource(redis_server.url, owned=False)),
    ]
    assert looks[0].is_whole
    assert differences(*looks) == []
    middle = await shared(redis_server.url)
    assert await leaked(middle.link) == []
    await same_life_goes_on(middle)
    assert await leaked(middle.link) == []
    await middle.close()
    await moved(RedisSource(redis_server.url, owned=False), SqliteTarget(after))
    assert (
        differences(
            *[
                await look(RedisSource(redis_server.url, owned=False)),
                await look(SqliteSource(after, owned=False)),
            ]
        )
        == []
    )
    last = await opened(after)
    assert await last.verify_audit() is None
    assert await last.reserve("promotion") == 7
    assert (await last.slot("checkout", "production")).queue == ("P-3", "P-2")
    await last.close()


async def test_a_copy_into_redis_that_broke_off_is_no_store(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    """No bot starts on it, and no new store is made over it."""
    first = await opened(tmp_path / "before.db")
    await lived_in(first)
    await first.close()
    source, target = SqliteSource(tmp_path / "before.db", owned=True), RedisTarget(redis_server.url)
    await source.open()
    await target.open()
    async for pieces in source.pages():
        await target.take(sound(pieces))
        break
    await source.close()
    await target.close()
    with pytest.raises(StoreDown, match="holds no Greenlight store"):
        await shared(redis_server.url)
    with pytest.raises(StoreDown, match="already"):
        await RedisTarget(redis_server.url).open()


async def test_a_store_that_bots_work_on_is_looked_at_and_not_copied(redis_server: RedisServer) -> None:
    """A lease that is held says that a bot runs."""
    store = await shared(await redis_server.created())
    await done(store, put(promotion(1), 1.0))
    await store.claim_due(1.0, 60.0, 9)
    assert (await look(RedisSource(redis_server.url, owned=False))).promotions == 1
    with pytest.raises(StoreDown, match="a bot works on it"):
        await RedisSource(redis_server.url, owned=True).open()
    await store.close()
