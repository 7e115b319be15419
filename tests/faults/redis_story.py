"""A story whose bot keeps everything in a Redis of its own, with a proxy between that can spoil what passes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest

from bot.store.protocol import StoreDown
from tests.proxy import Proxy, proxy
from tests.redis_place import RedisServer, redis
from tests.stories.story import Somebody, Story

NOT_RECORDED = (
    "I cannot reach my database, so I will not approve or start anything, and this was not recorded."
)
UNCLEAR = "My database took too long, and I cannot tell whether this was recorded."


@dataclass(frozen=True, slots=True)
class Shared:
    """The world, the bot, its Redis, and what is between the two."""

    story: Story
    server: RedisServer
    between: Proxy

    async def turns(self, colour: str) -> None:
        """Return when /readyz says that the store is well (green), or that it is not (red)."""
        says = "store: ok" if colour == "green" else "store: not ok"

        async def is_said() -> bool:
            return says in await self._readiness()

        await self.story.sees(is_said, colour)

    async def _readiness(self) -> str:
        settings = self.story.bot.settings
        url = f"http://{settings.http_host}:{settings.http_port}/readyz"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            text = await answer.text()
            assert (answer.status == HTTPStatus.OK) is ("not ok" not in text)
            return text

    async def refuses_everything(self) -> str:
        """The sentence with which the store itself refuses to read and to write."""
        store = self.story.bot.store
        with pytest.raises(StoreDown):
            await store.reserve("promotion")
        with pytest.raises(StoreDown) as down:
            await store.load("P-1")
        return str(down.value)


@asynccontextmanager
async def on_redis(directory: Path, *options: str) -> AsyncIterator[Shared]:
    """A world in which the bot runs on a new store; at its end nothing unexpected is left."""
    async with redis(directory / "redis", *options) as server, proxy(server.port) as between:
        await server.created()
        story = Story(directory / "world")
        story.lease = 3.0  # it runs out in real time: after an outage nobody waits half a minute for it
        story.environment["STORE_URL"] = f"redis://127.0.0.1:{between.port}/0"
        try:
            await story.begins()
            yield Shared(story, server, between)
        finally:
            await story.ends()


async def is_told(person: Somebody, line: str) -> str:
    """What a person reads in answer to a line, in the three seconds that Slack gives."""
    replies = (await person.types(line))["replies"]
    assert len(replies) == 1, replies
    return str(replies[0]["text"])
