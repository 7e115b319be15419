"""The shared store keeps the contract on a real Redis, from several processes as from one."""

from collections.abc import AsyncIterator

import pytest

from bot.store.protocol import Store
from bot.store.redis import RedisStore
from bot.store.redis_link import connect
from tests.store.builders import Reopen
from tests.store.contract import StoreContract
from tests.store.redis_keys import leaked


class Opened:
    """A store at one URL, which can be closed and opened again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.store: RedisStore

    async def open(self) -> RedisStore:
        """A new store at the URL."""
        self.store = RedisStore(await connect(self._url, now=float))
        await self.store.open()
        return self.store

    async def reopen(self) -> Store:
        """What is kept there, in a new store."""
        await self.store.close()
        return await self.open()


@pytest.fixture
async def opened(redis_url: str) -> AsyncIterator[Opened]:
    """An empty store that is closed at the end, whichever it is by then, and holds nothing that is too much."""
    opened = Opened(redis_url)
    await opened.open()
    yield opened
    assert await leaked(opened.store.link) == []
    await opened.store.close()


@pytest.fixture
def store(opened: Opened) -> Store:
    """The store that a test begins with."""
    return opened.store


@pytest.fixture
def reopen(opened: Opened) -> Reopen:
    """What a test calls for a restart."""
    return opened.reopen


class TestRedis(StoreContract):
    """Everything that any store must do."""
