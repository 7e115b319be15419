"""Answers that are lost, late or not waited for: what was sent twice is done once, and everybody gets their own answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.store.protocol import Commit, Committed, Conflict, StoreDown
from bot.store.redis import RedisStore
from bot.store.redis_scripts import CLAIM, COMMIT, LOAD, RELEASE, RESERVE
from tests.proxy import Proxy, proxy
from tests.redis_place import RedisServer
from tests.store.builders import add, done, promotion, put, renamed, row, stored
from tests.store.redis_keys import leaked
from tests.store.redis_stores import opened

REPLICAS = 4
WRITERS = 50  # of each replica
READERS = 40


@pytest.fixture
async def between(redis_server: RedisServer) -> AsyncIterator[Proxy]:
    """A proxy before a Redis with a new empty store."""
    await redis_server.created()
    async with proxy(redis_server.port) as one:
        yield one


@pytest.fixture
async def store(between: Proxy) -> AsyncIterator[RedisStore]:
    """A store behind the proxy, which holds P-1 and has sent each of its scripts whole once."""
    async with opened(f"redis://127.0.0.1:{between.port}/0") as store:
        await add(store, 1)
        await store.load("P-1")
        await store.reserve("lock")
        await store.claim_due(0.0, 1.0, 1)
        yield store
        assert await leaked(store.link) == []


async def test_a_commit_whose_answer_is_lost_is_done_once(store: RedisStore, between: Proxy) -> None:
    """It is sent again, and told what it did the first time: no conflict with itself, one audit row."""
    change = put(promotion(2), 5.0, "want", at=4.0)
    before = times(between, COMMIT.sha.encode())
    between.drop_reply(COMMIT.sha.encode())
    first = await done(store, change)
    assert (between.lost, times(between, COMMIT.sha.encode()) - before) == (1, 2)
    assert first == Committed({"P-2": 1}, (await store.audit(0))[-1].digest)
    assert [one.subject for one in await store.audit(0)] == ["P-1", "P-2"]


async def test_a_message_whose_answer_is_lost_is_no_duplicate_of_itself(
    store: RedisStore, between: Proxy
) -> None:
    """A click that was committed once and sent twice is told that it was taken."""
    between.drop_reply(COMMIT.sha.encode())
    await done(store, replace(put(promotion(2)), dedupe=("click-1", "P-2")))
    assert between.lost == 1


async def test_an_intent_whose_answer_is_lost_is_neither_fenced_nor_in_conflict(
    store: RedisStore, between: Proxy
) -> None:
    """The worker that sends it again still holds its lease, and its own first commit is not somebody else's."""
    await done(store, Commit(at=2.0, wakes=("P-1",)))
    (claim,) = await store.claim_due(3.0, 60.0, 1)
    between.drop_reply(COMMIT.sha.encode())
    intent = put(await stored(store, 1), 9.0, at=3.0, claim=claim.token)
    assert (await done(store, replace(intent, intent=True))).revisions == {"P-1": 2}
    await store.release(claim, wake=500.0)
    assert await store.next_due(99.0) == 500.0


async def test_what_was_claimed_when_the_answer_was_lost_is_claimed(
    store: RedisStore, between: Proxy
) -> None:
    """Else nobody would work on it until the lease ran out."""
    await done(store, Commit(at=2.0, wakes=("P-1",)))
    between.drop_reply(CLAIM.sha.encode())
    (claim,) = await store.claim_due(3.0, 60.0, 9)
    assert (claim.promotion, between.lost) == ("P-1", 1)
    assert await store.renew(claim, 3.0, 60.0)


async def test_a_release_whose_answer_is_lost_does_not_take_the_next_lease(
    store: RedisStore, between: Proxy
) -> None:
    """Given back twice is given back once: whoever claims in between keeps what they have."""
    await done(store, Commit(at=2.0, wakes=("P-1",)))
    (lost,) = await store.claim_due(3.0, 60.0, 9)
    between.drop_reply(RELEASE.sha.encode())
    await store.release(lost, wake=3.0)
    (mine,) = await store.claim_due(3.0, 60.0, 9)
    await store.release(lost, wake=None, settled=True)
    assert await store.renew(mine, 3.0, 60.0)


async def test_a_number_whose_answer_is_lost_is_nobodys(store: RedisStore, between: Proxy) -> None:
    """A gap is allowed, a repeat never."""
    between.drop_reply(RESERVE.sha.encode())
    assert await store.reserve("lock") == 3
    assert await store.reserve("lock") == 4


async def test_a_commit_that_got_no_answer_at_all_is_not_acknowledged(
    store: RedisStore, between: Proxy
) -> None:
    """Who cannot know whether it was stored says so, and sending it anew afterwards is a conflict or a first time."""
    between.black_hole = True
    with pytest.raises(StoreDown):
        await store.commit(put(promotion(2)))
    between.black_hole = False
    between.reset()
    await done(store, put(promotion(2)))


async def test_f20_a_call_that_was_cancelled_leaves_its_answer_to_nobody(
    store: RedisStore, between: Proxy
) -> None:
    """Cancelled between request and answer, many times at once: everybody else gets the promotion they asked for."""
    for number in range(2, READERS + 1):
        await add(store, number)
    await asyncio.gather(
        *(stored(store, number) for number in range(1, READERS + 1))
    )  # opens every connection
    between.hold()
    before = times(between, LOAD.sha.encode())
    reading = {number: asyncio.create_task(stored(store, number)) for number in range(1, READERS + 1)}
    await between.passed(LOAD.sha.encode(), before + 8)
    for number in range(1, READERS + 1, 2):
        reading[number].cancel()
    between.let_go()
    for number in range(2, READERS + 1, 2):
        assert (await reading[number]).id == f"P-{number}"
    assert [(await stored(store, number)).id for number in (1, 2, 3)] == ["P-1", "P-2", "P-3"]


async def test_f20_a_commit_that_was_cancelled_is_whole_or_not_there(
    store: RedisStore, between: Proxy
) -> None:
    """Nobody waits for its answer any more; what it wrote is complete, and the next commit gets its own answer."""
    between.hold()
    before = times(between, COMMIT.sha.encode())
    writing = asyncio.create_task(store.commit(put(promotion(2), 5.0, "want")))
    await between.passed(COMMIT.sha.encode(), before + 1)
    writing.cancel()
    between.let_go()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert (await done(store, put(promotion(3)))).revisions == {"P-3": 1}
    assert (await store.slot("checkout", "production")).holder == "P-2"
    assert await store.next_due(9.0) == 0.0


async def test_of_fifty_writers_on_each_of_four_replicas_one_wins(redis_url: str) -> None:
    """Two hundred commits of one revision: one is committed, and the rest are told to look again."""
    async with (
        opened(redis_url) as one,
        opened(redis_url) as two,
        opened(redis_url) as three,
        opened(redis_url) as four,
    ):
        before = await add(one, 1)
        replicas = (one, two, three, four)
        assert len(replicas) == REPLICAS
        outcomes = await asyncio.gather(
            *(each.commit(put(renamed(before, f"{n}"))) for n in range(WRITERS) for each in replicas)
        )
        assert sum(isinstance(outcome, Committed) for outcome in outcomes) == 1
        assert outcomes.count(Conflict("P-1")) == REPLICAS * WRITERS - 1
        assert len(await two.audit(0)) == 2
        assert await leaked(one.link) == []


async def test_a_chain_that_does_not_fit_is_left_alone(redis_server: RedisServer) -> None:
    """Somebody wrote into the chain by hand: the next commit writes nothing at all, instead of a half."""
    async with opened(await redis_server.created()) as store:
        await add(store, 1)
        await redis_server.ask("XADD", store.link.meta.replace("meta", "audit"), "7-0", "at", "1")
        with pytest.raises(StoreDown):
            await store.commit(Commit(at=1.0, audit=(row(),), wakes=("P-1",), dedupe=("click-1", "P-1")))
        assert await store.next_due(9.0) is None


def times(between: Proxy, what: bytes) -> int:
    """How many requests with these bytes reached Redis."""
    return sum(what in one for one in between.asked)
