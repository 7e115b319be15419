"""No key of the shared store leaks, and the look for leaks finds them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.policy import Kind
from bot.domain.promotion import Phase, Run
from bot.store.protocol import Commit
from bot.store.redis import RedisStore
from bot.store.redis_keys import EXPIRING, KEYS, is_listed
from tests.redis_place import RedisServer
from tests.store.builders import add, done, promotion, put, row, stored
from tests.store.redis_keys import leaked
from tests.store.redis_stores import opened

DAY = 86_400
Plant = Callable[..., Awaitable[object]]


@pytest.fixture
async def store(redis_server: RedisServer) -> AsyncIterator[RedisStore]:
    """A store with a promotion that deploys, one that waits for the slot, and one that a worker holds."""
    async with opened(await redis_server.created()) as store:
        running = await add(store, 1, "want")
        await done(store, put(replace(running, phase=Phase.DEPLOYING, run=Run(run_id=8840)), 5.0, "keep"))
        await add(store, 2, "want")
        await done(store, replace(put(promotion(3, kind=Kind.ROLLBACK), 1.0), dedupe=("click-1", "P-3")))
        await store.claim_due(1.0, 60.0, 1)
        yield store


@pytest.fixture
def plant(store: RedisStore, redis_server: RedisServer) -> Plant:
    """What a mistake would do: one command on a key of the store."""

    async def command(name: str, key: str, *rest: str | int) -> object:
        return await redis_server.ask(name, store.link.meta.replace("meta", key), *rest)

    return command


async def test_a_store_in_use_leaks_nothing(store: RedisStore) -> None:
    """The look finds nothing in what the store itself wrote."""
    assert await leaked(store.link) == []


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (("SET", "card:P-1", "1"), "card:P-1 is on no list"),
        (("SET", "dedupe:click-9", "1 P-1"), "dedupe:click-9 is on no list"),
        (("PERSIST", "dedupe:click-1"), "dedupe:click-1 is on no list"),
        (("EXPIRE", "promotions", 900), "promotions is on no list"),
        (("ZADD", "due:others", 1, "P-9"), "due:others names P-9, which is not stored"),
        (("ZADD", "due:rollbacks", 1, "P-1"), "P-1 is due 2 times"),
        (("ZADD", "leased", 1, "P-9"), "leased names P-9, which is not stored"),
        (("ZADD", "leased", 1, "P-2"), "P-2 is leased without a token"),
        (("ZADD", "touched", 1, "P-1"), "P-1 is in touched without a lease"),
        (("SADD", "woken", "P-2"), "P-2 is woken and not due"),
        (("SADD", "owed", "P-1"), "P-1 is owed and due"),
        (("ZADD", "shelf:checkout/production:failed", 1, "P-1"), "P-1 stands on"),
        (("DEL", "shelf:checkout/production:deploying"), "P-1 is missing on"),
        (("ZADD", "shelves", 0, "inventory/production:failed"), "shelves are"),
        (("HSET", "correlations", "00", "P-1"), "correlation ids"),
        (("ZADD", "runs", 0, "1 0000000000000001 P-1"), "runs has P-1 under 1"),
        (("ZADD", "queue:checkout/production", 9, "P-9"), "queue:checkout/production names P-9"),
        (("ZADD", "queue:checkout/production", 9, "P-1"), "P-1 has 2 places in slots"),
        (("HDEL", "slots", "checkout/production"), "checkout/production has a queue and no holder"),
        (("XDEL", "audit", "2-0"), "the audit chain has gaps"),
        (("HSET", "audit:of", "P-1", "1"), "the rows of P-1"),
        (("HSET", "meta", "rows", 9), "the head of the audit chain"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(map(str, value)),
)
async def test_what_a_mistake_would_leave_behind_is_found(
    store: RedisStore, plant: Plant, command: tuple[str | int, ...], found: str
) -> None:
    """Keys on no list or without their end, members that name nothing, parts that disagree."""
    await plant(*command)
    assert [sentence for sentence in await leaked(store.link) if found in sentence]


async def test_what_is_remembered_of_messages_and_calls_ends(store: RedisStore, plant: Plant) -> None:
    """A message is forgotten by Redis itself a day after it stopped to count, a call's outcome after a minute."""
    assert 7 * DAY < int(str(await plant("TTL", "dedupe:click-1"))) <= 8 * DAY
    assert is_listed("op:x", expires=True)
    assert not is_listed("op:x", expires=False)


async def test_the_numbers_of_a_subject_do_not_grow(store: RedisStore) -> None:
    """Of the rows of one promotion the newest fifty are found by its name, however many there are."""
    await done(store, Commit(at=1.0, audit=tuple(row("P-1", float(at)) for at in range(120))))
    assert [one.at for one in await store.audit_of("P-1")] == [float(at) for at in range(70, 120)]
    assert await leaked(store.link) == []


async def test_what_is_over_leaves_only_its_history(store: RedisStore, plant: Plant) -> None:
    """Everybody ends: nobody is due, held, woken, in a queue or on an old shelf any more."""
    for number in (3, 2, 1):
        over = replace(await stored(store, number), phase=Phase.SUCCEEDED)
        await done(store, put(over, None, settled=True, at=9.0))
    await plant("ZADD", "leased", "XX", 1, "P-3")  # whoever held it is dead
    for claim in await store.claim_due(1e9, 60.0, 9):
        await store.release(claim, None, settled=True)
    assert await store.next_due(0.0) is None
    for key in (
        "due:rollbacks",
        "due:others",
        "held",
        "leased",
        "tokens",
        "touched",
        "woken",
        "owed",
        "slots",
    ):
        assert await plant("EXISTS", key) == 0, key
    assert await leaked(store.link) == []


def test_every_key_says_why_it_does_not_grow() -> None:
    """A list without reasons would only be a list of excuses."""
    for reason in (*KEYS.values(), *EXPIRING.values()):
        assert reason.endswith(".")
        assert len(reason.split()) > 2
