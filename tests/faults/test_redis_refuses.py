"""Redis answers, and what it says is no: it is full, emptied, demoted, or cannot write. Everything fails closed."""

import shutil
from pathlib import Path

import pytest

from bot.adapters.clock import SystemClock
from bot.domain.intent import SETTLE
from bot.store.choice import store_of
from bot.store.protocol import StoreDown
from tests.faults.redis_story import NOT_RECORDED, Shared, is_told, on_redis
from tests.proxy import proxy
from tests.redis_formations import replicated
from tests.redis_place import free_port, redis
from tests.store.redis_links import COUNT, opened
from tests.stories.deploys import is_asked, is_running, messages_about


@pytest.mark.parametrize(
    ("option", "fix"),
    [
        (("appendonly", "no"), "CONFIG SET appendonly yes, and `appendonly yes` in redis.conf"),
        (("maxmemory-policy", "allkeys-lru"), "CONFIG SET maxmemory-policy noeviction"),
    ],
)
async def test_f13_f16_a_redis_that_forgets_is_refused(
    tmp_path: Path, option: tuple[str, str], fix: str
) -> None:
    """F13, F16: without the append-only file, or with eviction, the store does not open; the sentence has the fix."""
    async with redis(tmp_path) as server:
        url = await server.created()
        await server.ask("CONFIG", "SET", *option)
        with pytest.raises(StoreDown) as refused:
            await store_of(url, SystemClock()).open()
        assert fix in str(refused.value)


async def test_f13_f14_an_emptied_redis_is_not_a_new_one(tmp_path: Path) -> None:
    """F13, F14: a Redis that comes back empty is refused at the start: empty is not the same as nothing pending."""
    async with redis(tmp_path) as server:
        url = await server.created()
        server.kill()
        shutil.rmtree(server.directory)
        await server.start()
        with pytest.raises(StoreDown, match="holds no Greenlight store"):
            await store_of(url, SystemClock()).open()
        assert await server.ask("DBSIZE") == 0


async def test_f14_an_emptied_store_halts_until_its_backup_is_back(tmp_path: Path) -> None:
    """F14: FLUSHALL under a run and a waiting promotion: nothing is dispatched or made anew; then it goes on."""
    async with on_redis(tmp_path) as shared:
        story = shared.story
        await is_running(story)
        await story.ana.types("/promote storefront@v1.2.0 to production because fix refunds")
        await story.sees(lambda: messages_about(story, "P-2"), "the second card")
        shutil.copytree(shared.server.directory, tmp_path / "backup")
        await shared.server.ask("FLUSHALL")

        assert "it was emptied or exchanged" in await shared.refuses_everything()
        await is_halted(shared)
        assert await shared.server.ask("DBSIZE") == 0

        shared.server.kill()
        shutil.rmtree(shared.server.directory)
        shutil.move(tmp_path / "backup", shared.server.directory)
        await shared.server.start()
        story.passes(300)
        await story.until("P-1", "succeeded")
        assert (await story.stands("P-2")).phase.value == "waiting"
        assert len(story.runs) == 1


async def test_f14_another_store_in_its_place_is_not_taken_for_ours(tmp_path: Path) -> None:
    """F14: emptied and created anew while the bot runs: it does not write into a store that forgot what runs."""
    async with on_redis(tmp_path) as shared:
        await is_running(shared.story)
        await shared.server.created()
        shared.between.reset()  # new connections are as wary as old ones
        made = await shared.server.ask("HGETALL", "{greenlight}:meta")

        assert "it was emptied or exchanged" in await shared.refuses_everything()
        await is_halted(shared)
        assert await shared.server.ask("HGETALL", "{greenlight}:meta") == made


async def test_f16_a_full_redis_fails_closed(tmp_path: Path) -> None:
    """F16: maxmemory is reached: the approver hears that it was not recorded; with room again all goes on."""
    async with on_redis(tmp_path) as shared:
        story = shared.story
        await is_asked(story)
        await shared.server.ask("CONFIG", "SET", "maxmemory", 1)
        await is_halted(shared)
        with pytest.raises(StoreDown, match="its memory is full: raise maxmemory"):
            await story.bot.store.reserve("promotion")
        await shared.server.ask("CONFIG", "SET", "maxmemory", 0)
        await goes_on(shared)


async def test_f19_a_server_that_became_a_replica_fails_closed(tmp_path: Path) -> None:
    """F19: READONLY: nothing is recorded or dispatched, the connection is dropped, and a master again goes on."""
    async with on_redis(tmp_path) as shared:
        story = shared.story
        await is_asked(story)
        await shared.server.ask("REPLICAOF", "127.0.0.1", free_port())
        await is_halted(shared)
        with pytest.raises(StoreDown, match="it is a read-only replica: name the master"):
            await story.bot.store.reserve("promotion")
        await shared.server.ask("REPLICAOF", "NO", "ONE")
        await goes_on(shared)


async def test_f19_a_redis_that_cannot_write_its_disk_fails_closed(tmp_path: Path) -> None:
    """F19: MISCONF: a snapshot failed and Redis refuses writes; the sentence says so, and it recovers."""
    async with on_redis(tmp_path) as shared:
        story = shared.story
        await is_asked(story)
        in_the_way = shared.server.directory / "dump.rdb"
        (in_the_way / "full").mkdir(parents=True)
        await shared.server.ask("CONFIG", "SET", "save", "3600 1000000")
        await shared.server.ask("BGSAVE")
        await shared.server.comes("INFO", "persistence", what="rdb_last_bgsave_status:err")
        await is_halted(shared)
        with pytest.raises(StoreDown, match="it cannot write to its disk: free the disk"):
            await story.bot.store.reserve("promotion")
        shutil.rmtree(in_the_way)
        await shared.server.ask("BGSAVE")
        await shared.server.comes("INFO", "persistence", what="rdb_last_bgsave_status:ok")
        await goes_on(shared)


async def test_f19_a_demoted_server_leads_to_the_new_master(tmp_path: Path) -> None:
    """F19: both live, and the address leads to the new one: READONLY on an old connection costs no call."""
    async with replicated(tmp_path) as servers, proxy(servers.master.port) as between:
        await servers.master.created()
        async with opened(f"redis://127.0.0.1:{between.port}/0", 1000.0) as link:
            assert await link.script(COUNT, [], repeat=False) == 1
            await servers.level()
            await servers.promote()
            await servers.demote()
            between.target = servers.replica.port
            assert await link.script(COUNT, [], repeat=False) == 2
            assert link.switched == 1000.0
            assert await servers.replica.ask("GET", "{greenlight}:counted") == "2"


async def is_halted(shared: Shared) -> None:
    """Time passes, and nothing is approved, recorded, dispatched or reported as well."""
    before = shared.story.dispatches()
    assert (await is_told(shared.story.bo, "/promote approve P-1")).startswith(NOT_RECORDED)
    await shared.turns("red")
    shared.story.passes(600)
    assert (await is_told(shared.story.cy, "/promote approve P-1")).startswith(NOT_RECORDED)
    assert shared.story.dispatches() == before


async def goes_on(shared: Shared) -> None:
    """The same promotion is approved and deployed once; neither of the refused approvals counted."""
    story = shared.story
    await shared.turns("green")
    assert (await story.stands("P-1")).approvals == ()
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    story.passes(SETTLE)
    await story.until("P-1", "succeeded")
    assert len(story.runs) == 1
