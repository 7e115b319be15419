"""The link to a real Redis: deadlines, lost replies, cancelled calls, and what is believed of a server."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.store.protocol import StoreDown, Unanswered
from bot.store.redis_link import CONNECTIONS, Link
from tests.proxy import Proxy, proxy
from tests.redis_place import RedisServer, redis
from tests.store.redis_links import COUNT, ECHO, opened


@asynccontextmanager
async def through_proxy(server: RedisServer) -> AsyncIterator[tuple[Link, Proxy]]:
    """A link on a new store, with a proxy between."""
    await server.created()
    async with proxy(server.port) as between, opened(f"redis://127.0.0.1:{between.port}/0") as link:
        yield link, between


async def test_a_script_is_loaded_once_and_runs(redis_url: str, redis_server: RedisServer) -> None:
    """The first call sends the text, later ones the digest; a server that forgot it is sent it again."""
    async with opened(redis_url) as link:
        assert await link.script(COUNT, [], repeat=False) == 1
        assert await link.script(COUNT, [], repeat=False) == 2
        await redis_server.ask("SCRIPT", "FLUSH")
        assert await link.script(COUNT, [], repeat=False) == 3


async def test_a_lost_reply_is_an_honest_failure(redis_server: RedisServer) -> None:
    """Sent, done, and the reply lost: StoreDown, and it is not sent a second time."""
    async with through_proxy(redis_server) as (link, between):
        await link.script(COUNT, [], repeat=False)
        between.drop_reply(COUNT.sha.encode())
        with pytest.raises(StoreDown, match="refused or lost"):
            await link.script(COUNT, [], repeat=False)
        assert await link.script(COUNT, [], repeat=False) == 3


async def test_what_knows_its_repetition_is_sent_again(redis_server: RedisServer) -> None:
    """With repeat=True the same call goes out on a fresh connection, within the same deadline."""
    async with through_proxy(redis_server) as (link, between):
        await link.script(COUNT, [], repeat=True)
        between.drop_reply(COUNT.sha.encode())
        assert await link.script(COUNT, [], repeat=True) == 3
        assert between.lost == 1


async def test_f20_a_cancelled_call_shifts_no_reply(redis_server: RedisServer) -> None:
    """F20: 16 calls are cut off between send and reply; every later call gets its own answer."""
    async with through_proxy(redis_server) as (link, between):
        await asyncio.gather(*(link.script(ECHO, ["warm"], repeat=True) for _ in range(16)))
        between.hold()
        calls = [asyncio.create_task(link.script(ECHO, [f"cut-{n};"], repeat=True)) for n in range(16)]
        for n in range(16):
            await between.passed(f"cut-{n};".encode())
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        between.let_go()
        later = [f"asked-{n}" for n in range(64)]
        answers = await asyncio.gather(*(link.script(ECHO, [one], repeat=True) for one in later))
        assert answers == [one.encode() for one in later]
        assert all(call.cancelled() for call in calls)


async def test_f20_a_storm_of_cancelled_calls_leaves_the_pool_whole(redis_url: str) -> None:
    """F20: calls are cut off at every possible moment; no connection is lost, and no answer goes astray."""
    chance = random.Random(20)
    async with opened(redis_url) as link:
        for n in range(200):
            calls = [asyncio.create_task(link.script(ECHO, [f"cut-{n}-{m}"], repeat=True)) for m in range(20)]
            for _ in range(chance.randrange(12)):
                await asyncio.sleep(0)
            for call in chance.sample(calls, 10):
                call.cancel()
            answers = await asyncio.gather(*calls, return_exceptions=True)
            for m, answer in enumerate(answers):
                assert answer == f"cut-{n}-{m}".encode() or isinstance(answer, asyncio.CancelledError)
        many = [f"last-{n}" for n in range(100)]
        answers = await asyncio.gather(*(link.script(ECHO, [one], repeat=False) for one in many))
        assert answers == [one.encode() for one in many]


async def test_a_black_hole_is_told_as_what_it_is(redis_server: RedisServer) -> None:
    """Sent, and no answer within the deadline: it may have been done. Afterwards the link is as good as before."""
    async with through_proxy(redis_server) as (link, between):
        await link.script(COUNT, [], repeat=True)
        between.black_hole = True
        with pytest.raises(Unanswered, match="did not answer within 1 s"):
            await link.script(COUNT, [], repeat=True)
        between.black_hole = False
        assert await link.script(COUNT, [], repeat=True) == 2


async def test_what_never_left_is_told_as_not_done(redis_server: RedisServer) -> None:
    """Nobody listens: a plain StoreDown, and not the one that says that it may have been done."""
    async with through_proxy(redis_server) as (link, between):
        await between.stop()
        await between.idle()
        with pytest.raises(StoreDown, match="refused or lost") as down:
            await link.script(COUNT, [], repeat=True)
        assert type(down.value) is StoreDown
        await between.start()
        assert await link.script(COUNT, [], repeat=False) == 1


async def test_a_refusal_after_a_lost_reply_is_an_answer(redis_server: RedisServer) -> None:
    """The repetition was refused: an idempotent call that had been done would have said so instead."""
    async with through_proxy(redis_server) as (link, between):
        await link.script(COUNT, [], repeat=True)
        await redis_server.ask("SET", "{greenlight}:counted", "no number")
        between.drop_reply(COUNT.sha.encode())
        with pytest.raises(StoreDown, match=r"refused a command \(ERR\)") as down:
            await link.script(COUNT, [], repeat=True)
        assert type(down.value) is StoreDown


@pytest.mark.parametrize("fault", ["reset", "half_close"])
async def test_an_idle_connection_that_broke_costs_nothing(redis_server: RedisServer, fault: str) -> None:
    """Cut off between two calls, even those that must not be repeated: the next one takes a fresh connection."""
    async with through_proxy(redis_server) as (link, between):
        await link.script(COUNT, [], repeat=False)
        getattr(between, fault)()
        await between.idle()
        assert await link.script(COUNT, [], repeat=False) == 2


async def test_more_calls_than_connections_take_turns(redis_url: str, redis_server: RedisServer) -> None:
    """300 at once: all are answered, over no more connections than the link may have."""
    async with opened(redis_url) as link:
        answers = await asyncio.gather(*(link.script(COUNT, [], repeat=False) for _ in range(300)))
        clients = str(await redis_server.ask("CLIENT", "LIST"))
        assert sorted(answers) == list(range(1, 301))
        assert clients.count("name=greenlight") <= CONNECTIONS


async def test_a_link_may_be_closed_and_opened_again(redis_url: str) -> None:
    """It proves the ground anew."""
    async with opened(redis_url) as link:
        await link.close()
        await link.open()
        assert await link.script(ECHO, ["x"], repeat=False) == b"x"


async def test_a_frozen_server_does_what_it_was_sent_when_it_thaws(tmp_path: Path) -> None:
    """SIGSTOP: the callers are told that it may have been done, and once it goes on everything has its own answer."""
    async with redis(tmp_path) as server, opened(await server.created()) as link:
        await link.script(COUNT, [], repeat=False)
        server.freeze()
        calls = (link.script(COUNT, [], repeat=False) for _ in range(8))
        told = await asyncio.gather(*calls, return_exceptions=True)
        server.thaw()
        assert all(isinstance(one, StoreDown) for one in told)
        assert await link.script(ECHO, ["x"], repeat=True) == b"x"
        done = int(await server.ask("GET", "{greenlight}:counted")) - 1
        assert done <= sum(isinstance(one, Unanswered) for one in told)
