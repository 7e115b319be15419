"""What a Redis has to be before the bot runs on it, and that only a person makes a store there."""

import logging
from pathlib import Path

import pytest

from bot.store.protocol import StoreDown
from bot.store.redis_create import create
from bot.store.redis_ground import ground_of, identity_of
from tests.redis_formations import replicated
from tests.redis_place import RedisServer, redis
from tests.store.redis_links import COUNT, ECHO, opened

GOOD = {
    "redis_version": "7.0.15",
    "run_id": "a1",
    "role": "master",
    "aof_enabled": "1",
    "maxmemory_policy": "noeviction",
    "master_replid2": "0" * 40,
}


async def refusal(url: str) -> str:
    """The sentence with which a start on this Redis is refused."""
    with pytest.raises(StoreDown) as refused:
        async with opened(url):
            pass
    return str(refused.value)


def test_a_good_server_has_nothing_against_it() -> None:
    """A master with its append-only file, which throws nothing away."""
    ground = ground_of(GOOD)
    assert (ground.wrong, ground.doubts) == ((), ())


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            {"role": "slave"},
            "it is a read-only replica: name the master, or the sentinels with redis+sentinel://",
        ),
        ({"redis_version": "6.0.16"}, "it is Redis 6.0.16: run 6.2 or newer"),
        ({"redis_version": "5.9"}, "it is Redis 5.9: run 6.2 or newer"),
    ],
)
def test_what_is_wrong_cannot_be_overridden(told: dict[str, str], sentence: str) -> None:
    """A replica, or a server without what the scripts need, never works."""
    assert [trouble.why for trouble in ground_of(GOOD | told).wrong] == [sentence]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (
            {"aof_enabled": "0"},
            "its append-only file is off, so it forgets when it dies: CONFIG SET appendonly yes, "
            "and `appendonly yes` in redis.conf",
        ),
        (
            {"maxmemory_policy": "allkeys-lru"},
            "it throws keys away when its memory is full (allkeys-lru): CONFIG SET maxmemory-policy noeviction, "
            "and `maxmemory-policy noeviction` in redis.conf",
        ),
    ],
)
def test_what_loses_data_is_a_doubt(told: dict[str, str], sentence: str) -> None:
    """Such a server is refused with the fix, unless the URL says that it is meant so."""
    assert ground_of(GOOD | told).doubts == (sentence,)


def test_what_is_not_told_is_a_doubt() -> None:
    """A server that hides its settings is not taken for a good one."""
    assert ground_of({}).doubts == ("it does not tell its settings (INFO is refused): allow the user +info",)
    untold = {name: value for name, value in GOOD.items() if name != "aof_enabled"}
    assert ground_of(untold).doubts == ("it does not tell aof_enabled (INFO): run one that does",)


def test_a_server_that_took_over_is_another_one() -> None:
    """Also when the process is the same: what it alone had before it was demoted is gone."""
    promoted = identity_of(GOOD | {"master_replid2": "b" * 40})
    assert len({identity_of(GOOD), promoted, identity_of(GOOD | {"run_id": "a2"})}) == 3
    assert identity_of({}) == ""


async def test_an_empty_redis_is_refused(redis_server: RedisServer) -> None:
    """An emptied store must not look like a new one: a person says which it is."""
    assert await refusal(redis_server.url) == (
        f"{redis_server.url}: it holds no Greenlight store: for a new one run `greenlight store create` once; "
        "if it held one before it was emptied: restore its backup, because an empty store would forget what runs."
    )


async def test_a_store_is_created_once(redis_server: RedisServer) -> None:
    """The second time is refused, and the first store stays what it was."""
    epoch = await create(redis_server.url)
    assert len(epoch) == 32
    with pytest.raises(StoreDown, match="holds a store of this name already"):
        await create(redis_server.url)
    async with opened(redis_server.url) as link:
        assert link.epoch == epoch


async def test_what_is_left_of_a_store_does_not_become_part_of_a_new_one(redis_server: RedisServer) -> None:
    """Keys of ours without the store's own: an accident, which a person has to look at."""
    await redis_server.ask("SET", "{greenlight}:P-1", "left over")
    with pytest.raises(StoreDown, match="holds a store of this name already"):
        await create(redis_server.url)
    assert await redis_server.ask("EXISTS", "{greenlight}:meta") == 0


async def test_other_programs_keys_are_left_alone(redis_server: RedisServer) -> None:
    """Two stores and somebody else share a Redis, told apart by their names."""
    await redis_server.ask("SET", "somebody", "else")
    one, two = await create(redis_server.url), await create(redis_server.url + "?name=blue")
    async with opened(redis_server.url) as green, opened(redis_server.url + "?name=blue") as blue:
        assert (green.epoch, blue.epoch) == (one, two)
    assert await redis_server.ask("GET", "somebody") == "else"


async def test_a_newer_store_is_refused_and_left_as_it_is(redis_server: RedisServer, redis_url: str) -> None:
    """What a newer version wrote is not touched, not even to say hello."""
    await redis_server.ask("HSET", "{greenlight}:meta", "schema", "99")
    before = await redis_server.ask("HGETALL", "{greenlight}:meta")
    assert "written by a newer Greenlight (schema 99, this one knows 1)" in await refusal(redis_url)
    assert await redis_server.ask("HGETALL", "{greenlight}:meta") == before


async def test_a_managed_redis_that_does_not_tell_runs_when_it_is_meant_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """INFO forbidden: refused, and with unproven=true it runs and the log says at each start what is not known."""
    async with redis(tmp_path) as server:
        url = await server.created()
        await server.ask("ACL", "SETUSER", "default", "-info", "-config")
        assert "allow the user +info" in await refusal(url)
        with caplog.at_level(logging.WARNING):
            async with opened(url + "?unproven=true") as link:
                assert link.doubts == (
                    "it does not tell its settings (INFO is refused): allow the user +info",
                )
                assert await link.script(COUNT, [], repeat=False) == 1
    assert [record.__dict__["why"] for record in caplog.records] == list(link.doubts)


async def test_an_untold_server_counts_as_another_after_each_loss(tmp_path: Path) -> None:
    """Who does not say who it is may have been replaced whenever a connection was lost."""
    async with redis(tmp_path) as server:
        url = await server.created()
        await server.ask("ACL", "SETUSER", "default", "-info")
        async with opened(url + "?unproven=true", 1000.0) as link:
            assert link.switched == 0.0
            await server.ask("CLIENT", "KILL", "TYPE", "normal")
            assert await link.script(ECHO, ["x"], repeat=True) == b"x"
            assert link.switched == 1000.0


async def test_a_user_of_its_own_needs_no_more_than_this(tmp_path: Path) -> None:
    """The access list that the documentation names is enough to create, start and run."""
    async with redis(tmp_path) as server:
        rules = (">secret", "~{greenlight}:*", "+@all", "-@dangerous", "+info")
        await server.ask("ACL", "SETUSER", "bot", "on", *rules)
        url = server.url.replace("//", "//bot:secret@")
        await create(url)
        async with opened(url) as link:
            assert await link.script(COUNT, [], repeat=False) == 1


@pytest.mark.parametrize(
    ("login", "sentence"),
    [
        ("", "it asks for a password: put it into the URL, redis://:password@…"),
        (":wrong-1@", "it refuses the user or password: set those of the URL anew"),
        ("nobody:wrong-1@", "it refuses the user or password: set those of the URL anew"),
    ],
)
async def test_a_wrong_login_is_said_at_once(tmp_path: Path, login: str, sentence: str) -> None:
    """One sentence says what to set, and repeats no password."""
    async with redis(tmp_path) as server:
        await server.ask("CONFIG", "SET", "requirepass", "right-1")
        said = await refusal(server.url.replace("//", f"//{login}"))
        assert said == f"{server.url}: {sentence}."


async def test_a_slower_disk_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """appendfsync everysec runs; the log says what can be lost, and how not to."""
    async with redis(tmp_path, "--appendfsync", "everysec") as server:
        url = await server.created()
        with caplog.at_level(logging.WARNING):
            async with opened(url):
                pass
    (warning,) = caplog.records
    assert warning.__dict__["why"].startswith("appendfsync is everysec: the last second can be lost")


async def test_too_few_replicas_have_a_sentence(tmp_path: Path) -> None:
    """An operator set min-replicas-to-write and a replica died: it read "a command, which is not expected"."""
    async with replicated(tmp_path) as servers, opened(await servers.master.created()) as link:
        await servers.master.ask("CONFIG", "SET", "min-replicas-to-write", 2)
        with pytest.raises(StoreDown, match="too few replicas follow it") as down:
            await link.script(COUNT, [], repeat=False)
        assert type(down.value) is StoreDown
        await servers.master.ask("CONFIG", "SET", "min-replicas-to-write", 1)
        assert await link.script(COUNT, [], repeat=False) == 1


async def test_a_restarted_server_is_a_switch_for_every_link(tmp_path: Path) -> None:
    """Whoever meets the new server first writes down when; all others read it. The same server changes nothing."""
    async with redis(tmp_path) as server:
        url = await server.created()
        async with opened(url, 1000.0) as first, opened(url, 2000.0) as second:
            assert (first.switched, second.switched) == (0.0, 0.0)
            await server.restart()
            await first.script(ECHO, ["x"], repeat=True)
            await second.script(ECHO, ["x"], repeat=True)
            assert (first.switched, second.switched) == (1000.0, 1000.0)
            async with opened(url, 3000.0) as third:
                assert third.switched == 1000.0


async def test_a_master_that_was_demoted_in_between_is_a_switch(tmp_path: Path) -> None:
    """There and back while nobody looked: the process is the same, and what it alone had is gone."""
    async with replicated(tmp_path) as servers:
        url = await servers.master.created()
        async with opened(url, 1000.0) as link:
            assert link.switched == 0.0
        await servers.level()
        await servers.promote()
        await servers.demote()
        await servers.back()
        async with opened(url, 2000.0) as link:
            assert link.switched == 2000.0
