"""Every shape of Redis that STORE_URL can name, each a real one: sentinels, a cluster, TLS, a replica."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store.protocol import StoreDown
from bot.store.redis_create import create
from bot.store.redis_seek import is_backed
from bot.store.redis_url import place_of
from tests.redis_formations import MASTER, cluster, guarded, in_step, replicated, secured
from tests.redis_place import RedisServer, redis
from tests.store.builders import add, done, put, stored
from tests.store.redis_links import COUNT, ECHO, opened
from tests.store.redis_stores import opened as store_opened


async def test_sentinels_lead_to_the_new_master(tmp_path: Path) -> None:
    """The master dies, the sentinels promote the replica: the link finds it, and knows when that was."""
    async with guarded(tmp_path) as formation:
        url = formation.url
        await create(url)
        async with opened(url, 1000.0) as link:
            assert await link.script(COUNT, [], repeat=False) == 1
            await formation.servers.level()
            formation.servers.master.kill()
            await formation.failed_over()
            assert await link.script(COUNT, [], repeat=True) == 2
            assert link.switched == 1000.0


async def test_a_dead_sentinel_is_passed_over(tmp_path: Path) -> None:
    """The next one is asked, and when none is left the sentence says so."""
    async with guarded(tmp_path) as formation:
        await create(formation.url)
        formation.sentinels[0].kill()
        async with opened(formation.url) as link:
            assert await link.script(COUNT, [], repeat=False) == 1
        for sentinel in formation.sentinels[1:]:
            sentinel.kill()
        with pytest.raises(StoreDown, match="no sentinel says where the master is"):
            async with opened(formation.url):
                pass


async def test_sentinels_that_ask_for_a_password_get_the_masters(tmp_path: Path) -> None:
    """One password for all, as many installations have it."""
    async with redis(tmp_path / "a") as master:
        watch = f"sentinel monitor main 127.0.0.1 {master.port} 1\n"
        async with redis(tmp_path / "s", sentinel=watch) as sentinel:
            await sentinel.ask("ACL", "SETUSER", "default", "resetpass", ">secret")
            await master.ask("CONFIG", "SET", "requirepass", "secret")
            url = f"redis+sentinel://:secret@127.0.0.1:{sentinel.port}/main/0"
            await create(url)
            async with opened(url) as link:
                assert await link.script(COUNT, [], repeat=False) == 1


async def test_a_cluster_keeps_everything_in_one_slot(tmp_path: Path) -> None:
    """With cluster=true the node that has our slot is found by any other."""
    async with cluster(tmp_path) as node:
        url = node.url + "?cluster=true"
        await create(url)
        async with opened(url) as link:
            assert await link.script(COUNT, [], repeat=False) == 1


async def test_tls_needs_a_certificate_that_is_trusted(tmp_path: Path) -> None:
    """With the authority's file it works; without, the sentence names the parameter."""
    async with secured(tmp_path) as (server, authority):
        url = server.url
        await create(url)
        async with opened(url) as link:
            assert await link.script(COUNT, [], repeat=False) == 1
        with pytest.raises(StoreDown, match=r"certificate is not trusted: set .ca= to the file"):
            async with opened(url.removesuffix(f"?ca={authority}")):
                pass


async def test_an_intent_waits_for_the_replica(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What was written over any connection is on the replica; a replica that does not answer is a warning."""
    async with replicated(tmp_path) as servers:
        url = await servers.master.created()
        async with opened(url) as link:
            await link.script(COUNT, [], repeat=False)
            await servers.level()
            await link.wait_for_replica()
            assert caplog.records == []
            servers.replica.freeze()
            with caplog.at_level(logging.WARNING):
                await write_elsewhere(servers.master)
                await link.wait_for_replica()
            assert [record.message for record in caplog.records] == ["no replica has it"]


async def test_a_replica_that_went_over_is_missed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It was promoted on the far side of a partition: the old master, alone now, confirmed intents without a word."""
    async with replicated(tmp_path) as servers, opened(await servers.master.created()) as link:
        await servers.level()
        await link.wait_for_replica()
        await servers.promote()
        await servers.master.comes("INFO", "replication", what="connected_slaves:0")
        with caplog.at_level(logging.WARNING):
            await link.script(COUNT, [], repeat=False)
            await link.wait_for_replica()
    assert [record.message for record in caplog.records] == ["no replica has it"]


@pytest.mark.parametrize("alone", [True, False])
async def test_f15_a_master_that_is_cut_off_takes_no_intent(tmp_path: Path, alone: bool) -> None:
    """F15: cut off with one sentinel, alone or with a replica, while the far side may have a new master: for as long as
    that lasted both started deploys. Now nothing is started, all else is recorded; with the majority back it goes on."""
    async with guarded(tmp_path) as formation:
        await create(formation.url)
        async with store_opened(formation.url) as store:
            waiting = await add(store, 1, "want")
            intent = replace(put(waiting, 5.0, "keep"), intent=True)
            for sentinel in formation.sentinels[1:]:
                sentinel.freeze()
            await formation.sentinels[0].comes("SENTINEL", "CKQUORUM", MASTER, what="NOQUORUM")
            if alone:
                await formation.servers.promote()

            with pytest.raises(StoreDown, match="nothing is started here; bring the sentinels back") as down:
                await store.commit(intent)
            assert type(down.value) is StoreDown
            assert await stored(store, 1) == waiting
            await add(store, 2)

            for sentinel in formation.sentinels[1:]:
                sentinel.thaw()
            await formation.sentinels[0].comes("SENTINEL", "CKQUORUM", MASTER, what="OK")
            await done(store, intent)


async def test_sentinels_stand_behind_the_one_that_they_name(tmp_path: Path) -> None:
    """Before the failover it is the master, afterwards the other one: an old connection to a live server is not enough."""
    async with guarded(tmp_path) as formation:
        place, servers = place_of(formation.url), formation.servers
        old, new = ("127.0.0.1", servers.master.port), ("127.0.0.1", servers.replica.port)
        assert [await is_backed(place, one) for one in (old, new)] == [True, False]
        await servers.level()
        servers.master.kill()
        await formation.failed_over()
        assert [await is_backed(place, one) for one in (old, new)] == [False, True]


async def test_a_pair_whose_replica_is_down_goes_on(tmp_path: Path) -> None:
    """The sentinels say that it is the master: with its only replica dead it still starts deploys."""
    async with guarded(tmp_path) as formation:
        await create(formation.url)
        async with store_opened(formation.url) as store:
            waiting = await add(store, 1, "want")
            formation.servers.replica.kill()
            await formation.servers.master.comes("INFO", "replication", what="connected_slaves:0")
            await done(store, replace(put(waiting, 5.0, "keep"), intent=True))


async def write_elsewhere(server: RedisServer) -> None:
    """A write over a connection that is not the link's."""
    await server.ask("INCR", "{greenlight}:counted")


async def test_a_replica_that_joins_later_counts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is asked for at each intent whether there is one."""
    async with (
        redis(tmp_path / "a") as master,
        redis(tmp_path / "b") as replica,
        opened(await master.created()) as link,
    ):
        await replica.ask("REPLICAOF", "127.0.0.1", master.port)
        await in_step(replica)
        replica.freeze()
        with caplog.at_level(logging.WARNING):
            await link.script(COUNT, [], repeat=False)
            await link.wait_for_replica()
    assert [record.message for record in caplog.records] == ["no replica has it"]


async def test_a_lone_server_is_not_waited_for(redis_url: str) -> None:
    """Where no replica exists there is nothing to wait for."""
    async with opened(redis_url) as link:
        await link.wait_for_replica()
        assert await link.script(ECHO, ["x"], repeat=False) == b"x"
