"""Old and new replicas on one Redis: the old ones leave alone what they do not know, and the new ones go on with it."""

import logging
from pathlib import Path

import pytest

from bot.store.protocol import StoreDown
from bot.store.redis_link import SCHEMA
from tests.redis_place import RedisServer
from tests.replicas.crew import Crew, Replica, told
from tests.replicas.judge import said_twice
from tests.replicas.newer import THEIRS, Newer
from tests.stories.deploys import buttons, is_running, messages_about
from tests.stories.said import replies

LINE = "/promote checkout@v2.14.3 to production because fix refunds"
META = "{greenlight}:meta"


async def test_f37_a_newer_replica_goes_on_with_what_older_ones_leave_alone(
    tmp_path: Path, redis_server: RedisServer, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """F37: in the middle of a rolling upgrade the new replica brings its promotion out, the two old ones write not a
    byte of it and say so, and what only they have touched goes on as well: one run each."""
    async with told(Crew(tmp_path, redis_url, 2)) as crew:
        crew.world.run.seconds = 2.0
        newer = await crew.one_more(Newer())
        with caplog.at_level(logging.WARNING):
            await _says(crew, newer, LINE)
            await crew.sees(lambda: "Approve" in buttons(messages_about(crew, "P-1")), "the Approve button")
            for manager in ("bo", "cy"):
                refused = await _says(crew, crew.replicas[0], "/promote approve P-1", manager)
                assert "newer version" in refused
                await _says(crew, newer, "/promote approve P-1", manager)
            await _ends(crew, newer, "P-1")

        assert (await _stored(redis_server, "P-1")).count(THEIRS) == 1
        assert len(crew.dispatches()) == len(crew.runs) == 1
        assert said_twice(crew) == []
        assert [one.message for one in caplog.records if one.levelno >= logging.ERROR] == []
        await newer.stops()
        await _says(crew, crew.replicas[0], "/promote inventory@v1.1.0 to dev because it is time")
        await crew.until("P-2", "succeeded")
        assert len(crew.dispatches()) == len(crew.runs) == 2


async def test_f25_older_replicas_stop_when_a_newer_version_takes_the_store_over(
    tmp_path: Path, redis_server: RedisServer, redis_url: str
) -> None:
    """F25: a newer version raises the store's schema beside running replicas, by mistake: they refuse every command
    and write nothing from that moment on, a new one of them does not start, and the run goes on in GitHub."""
    async with told(Crew(tmp_path, redis_url, 2)) as crew:
        await is_running(crew)
        rows = await redis_server.ask("HGET", META, "rows")
        await redis_server.ask("HSET", META, "schema", str(SCHEMA + 1))
        rows = max(rows, await redis_server.ask("HGET", META, "rows"))
        for replica in crew.replicas:
            said = await _says(crew, replica, "/promote cancel P-1 because never mind")
            assert said.startswith("I cannot reach my database"), said
            with pytest.raises(StoreDown, match="a newer Greenlight has taken it over"):
                await replica.bot.store.load("P-1")
        with pytest.raises(StoreDown, match="written by a newer Greenlight"):
            await crew.one_more()
        crew.passes(60.0)
        assert await redis_server.ask("HGET", META, "rows") == rows
        assert crew.asked("github", "/cancel", "POST") == []

        await redis_server.ask("HSET", META, "schema", str(SCHEMA))
        crew.passes(600.0)
        await crew.until("P-1", "succeeded")
        await crew.settles()
        assert len(crew.dispatches()) == len(crew.runs) == 1


async def _says(crew: Crew, replica: Replica, line: str, person: str = "ana") -> str:
    """What somebody is told by one replica."""
    crew.front.next_is(replica.port)
    (said,) = replies(await crew.somebody(person).types(line))
    return said


async def _ends(crew: Crew, replica: Replica, promotion: str) -> None:
    """It succeeds, as one replica reads it."""

    async def has_succeeded() -> bool:
        stored = await replica.bot.store.load(promotion)
        return stored is not None and stored.phase == "succeeded"

    await crew.sees(has_succeeded, f"the end of {promotion}")


async def _stored(server: RedisServer, promotion: str) -> bytes:
    raw: str = await server.ask("HGET", "{greenlight}:promotions", promotion)
    return raw.encode()
