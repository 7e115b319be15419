"""Redis as it was some time ago: a backup that was put back, a server without the last moments, a clock set back."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.protocol import Commit
from bot.store.redis import RedisStore
from tests.redis_place import RedisServer, redis
from tests.store.builders import add, done
from tests.store.redis_keys import leaked
from tests.store.redis_stores import opened

HOUR = 3_600_000_000  # microseconds
LEASE = 30.0


@pytest.fixture
async def store(redis_url: str) -> AsyncIterator[RedisStore]:
    """A store that holds P-1, which is due, and leaks nothing at the end."""
    async with opened(redis_url) as store:
        await add(store, 1)
        await done(store, Commit(at=2.0, wakes=("P-1",)))
        yield store
        assert await leaked(store.link) == []


async def test_f15_a_number_that_was_forgotten_is_not_given_out_again(tmp_path: Path) -> None:
    """F15: a rollback got the id of one that the failover had lost, and its page the dedup key of an incident that was
    open: nobody was paged. Of each sequence a gap is left, for every process, and once for one switch."""
    async with redis(tmp_path / "redis") as server:
        url = await server.created()
        async with opened(url) as first, opened(url) as second:
            assert [await first.reserve("promotion"), await second.reserve("lock")] == [1, 1]
            shutil.copytree(server.directory, tmp_path / "backup")
            forgotten = [await first.reserve("promotion") for _ in range(50)]
            await put_back(server, tmp_path / "backup")

            again = await first.reserve("promotion")
            assert again > max(forgotten)
            assert await second.reserve("promotion") == again + 1
            assert await second.reserve("lock") > 1
        async with opened(url) as third:
            assert await third.reserve("promotion") == again + 2


async def test_f15_the_very_first_number_is_not_given_out_again(tmp_path: Path) -> None:
    """F15: what was forgotten was the first of its sequence, so that nothing of the sequence itself was left."""
    async with redis(tmp_path / "redis") as server:
        url = await server.created()
        async with opened(url) as store:
            shutil.copytree(server.directory, tmp_path / "backup")
            forgotten = await store.reserve("promotion")
            await put_back(server, tmp_path / "backup")
            assert await store.reserve("promotion") > forgotten


async def test_a_first_server_leaves_no_gap(redis_url: str) -> None:
    """Opening a store again and again is no switch: numbers follow each other."""
    for number in (1, 2, 3):
        async with opened(redis_url) as store:
            assert await store.reserve("promotion") == number


async def test_a_clock_that_was_set_back_keeps_nobody_waiting(
    store: RedisStore, redis_server: RedisServer
) -> None:
    """Redis' clock went back an hour and the holder was dead: its promotion stood still for that hour."""
    (lost,) = await store.claim_due(3.0, LEASE, 9)
    await set_back(store, redis_server)
    (mine,) = await store.claim_due(3.0, LEASE, 9)
    assert mine.promotion == "P-1"
    assert not await store.renew(lost, 3.0, LEASE)
    assert await store.renew(mine, 3.0, LEASE)
    assert await store.claim_due(9.0, LEASE, 9) == []


async def test_a_lease_of_before_the_clock_was_set_back_is_lost(
    store: RedisStore, redis_server: RedisServer
) -> None:
    """Its holder may live: it hears that the lease is lost, writes nothing on its word, and another goes on."""
    (lost,) = await store.claim_due(3.0, LEASE, 9)
    await set_back(store, redis_server)
    assert not await store.renew(lost, 3.0, LEASE)
    await store.release(lost, None, settled=True)
    assert [one.promotion for one in await store.claim_due(3.0, LEASE, 9)] == ["P-1"]


async def test_a_longer_lease_is_granted_as_it_was_asked_for(store: RedisStore) -> None:
    """Each process may have its own length: a short lease elsewhere does not shorten a long one."""
    (mine,) = await store.claim_due(3.0, LEASE, 9)
    assert await store.renew(mine, 3.0, 100 * LEASE)
    await add(store, 2)
    await done(store, Commit(at=2.0, wakes=("P-2",)))
    assert [one.promotion for one in await store.claim_due(3.0, LEASE, 9)] == ["P-2"]
    assert await store.renew(mine, 3.0, LEASE)


async def set_back(store: RedisStore, server: RedisServer) -> None:
    """What the leases look like to a clock that was set back an hour: they all end an hour later."""
    key = store.link.meta.replace("meta", "leased")
    for promotion in await server.ask("ZRANGE", key, 0, -1):
        await server.ask("ZINCRBY", key, HOUR, promotion)


async def put_back(server: RedisServer, backup: Path) -> None:
    """The server as it was when it was copied."""
    server.kill()
    shutil.rmtree(server.directory)
    shutil.move(backup, server.directory)
    await server.start()
