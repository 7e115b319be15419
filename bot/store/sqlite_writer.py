"""The writer: one thread that owns the connection and commits everything that waits in one go.

One transaction per batch pays for one flush to the disk. Each change has a savepoint of its own, so that a
bad one does not fail its neighbours. Outcomes are told only after COMMIT: nothing is durable before it.
"""

import asyncio
import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.store.leases import Leases
from bot.store.protocol import StoreDown
from bot.store.sqlite_commit import Undone
from bot.store.sqlite_jobs import Job, T, log_a_bug, tell
from bot.store.sqlite_schema import epoch, open_owned
from bot.store.sqlite_sequences import Sequences

MOST = 256  # changes in one transaction
MOST_WAITING = 4096  # changes: a disk that hangs must not fill the memory with what nobody waits for any more

# What a change can do wrong by itself. Other database errors are about the file and fail the whole batch.
ITS_OWN_FAULT = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    sqlite3.InterfaceError,
    ValueError,
    TypeError,
    OverflowError,
)


class Writer:
    """The only one that changes the file. `leases` change with its transactions, and roll back with them."""

    def __init__(self, path: Path, leases: Leases) -> None:
        self._path = path
        self._leases = leases
        self._sequences = Sequences()
        self._waiting: deque[Job[object]] = deque()
        self._is_called = False  # to commit what waits: one call is enough for all of it
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None

    async def start(self) -> None:
        """Open and prove the file; raises StoreDown with the sentence that says what to do."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-writer")
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        except StoreDown:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Finish what waits and close the file; whoever comes later is told StoreDown."""
        self._call()  # what waits is before the end
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._close)
            thread.shutdown()

    def reserve(self, sequence: str) -> int:
        """The next number of a sequence: durable before anything that names it. Raises StoreDown."""
        if self._thread is None:
            raise StoreDown(f"{self._path} is not open")
        return self._sequences.following(sequence)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in the next transaction and answer when it is durable; raises StoreDown."""
        if self._thread is None:
            raise StoreDown(f"{self._path} is not open")
        if len(self._waiting) >= MOST_WAITING:
            raise StoreDown(f"{self._path}: {MOST_WAITING} changes wait already")
        told: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(Job(work, told))  # type: ignore[arg-type]
        if not self._is_called:
            self._is_called = True
            asyncio.get_running_loop().call_soon(self._call)
        return await told

    def _call(self) -> None:
        """After this turn of the loop, so that whatever is asked in the same one shares the flush."""
        if self._thread is not None:
            self._thread.submit(self._commit_waiting).add_done_callback(log_a_bug)

    def _open(self) -> None:
        self._connection = open_owned(self._path)
        self._leases.begin(epoch(self._connection))
        self._sequences.read(self._connection)

    def _close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):  # nothing durable names a number that is not
                self._transaction([])
            self._connection.close()
            self._connection = None

    def _commit_waiting(self) -> None:
        self._is_called = False  # before anything is taken: whoever comes from here on calls again
        while jobs := self._take():
            self._commit_all(jobs)

    def _commit_all(self, jobs: list[Job[object]]) -> None:
        outcomes: list[object] = self._all_down(jobs, "a change broke the batch it was in")
        try:
            outcomes = self._transaction(jobs)
        except sqlite3.Error as error:
            outcomes = self._all_down(jobs, str(error))
        finally:
            tell(jobs, outcomes)  # also after a bug: nobody may wait for ever

    def _all_down(self, jobs: list[Job[object]], why: str) -> list[object]:
        return [StoreDown(f"{self._path}: {why}") for _ in jobs]

    def _transaction(self, jobs: list[Job[object]]) -> list[object]:
        connection = self._connection
        assert connection is not None
        before = self._leases.snapshot()
        try:
            connection.execute("BEGIN IMMEDIATE")
            news = self._sequences.write(connection)
            outcomes = [self._attempt(connection, job) for job in jobs]
            connection.execute("COMMIT")
        except BaseException:
            self._leases.restore(before)
            if connection.in_transaction:  # a full disk may have rolled it back already
                connection.execute("ROLLBACK")
            raise
        self._sequences.keep(news)
        return outcomes

    def _take(self) -> list[Job[object]]:
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST))]

    def _attempt(self, connection: sqlite3.Connection, job: Job[object]) -> object:
        before = self._leases.snapshot()
        connection.execute("SAVEPOINT change")
        try:
            outcome = job.work(connection)
        except Undone as undone:
            outcome = undone.outcome
        except ITS_OWN_FAULT as error:
            outcome = error
        else:
            connection.execute("RELEASE change")
            return outcome
        connection.execute("ROLLBACK TO change")
        connection.execute("RELEASE change")
        self._leases.restore(before)
        return outcome
