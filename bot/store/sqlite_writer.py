"""The writer: one thread that owns the connection and commits everything that waits in one go.

One transaction per batch pays for one flush to the disk. Each change has a savepoint of its own, so that a
bad one does not fail its neighbours. Outcomes are told only after COMMIT: nothing is durable before it.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from bot.store.leases import Leases
from bot.store.protocol import StoreDown
from bot.store.sqlite_commit import Undone
from bot.store.sqlite_schema import epoch, open_owned

T = TypeVar("T")
MOST = 256  # changes in one transaction

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

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """Something to do inside the transaction, and who waits for it."""

    work: Callable[[sqlite3.Connection], T]
    told: asyncio.Future[T]


class Writer:
    """The only one that changes the file. `leases` change with its transactions, and roll back with them."""

    def __init__(self, path: Path, leases: Leases) -> None:
        self._path = path
        self._leases = leases
        self._waiting: deque[Job[object]] = deque()
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
        thread, self._thread = self._thread, None
        if thread is not None:
            await asyncio.get_running_loop().run_in_executor(thread, self._close)
            thread.shutdown()

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in the next transaction and answer when it is durable; raises StoreDown."""
        if self._thread is None:
            raise StoreDown(f"{self._path} is not open")
        told: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(Job(work, told))  # type: ignore[arg-type]
        self._thread.submit(self._commit_waiting).add_done_callback(_log_a_bug)
        return await told

    def _open(self) -> None:
        self._connection = open_owned(self._path)
        self._leases.begin(epoch(self._connection))

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _commit_waiting(self) -> None:
        jobs = self._take()
        outcomes: list[object] = self._all_down(jobs, "a change broke the batch it was in")
        try:
            outcomes = self._transaction(jobs) if jobs else []
        except sqlite3.Error as error:
            outcomes = self._all_down(jobs, str(error))
        finally:
            _tell(jobs, outcomes)  # also after a bug: nobody may wait for ever

    def _all_down(self, jobs: list[Job[object]], why: str) -> list[object]:
        return [StoreDown(f"{self._path}: {why}") for _ in jobs]

    def _transaction(self, jobs: list[Job[object]]) -> list[object]:
        connection = self._connection
        assert connection is not None
        before = self._leases.snapshot()
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._attempt(connection, job) for job in jobs]
            connection.execute("COMMIT")
        except BaseException:
            self._leases.restore(before)
            if connection.in_transaction:  # a full disk may have rolled it back already
                connection.execute("ROLLBACK")
            raise
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


def _tell(jobs: list[Job[object]], outcomes: list[object]) -> None:
    """Answer a batch in one call into each loop; a loop that is closed has nobody left who waits."""
    answers: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[object], object]]] = {}
    for job, outcome in zip(jobs, outcomes, strict=True):
        answers.setdefault(job.told.get_loop(), []).append((job.told, outcome))
    for loop, told in answers.items():
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_answer, told)


def _answer(told: list[tuple[asyncio.Future[object], object]]) -> None:
    for future, outcome in told:
        if future.done():  # its caller was cancelled
            continue
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)


def _log_a_bug(turn: Future[None]) -> None:
    error = turn.exception()
    if error is not None:
        log.error("a change broke its batch", exc_info=error)
