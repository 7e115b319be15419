"""The reader: one thread with a connection that cannot write, so that questions never wait behind commits."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from bot.store.protocol import StoreDown
from bot.store.sqlite_schema import connect

T = TypeVar("T")


class Reader:
    """Answers questions from what is committed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None

    async def start(self) -> None:
        """Open a file that the writer has proven."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-reader")
        await asyncio.get_running_loop().run_in_executor(self._thread, self._open)

    async def stop(self) -> None:
        """Finish what was asked and close."""
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._close)
            thread.shutdown()

    async def run(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Ask the newest committed state; raises StoreDown when the file does not answer."""
        if self._thread is None:
            raise StoreDown(f"{self._path} is not open")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._answer, question)

    def _open(self) -> None:
        self._connection = connect(self._path)
        self._connection.execute("PRAGMA query_only = ON")

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _answer(self, question: Callable[[sqlite3.Connection], T]) -> T:
        assert self._connection is not None
        try:
            # One transaction: a question of several statements sees one state.
            self._connection.execute("BEGIN")
            return question(self._connection)
        except sqlite3.Error as error:
            raise StoreDown(f"{self._path}: {error}") from error
        finally:
            self._connection.rollback()
