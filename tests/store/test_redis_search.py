"""Questions to the shared store: in pieces when they are long, refused when the store is another one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.store.codec import NewerDocument
from bot.store.protocol import Claim, Commit, PromotionPut, Query, StoreDown, Wanted
from bot.store.redis import RedisStore
from bot.store.redis_scripts import FIND, SEE
from tests.proxy import Proxy, proxy
from tests.redis_place import RedisServer
from tests.store.builders import add, done, promotion, put, row
from tests.store.redis_stores import opened

MANY = 2100  # promotions: more than two calls examine
RARE = "f" * 40


@pytest.fixture
async def between(redis_server: RedisServer) -> AsyncIterator[Proxy]:
    """A proxy before a Redis with a new empty store."""
    await redis_server.created()
    async with proxy(redis_server.port) as one:
        yield one


@pytest.fixture
async def store(between: Proxy) -> AsyncIterator[RedisStore]:
    """A store behind the proxy."""
    async with opened(f"redis://127.0.0.1:{between.port}/0") as store:
        yield store


async def test_a_long_search_is_made_in_pieces(store: RedisStore, between: Proxy) -> None:
    """One of two thousand has the SHA: each call examines a thousand at most, and nobody is left out or doubled."""
    await fill(store)
    query = Query(service="checkout", sha=RARE)
    assert [one.id for one in await store.find(query)] == ["P-1"]
    assert calls(between, FIND.sha) == 3
    assert [one.id for one in (await store.see(looking(query))).found[0]] == ["P-1"]
    assert (calls(between, FIND.sha), calls(between, SEE.sha)) == (5, 1)
    everything = await store.find_ids(Query(limit=-1))
    assert everything == [f"P-{number}" for number in range(MANY, 0, -1)]


async def test_a_service_with_signs_in_its_name_is_told_from_others(store: RedisStore) -> None:
    """What separates names in keys may be part of a name."""
    odd = [("a", "b/c"), ("a/b", "c"), ("a:b", "c%"), ("a b", "c\nd"), ("ä", "*")]
    for number, (service, environment) in enumerate(odd, start=1):
        strange = replace(promotion(number, service), environment=environment)
        await done(store, put(strange, slot="want", at=float(number)))
    for number, (service, environment) in enumerate(odd, start=1):
        assert await store.find_ids(Query(service=service)) == [f"P-{number}"]
        assert await store.find_ids(Query(environment=environment)) == [f"P-{number}"]
        assert (await store.slot(service, environment)).holder == f"P-{number}"
    assert [(slot.service, slot.environment) for slot in await store.slots_held()] == sorted(odd)


async def test_what_a_newer_version_wrote_is_not_left_out(
    store: RedisStore, redis_server: RedisServer
) -> None:
    """A search that met a document it cannot read says so: without it, somebody who holds the slot would be missed."""
    await add(store, 1)
    newer = '9 frozen promote checkout/production - - - more words\n{"v":99}'
    key = store.link.meta.replace("meta", "promotions")
    await redis_server.ask("HSET", key, "P-1", newer)
    with pytest.raises(NewerDocument):
        await store.find(Query())
    with pytest.raises(NewerDocument):
        await store.load("P-1")
    assert await store.find_ids(Query()) == ["P-1"]


async def test_f14_nothing_is_answered_about_another_store(
    store: RedisStore, redis_server: RedisServer
) -> None:
    """Emptied and created anew under an open store: each method refuses, and none of them writes."""
    claim = Claim("P-1", "token")
    await redis_server.created()
    for call in (
        store.commit(Commit(at=1.0, audit=(row(),), dedupe=("click-1", "P-1"))),
        store.load("P-1"),
        store.find(Query()),
        store.find_ids(Query()),
        store.see(looking(Query())),
        store.find_by_correlation("00"),
        store.find_by_run(1),
        store.find_by_channel("C0INC"),
        store.documents(["freeze:1"]),
        store.slot("checkout", "production"),
        store.slots_held(),
        store.reserve("promotion"),
        store.claim_due(1.0, 60.0, 1),
        store.renew(claim, 1.0, 60.0),
        store.release(claim, None, settled=True),
        store.next_due(1.0),
        store.audit(0),
        store.audit_of("P-1"),
        store.verify_audit(),
    ):
        with pytest.raises(StoreDown):
            await call
    assert await redis_server.ask("KEYS", "*") == [store.link.meta]


async def fill(store: RedisStore) -> None:
    """Many promotions of one place, the oldest with a rare SHA."""
    await done(store, put(replace(promotion(1), sha=RARE)))
    rest = [PromotionPut(promotion(number), None, settled=True) for number in range(2, MANY + 1)]
    pages = [tuple(rest[start : start + 100]) for start in range(0, len(rest), 100)]
    await asyncio.gather(*(done(store, Commit(at=1.0, puts=page, audit=(row(),))) for page in pages))


def looking(query: Query) -> Wanted:
    """What a decision looks at, with one search."""
    return Wanted((), "checkout", "production", (query,))


def calls(between: Proxy, sha: str) -> int:
    """How often a script was called, without the time when it was sent whole after it."""
    return sum(sha.encode() in one for one in between.asked)
