"""The reader: one thread with a connection that cannot write, so that questions never wait behind commits."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.store.protocol import StoreDown
from bot.store.sqlite_jobs import Job, T, log_a_bug, tell
from bot.store.sqlite_schema import connect


class Reader:
    """Answers questions from what is committed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None
        self._waiting: deque[Job[object]] = deque()
        self._is_called = False  # to answer what waits: one call is enough for all of it

    async def start(self) -> None:
        """Open a file of which nobody has to prove anything any more; raises StoreDown for no database."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-reader")
        await asyncio.get_running_loop().run_in_executor(self._thread, self._open)

    async def stop(self) -> None:
        """Finish what was asked and close."""
        self._call()  # what waits is before the end
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._close)
            thread.shutdown()

    async def run(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Ask the newest committed state; raises StoreDown when the file does not answer."""
        if self._thread is None:
            raise StoreDown(f"{self._path} is not open")
        told: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(Job(question, told))  # type: ignore[arg-type]
        if not self._is_called:
            self._is_called = True
            asyncio.get_running_loop().call_soon(self._call)
        return await told

    def _call(self) -> None:
        """After this turn of the loop, so that whatever is asked in the same one is one call."""
        if self._thread is not None:
            self._thread.submit(self._answer_waiting).add_done_callback(log_a_bug)

    def _open(self) -> None:
        try:
            self._connection = connect(self._path)
            self._connection.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            raise StoreDown(f"{self._path}: {error}") from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _answer_waiting(self) -> None:
        self._is_called = False  # before anything is taken: whoever comes from here on calls again
        jobs = [self._waiting.popleft() for _ in range(len(self._waiting))]
        outcomes: list[object] = [
            StoreDown(f"{self._path}: a question broke the ones it was asked with")
        ] * len(jobs)
        try:
            outcomes = [self._outcome(job.work) for job in jobs]
        finally:
            tell(jobs, outcomes)  # also after a bug: nobody may wait for ever

    def _outcome(self, question: Callable[[sqlite3.Connection], object]) -> object:
        """The answer, or what went wrong: it is raised where the question was asked."""
        try:
            return self._answer(question)
        except (StoreDown, ValueError, TypeError, OverflowError) as error:
            return error

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
