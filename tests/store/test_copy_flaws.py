"""What a look through a shared store must find, what it must not call damage, and what is not copied."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.promotion import Phase
from bot.store.protocol import StoreDown
from bot.store.redis import RedisStore
from bot.store.redis_copy import LAST_IN_LINE, REMEMBERED, ROWS_BY_SUBJECT, RedisTarget
from bot.store.redis_link import SCHEMA, connect
from bot.store.redis_scripts import COMMIT
from bot.store.redis_source import RedisSource
from bot.store.sqlite_copy import SqliteSource, SqliteTarget
from bot.store.survey import MOST_NAMED, Survey, lasting, named
from tests.redis_formations import replicated
from tests.redis_place import RedisServer, redis
from tests.store.builders import done, promotion, put, stored
from tests.store.files import opened as opened_file
from tests.store.redis_stores import opened
from tests.store.test_copy import look, moved, reserved

KEY = "{greenlight}:"


async def lived_in(store: RedisStore) -> None:
    """One that deploys and has a run, one that waits behind it, one that is over."""
    for number in (1, 2, 3):
        assert await reserved(store) == number
    one = replace(promotion(1), phase=Phase.DEPLOYING, run=replace(promotion(1).run, run_id=77))
    await done(store, put(one, 1.0, "want"))
    await done(store, put(promotion(2), 2.0, "want"))
    await done(store, put(replace(promotion(3), phase=Phase.SUCCEEDED)))


DAMAGE = {
    "DEL due:others": "P-1 is deploying and nobody will ever look at it",
    "DEL shelves": "P-1 is missing on its shelf",
    "DEL shelf:checkout/production:succeeded": "P-3 is missing on its shelf",
    "DEL correlations": "P-2 is not found by its correlation id",
    "DEL runs": "P-1 is not found as 77 in runs",
    "DEL sequences": "the next number is not above P-3",
    "DEL slots": "P-1 deploys and does not hold its slot",
    "DEL promotions": "there are not as many correlation ids as promotions",
    "HDEL promotions P-3": "there are not as many promotions on the shelves",
    "HSET slots checkout/production gone": "who holds a slot cannot be read",
    "HSET slots checkout/production 1.0\tP-9": "is held by P-9, which is not open there",
    "ZADD queue:checkout/production 9 P-3": "P-3 queues for checkout in production and is not open there",
    "SADD woken P-3": "P-3 was woken and is not due",
    "ZADD held 1 P-3": "P-3 is held by a worker without a lease",
    "XDEL audit 3-0": "the end of the chain is gone",
    "HDEL meta rows head": "the newest audit row is not the one that was counted last",
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_survey_finds_what_is_gone(redis_server: RedisServer, damage: str) -> None:
    """By an eviction or by hand: the store with a missing key was called OK, and copied without what was in it."""
    url = await redis_server.created()
    async with opened(url) as store:
        await lived_in(store)
    assert (await look(RedisSource(url, owned=False))).is_whole
    command, key, *rest = damage.split(" ")
    await redis_server.ask(command, KEY + key, *(one.replace("\t", " ") for one in rest))
    findings = (await look(RedisSource(url, owned=False))).findings
    assert any(DAMAGE[damage] in sentence for sentence in findings), findings


async def test_a_survey_finds_a_record_unlike_its_document(redis_server: RedisServer) -> None:
    """The scripts read the line, Python the document: where the two differ each does something else."""
    url = await redis_server.created()
    async with opened(url) as store:
        await lived_in(store)
    record = await redis_server.ask("HGET", f"{KEY}promotions", "P-1")
    for changed in (record.replace(" deploying ", " waiting ", 1), record.replace(" 77 ", " 78 ", 1)):
        await redis_server.ask("HSET", f"{KEY}promotions", "P-1", changed)
        findings = (await look(RedisSource(url, owned=False))).findings
        assert "P-1 is filed as something that its document does not say." in findings


async def test_a_broken_store_is_not_copied(redis_server: RedisServer, tmp_path: Path) -> None:
    """Without its shelves the copy had no promotions, and said that it was made."""
    url = await redis_server.created()
    async with opened(url) as store:
        await lived_in(store)
    await redis_server.ask("DEL", f"{KEY}shelves")
    with pytest.raises(StoreDown, match="not copied"):
        await moved(RedisSource(url, owned=True), SqliteTarget(tmp_path / "after.db"))
    assert not (tmp_path / "after.db").exists()


async def test_what_happens_during_a_look_is_found_once_at_most(redis_server: RedisServer) -> None:
    """A deploy that ends between two pages looks like damage; the next look at the same store does not find it."""
    url, first = await redis_server.created(), Survey()
    async with opened(url) as store:
        await lived_in(store)
        source = RedisSource(url, owned=False)
        await source.open()
        async for pieces in source.pages():
            first.see(pieces)
            if (one := await stored(store, 1)).phase.is_open:
                await done(store, put(replace(one, phase=Phase.SUCCEEDED)))
        first.end()
        await source.close()
        again = await look(RedisSource(url, owned=False))
    assert "P-1 deploys and does not hold its slot." in first.findings
    assert lasting(first, again).is_whole


async def test_a_bot_that_has_nothing_to_do_is_noticed(redis_server: RedisServer, tmp_path: Path) -> None:
    """It holds no lease, so it was not seen, and went on writing into what had been copied."""
    url = await redis_server.created()
    async with opened(url) as store:
        await done(store, put(promotion(await reserved(store)), 1e12))
        with pytest.raises(StoreDown, match="a bot is connected to it: stop every bot"):
            await RedisSource(url, owned=True).open()
    await moved(RedisSource(url, owned=True), SqliteTarget(tmp_path / "after.db"))


async def test_bots_that_cannot_be_seen_are_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A user with the rights that the manual names may not ask who is connected: the copy says so and goes on."""
    rights = ("~{greenlight}:*", "+@all", "-@dangerous", "+info")
    async with redis(tmp_path / "redis") as server:
        url = await server.created()
        await server.ask("ACL", "SETUSER", "bot", "on", ">password", *rights)
        async with opened(url) as store:
            await lived_in(store)
        found = await look(RedisSource(url.replace("//", "//bot:password@"), owned=True))
    assert (found.promotions, found.findings) == (3, [])
    assert "make sure that every bot is stopped" in caplog.text
    assert "password" not in caplog.text


async def test_a_copy_knows_that_its_source_may_have_forgotten(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    """Copied after a failover, a store started again at once what its source only started after a look in GitHub."""
    file = tmp_path / "after.db"
    async with replicated(tmp_path) as servers:
        async with opened(await servers.master.created()) as store:
            await done(store, put(promotion(await reserved(store)), 1.0))
        await servers.level()
        await servers.promote()
        link = await connect(servers.replica.url, now=lambda: 1000.5)
        await link.open()
        await link.close()
        await moved(RedisSource(servers.replica.url, owned=True), SqliteTarget(file))
    copied = await opened_file(file)
    assert (link.switched, copied.switched) == (1000.5, 1001.0)
    await copied.close()
    await moved(SqliteSource(file, owned=True), RedisTarget(redis_server.url))
    async with opened(redis_server.url) as store:
        assert store.switched == 1001.0


LUA_NUMBERS = {
    "DEDUPE_KEPT": REMEMBERED,
    "ROWS_BY_SUBJECT": ROWS_BY_SUBJECT,
    "LAST_IN_LINE": LAST_IN_LINE,
    "SCHEMA": SCHEMA,
}


@pytest.mark.parametrize("name", LUA_NUMBERS)
async def test_a_copy_is_filled_with_the_numbers_of_the_scripts(redis_server: RedisServer, name: str) -> None:
    """Both write queues, messages and subjects of one store: Redis itself says what its scripts mean."""
    said = re.search(rf"^local {name} = ([^-\n]+)", COMMIT.text, re.MULTILINE)
    assert said is not None
    meant = await redis_server.ask("EVAL", f"return string.format('%.0f', {said[1]})", 0)
    assert int(meant) == LUA_NUMBERS[name]


def test_very_many_findings_are_counted() -> None:
    """A store without its shelves has one finding for each promotion; a message has twenty and a number."""
    findings = [f"P-{number} is missing on its shelf." for number in range(1000)]
    assert named(findings) == [*findings[:MOST_NAMED], "and 980 more."]
    assert named(findings[:MOST_NAMED]) == findings[:MOST_NAMED]
