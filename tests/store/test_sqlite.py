"""The embedded store keeps the contract, owns its file, and refuses ground that it cannot trust."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.protocol import Store
from bot.store.sqlite import SqliteStore
from tests.store.builders import Reopen
from tests.store.contract import StoreContract


class Opened:
    """A store on one file, which can be closed and opened again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.store = SqliteStore(path)

    async def reopen(self) -> Store:
        """The same file in a new store."""
        await self.store.close()
        self.store = SqliteStore(self._path)
        await self.store.open()
        return self.store


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    """An empty store that is closed at the end, whichever it is by then."""
    opened = Opened(tmp_path / "greenlight.db")
    await opened.store.open()
    yield opened
    await opened.store.close()


@pytest.fixture
def store(opened: Opened) -> Store:
    """The store that a test begins with."""
    return opened.store


@pytest.fixture
def reopen(opened: Opened) -> Reopen:
    """What a test calls for a restart."""
    return opened.reopen


class TestSqlite(StoreContract):
    """Everything that any store must do."""
