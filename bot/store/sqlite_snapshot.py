"""One moment of a database file, read in as many pages as it takes, whatever its owner commits meanwhile."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from bot.store.protocol import StoreDown
from bot.store.sqlite_schema import connect

T = TypeVar("T")


class Snapshot:
    """Answers all its questions from what was committed when the first one was asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None

    async def start(self) -> None:
        """Open the file; raises StoreDown for no database."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-snapshot")
        await self._on_thread(self._open)

    async def stop(self) -> None:
        """Close the file."""
        if self._thread is not None:
            await self._on_thread(self._close)
            self._thread.shutdown()
            self._thread = None

    async def run(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Ask; raises StoreDown when the file does not answer."""
        return await self._on_thread(lambda: question(self._known()))

    async def _on_thread(self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sqlite3.Error as error:
            raise StoreDown(f"{self._path}: {error}") from error

    def _open(self) -> None:
        self._connection = connect(self._path)
        self._connection.execute("PRAGMA query_only = ON")
        self._connection.execute("BEGIN")  # ends when the connection is closed

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _known(self) -> sqlite3.Connection:
        assert self._connection is not None
        return self._connection
