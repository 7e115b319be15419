"""Full disks, foreign locks, edited rows, cancelled callers: the embedded store when things go wrong."""

import asyncio
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.store.codec import NewerDocument
from bot.store.leases import Leases
from bot.store.peek import peek
from bot.store.protocol import Committed, Query, StoreDown
from bot.store.sqlite import SqliteStore
from bot.store.sqlite_writer import Writer
from tests.store.builders import add, done, many_rows, promotion, put, renamed, stored
from tests.store.files import changed_by_hand, kept, opened


@contextmanager
def no_file_grows_past(size: int) -> Iterator[None]:
    """The operating system refuses to write past this size, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database of a test is."""
    return tmp_path / "greenlight.db"


async def test_f37_a_document_of_a_newer_version_is_neither_read_nor_written(path: Path) -> None:
    """The promotion is left alone, and a search that would have to leave it out says so."""
    await kept(path)
    newer = "UPDATE promotions SET body = CAST('{\"v\":99,' || substr(body, instr(body, ',') + 1) AS BLOB)"
    changed_by_hand(path, newer)
    store = await opened(path)
    with pytest.raises(NewerDocument):
        await store.load("P-1")
    with pytest.raises(NewerDocument):
        await store.find(Query())
    await add(store, 2)
    assert (await stored(store, 2)).id == "P-2"
    await store.close()


async def test_a60_an_edited_audit_row_is_found(path: Path) -> None:
    """Somebody with the file and SQL changes who approved: the chain names the row."""
    store = await opened(path)
    for number in range(1, 6):
        await add(store, number)
    await store.close()
    changed_by_hand(path, "UPDATE audit SET actor = 'bo' WHERE number = 3")
    again = await opened(path)
    assert await again.verify_audit() == 3
    await again.close()


async def test_a60_a_chain_longer_than_a_page_is_checked_to_its_end(path: Path) -> None:
    """The last of 2,500 rows counts as much as the first."""
    store = await opened(path)
    for number in range(1, 26):
        await done(store, many_rows(number))
    assert await store.verify_audit() is None
    await store.close()
    changed_by_hand(path, "UPDATE audit SET detail = 'x' WHERE number = 2500")
    again = await opened(path)
    assert await again.verify_audit() == 2500
    await again.close()


async def test_f22_a_full_disk_fails_the_commit_and_nothing_else(path: Path) -> None:
    """Told StoreDown, nothing half written; when there is room again the same store goes on."""
    store = await opened(path)
    await add(store, 1)
    log = path.with_name("greenlight.db-wal")
    with no_file_grows_past(log.stat().st_size + 10_000):
        results = await asyncio.gather(
            *(store.commit(put(renamed(promotion(n), "x" * 9000), wake=1.0)) for n in range(2, 9)),
            return_exceptions=True,
        )
    assert {type(result) for result in results} == {StoreDown}
    assert [each.id for each in await store.find(Query())] == ["P-1"]
    assert await store.next_due(9.0) is None
    await add(store, 9)
    assert await store.reserve("promotion") == 1
    assert await store.verify_audit() is None
    await store.close()
    assert [each.id for each in peek(path)] == ["P-9", "P-1"]


async def test_f22_a_release_that_was_not_committed_has_not_happened(path: Path) -> None:
    """The disk is full when a worker is done: it still holds its promotion, and can say so again."""
    store = await opened(path)
    await done(store, put(promotion(1), wake=1.0))
    (claim,) = await store.claim_due(1.0, 60.0, 1)
    log = path.with_name("greenlight.db-wal")
    with no_file_grows_past(log.stat().st_size), pytest.raises(StoreDown):
        await store.release(claim, wake=50.0)
    assert await store.renew(claim, 1.0, 60.0)
    assert await store.claim_due(1.0, 60.0, 1) == []
    await store.release(claim, wake=50.0)
    assert await store.next_due(1.0) == 50.0
    await store.close()


async def test_f21_a_claim_that_was_not_committed_is_not_held(path: Path) -> None:
    """Another process holds the file when a worker claims: StoreDown, and later the promotion is free."""
    store = await opened(path)
    await done(store, put(promotion(1), wake=1.0))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreDown, match="locked"):
            await store.claim_due(1.0, 60.0, 1)
    assert [claim.promotion for claim in await store.claim_due(1.0, 60.0, 1)] == ["P-1"]
    await store.close()


async def test_f21_a_file_locked_by_another_process_is_store_down_within_seconds(path: Path) -> None:
    """A backup tool that takes the lock: commits fail, questions are answered, the loop is never blocked."""
    store = await opened(path)
    await add(store, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(store.commit(put(promotion(2))))
        async with asyncio.timeout(0.5):
            assert await store.load("P-1") is not None
        async with asyncio.timeout(5):
            with pytest.raises(StoreDown, match="locked"):
                await waiting
    await add(store, 2)
    await store.close()


async def test_closing_finishes_what_waits(path: Path) -> None:
    """A hundred commits on their way when the process is told to stop: all of them are there."""
    store = await opened(path)
    waiting = [asyncio.create_task(store.commit(put(promotion(n)))) for n in range(1, 101)]
    await asyncio.sleep(0)
    await store.close()
    assert all(isinstance(outcome, Committed) for outcome in await asyncio.gather(*waiting))
    assert len(peek(path)) == 100


async def test_a_closed_store_is_down(path: Path) -> None:
    """Nothing is acknowledged by a store that is closed, or was never opened."""
    store = SqliteStore(path)
    with pytest.raises(StoreDown, match="not open"):
        await store.load("P-1")
    await store.open()
    await store.close()
    await store.close()
    with pytest.raises(StoreDown, match="not open"):
        await store.commit(put(promotion(1)))


async def test_whoever_stops_waiting_leaves_the_others_alone(path: Path) -> None:
    """A cancelled caller is not told; what was committed with it is."""
    store = await opened(path)
    gone = asyncio.create_task(store.commit(put(promotion(1))))
    stays = asyncio.create_task(store.commit(put(promotion(2))))
    await asyncio.sleep(0)
    gone.cancel()
    assert isinstance(await stays, Committed)
    await store.close()


async def test_commits_never_block_the_loop(path: Path) -> None:
    """While three hundred commits are written, the loop keeps its beat."""
    store = await opened(path)
    commits = asyncio.gather(*(store.commit(put(promotion(n))) for n in range(1, 301)))
    beats = 0
    while not commits.done():
        await asyncio.sleep(0)
        beats += 1
    assert beats > 3
    assert len(await commits) == 300
    await store.close()


async def test_a_bug_inside_a_change_is_logged_and_the_writer_lives(
    path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A change that breaks in a way nobody foresaw: its caller is told, its batch undone, the next one done."""
    writer = Writer(path, Leases(time.monotonic))
    await writer.start()
    with pytest.raises(StoreDown, match="broke the batch"):
        await writer.run(broken)
    assert await writer.run(documents_there) == 0
    assert "a change broke its batch" in caplog.text
    await writer.stop()


def broken(connection: sqlite3.Connection) -> None:
    """Write, and then meet something that cannot be."""
    connection.execute("INSERT INTO documents VALUES ('freeze:1', '{}', 1)")
    raise LookupError("a bug")


def documents_there(connection: sqlite3.Connection) -> int:
    """How many small documents there are."""
    return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])
