"""What the store's threads are given to do, and how whoever waits is told: a whole batch in one call into its loop."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """Something to do inside a transaction, and who waits for it."""

    work: Callable[[sqlite3.Connection], T]
    told: asyncio.Future[T]


def tell(jobs: list[Job[object]], outcomes: list[object]) -> None:
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


def log_a_bug(turn: Future[None]) -> None:
    """Log what broke a batch; whoever waited was told that the store is down."""
    error = turn.exception()
    if error is not None:
        log.error("a change broke its batch", exc_info=error)
