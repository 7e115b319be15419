"""What makes the embedded store fast must not make it wrong: numbers from memory, batches of questions, indexes."""

import asyncio
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.promotion import HOLDING, Phase
from bot.store.leases import Leases
from bot.store.protocol import Conflict, Query, StoreDown
from bot.store.sqlite_queries import find, find_ids
from bot.store.sqlite_reader import Reader
from bot.store.sqlite_writer import Writer
from tests.store.builders import add, done, promotion, put
from tests.store.files import changed_by_hand, kept, opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file goes."""
    return tmp_path / "greenlight.db"


async def test_a_number_that_something_durable_names_is_never_given_again(path: Path) -> None:
    """The process dies after a commit and before anything else: what was promoted keeps its number for itself."""
    store = await opened(path)
    numbers = [await store.reserve("promotion") for _ in range(3)]
    await add(store, numbers[-1])
    left = path.with_name("left.db")  # what a power cut at this moment leaves
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", f"{left}{suffix}")
    await store.close()
    again = await opened(left)
    assert await again.reserve("promotion") == 4
    await again.close()


async def test_a_number_that_only_a_failed_change_named_stays_used(path: Path) -> None:
    """A change that is refused is rolled back; the number that was told is not told to somebody else."""
    store = await opened(path)
    assert await store.reserve("promotion") == 1
    assert await store.commit(put(replace(promotion(1), revision=7))) == Conflict("P-1")
    await store.close()
    again = await opened(path)
    assert await again.reserve("promotion") == 2
    await again.close()


async def test_a_question_that_fails_leaves_the_others_alone(path: Path) -> None:
    """Asked in one go: one of them cannot be answered, its neighbours are."""
    await kept(path)
    reader = Reader(path)
    await reader.start()
    answers = await asyncio.gather(
        reader.run(lambda connection: 1),
        reader.run(lambda connection: connection.execute("SELECT nothing FROM nowhere")),
        reader.run(lambda connection: find_ids(connection, Query())),
        return_exceptions=True,
    )
    await reader.stop()
    assert answers[0] == 1
    assert isinstance(answers[1], StoreDown)
    assert answers[2] == ["P-1"]


async def test_whatever_changes_in_one_turn_of_the_loop_shares_one_flush(path: Path) -> None:
    """Five answers are ready at one moment: the disk is waited for once, not once for the first and again for the
    rest, whichever thread is faster."""
    statements: list[str] = []
    writer = Writer(path, Leases(time.monotonic))
    await writer.start()
    await writer.run(lambda connection: connection.set_trace_callback(statements.append))
    statements.clear()
    told = await asyncio.gather(*(writer.run(lambda connection: connection.in_transaction) for _ in range(5)))
    await writer.run(lambda connection: connection.set_trace_callback(None))
    assert told == [True] * 5
    assert statements.count("COMMIT") == 1
    await writer.stop()


async def test_a_question_asked_at_the_last_moment_is_answered(path: Path) -> None:
    """The store is closed in the turn of the loop in which somebody asks: they are answered, not left waiting."""
    await kept(path)
    reader = Reader(path)
    await reader.start()
    asked = asyncio.create_task(reader.run(lambda connection: find_ids(connection, Query())))
    await asyncio.sleep(0)
    await reader.stop()
    assert await asked == ["P-1"]


async def test_a_bug_in_a_question_is_logged_and_nobody_waits_for_ever(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever asked with it is told that the store is down; the next question is answered."""
    await kept(path)
    reader = Reader(path)
    await reader.start()

    def broken(connection: sqlite3.Connection) -> None:
        raise LookupError("a bug")

    with pytest.raises(StoreDown, match="broke"):
        await reader.run(broken)
    assert await reader.run(lambda connection: 2) == 2
    assert "LookupError" in caplog.text
    await reader.stop()


@pytest.mark.parametrize("phases", [frozenset({Phase.WAITING}), HOLDING])
async def test_a_question_by_phase_does_not_walk_the_history_of_a_place(
    path: Path, phases: frozenset[Phase]
) -> None:
    """With years of ended promotions a decision reads those that are open, by an index: also in an older file."""
    await kept(path)
    changed_by_hand(
        path, "DROP INDEX promotions_in_phase_of_place", "DROP INDEX promotions_in_phase_of_service"
    )
    store = await opened(path)
    await done(store, put(promotion(2)))
    await store.close()
    place = Query(service="checkout", environment="production", phases=phases)
    assert "promotions_in_phase_of_place" in plan_of(path, place, by_id=False)
    assert "promotions_in_phase_of_service" in plan_of(
        path, Query(service="checkout", phases=phases), by_id=True
    )


def plan_of(path: Path, query: Query, *, by_id: bool) -> str:
    """How SQLite answers a query: the statement as the store makes it, explained."""
    statements: list[str] = []
    with closing(sqlite3.connect(path)) as connection:
        connection.set_trace_callback(statements.append)
        (find_ids if by_id else find)(connection, query)
        connection.set_trace_callback(None)
        steps = connection.execute(f"EXPLAIN QUERY PLAN {statements[-1]}").fetchall()
    return " / ".join(str(step[3]) for step in steps)
