"""The embedded store as one end of a copy: read as it lies there, or built beside its place and moved in whole."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol, assert_never

from bot.domain.policy import Kind
from bot.domain.promotion import Promotion
from bot.store import sqlite_queries as queries
from bot.store.codec import load_promotion
from bot.store.contents import Counted, Flaw, Kept, Pages, Piece, Remembered, Sound, Switched
from bot.store.leases import Leases
from bot.store.protocol import AuditRow, Document, Slot, StoreDown
from bot.store.sqlite_commit import append, columns_of, insert
from bot.store.sqlite_owner import Ownership
from bot.store.sqlite_schema import prove_ours, switched
from bot.store.sqlite_slots import slots_held
from bot.store.sqlite_snapshot import Snapshot
from bot.store.sqlite_writer import Writer

PAGE = 500  # pieces
MOST_FLAWS = 5
QUEUES_FOR_NOBODY = (
    "SELECT promotion FROM slot_queue LEFT JOIN slots USING (service, environment) WHERE holder IS NULL"
)
# In the order of columns_of.
FILED = "number, id, service, environment, sha, phase, kind, created, correlation, run_id, channel, revision"


class Part(Protocol):
    """Reads the pieces of one kind after some number of them."""

    def __call__(self, connection: sqlite3.Connection, after: int) -> Sequence[Piece]:
        """At most a page of them."""
        ...


class SqliteSource:
    """A file that is read whole. To be copied it is owned meanwhile, so that no bot runs on it."""

    def __init__(self, path: Path, *, owned: bool) -> None:
        self._path = path.absolute()
        self._owner = Ownership(self._path) if owned else None
        self._reader = Snapshot(self._path)

    async def open(self) -> None:
        """Prove the file, and own it if it is to be; raises StoreDown with one sentence that names the fix."""
        if not self._path.exists():
            raise StoreDown(f"{self._path} does not exist: name the file of a store.")
        if self._owner is not None:
            self._owner.take()
        try:
            await self._reader.start()
            await self._reader.run(partial(prove_ours, path=self._path))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Give the file up."""
        await self._reader.stop()
        if self._owner is not None:
            self._owner.give_up()

    async def pages(self) -> Pages:
        """Every piece of one moment, in pages."""
        if said := await self._reader.run(_of_the_file):
            yield said
        for part in (_promotions, _documents, _slots, _sequences, _messages, _audit):
            async for page in self._read(part):
                yield page

    def audit_pages(self) -> Pages:
        """The audit chain, in pages."""
        return self._read(_audit)

    async def _read(self, part: Part) -> Pages:
        seen = 0
        while page := await self._reader.run(partial(part, after=seen)):
            yield page
            seen += sum(not isinstance(piece, Flaw) for piece in page)


class SqliteTarget:
    """A file that a copy becomes: written as `<file>.partial`, and renamed when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._partial = self._path.with_name(f"{self._path.name}.partial")
        self._writer = Writer(self._partial, Leases(time.monotonic))

    async def open(self) -> None:
        """Begin a new file; raises StoreDown when there is one already, whole or begun."""
        for file in (self._path, self._partial):
            if file.exists():
                raise StoreDown(f"{file} exists already: name another file, or move this one away.")
        await self._writer.start()

    async def close(self) -> None:
        """Close what was begun; unless it was finished it stays where no bot looks for it."""
        await self._writer.stop()

    async def take(self, pieces: Sequence[Sound]) -> None:
        """Write some pieces in one transaction; raises StoreDown, also when they do not fit each other."""
        try:
            await self._writer.run(partial(_write_all, pieces=pieces))
        except sqlite3.IntegrityError as error:
            raise StoreDown(f"{self._path}: what comes does not fit together ({error})") from error

    async def finish(self) -> None:
        """Put the whole file where it belongs."""
        await self._writer.stop()
        self._partial.rename(self._path)


def _of_the_file(connection: sqlite3.Connection) -> list[Piece]:
    """What is said once: when another server took over, and what the database finds wrong with itself."""
    at = switched(connection)
    taken_over: list[Piece] = [Switched(at)] if at else []
    return taken_over + [Flaw(sentence) for sentence in _flaws(connection)]


def _flaws(connection: sqlite3.Connection) -> Iterator[str]:
    for (found,) in connection.execute(f"PRAGMA integrity_check({MOST_FLAWS})"):
        if found != "ok":
            yield f"the file is damaged ({found})."
    strangers = {table for table, *_ in connection.execute("PRAGMA foreign_key_check")}
    yield from (f"the table {table} names a promotion that is not there." for table in sorted(strangers))
    for (waiting,) in connection.execute(QUEUES_FOR_NOBODY):
        yield f"{waiting} queues where nobody holds the slot."


def _promotions(connection: sqlite3.Connection, after: int) -> list[Piece]:
    rows = connection.execute(
        f"SELECT body, settled, wake, woken, {FILED} FROM promotions LEFT JOIN due ON promotion = id "
        "ORDER BY number LIMIT ? OFFSET ?",
        (PAGE, after),
    )
    return [piece for row in rows for piece in _kept(*row)]


def _kept(
    body: bytes, settled: int, wake: float | None, woken: int | None, *filed: object
) -> Iterator[Piece]:
    yield Kept(bytes(body), bool(settled), wake, bool(woken))
    promotion = _read(body)
    if promotion is not None and columns_of(promotion) != filed:
        yield Flaw(f"{filed[1]} is filed as something that its document does not say.")


def _read(body: bytes) -> Promotion | None:
    """The promotion, if it can be read; that it cannot is said by the survey."""
    try:
        return load_promotion(body)
    except ValueError:
        return None


def _documents(connection: sqlite3.Connection, after: int) -> list[Piece]:
    rows = _page(connection, "SELECT key, body, revision FROM documents ORDER BY key", after)
    return [Document(*row) for row in rows]


def _slots(connection: sqlite3.Connection, after: int) -> list[Piece]:
    return list(slots_held(connection)[after : after + PAGE])


def _sequences(connection: sqlite3.Connection, after: int) -> list[Piece]:
    return [
        Counted(*row) for row in _page(connection, "SELECT name, last FROM sequences ORDER BY name", after)
    ]


def _messages(connection: sqlite3.Connection, after: int) -> list[Piece]:
    rows = _page(connection, "SELECT key, promotion, at FROM dedupe ORDER BY key", after)
    return [Remembered(*row) for row in rows]


def _audit(connection: sqlite3.Connection, after: int) -> list[Piece]:
    return list(queries.audit(connection, after, PAGE))  # its numbers have no gaps


def _page(connection: sqlite3.Connection, query: str, after: int) -> Iterator[tuple[Any, ...]]:
    return connection.execute(f"{query} LIMIT ? OFFSET ?", (PAGE, after))


def _write_all(connection: sqlite3.Connection, pieces: Sequence[Sound]) -> None:
    for piece in pieces:
        _write(connection, piece)


def _write(connection: sqlite3.Connection, piece: Sound) -> None:
    match piece:
        case Switched():
            connection.execute("INSERT INTO meta VALUES ('switched', ?)", (piece.at,))
        case Kept():
            _write_promotion(connection, piece)
        case Document():
            row = (piece.key, piece.body, piece.revision)
            connection.execute("INSERT INTO documents VALUES (?, ?, ?)", row)
        case Slot():
            _write_slot(connection, piece)
        case Counted():
            connection.execute("INSERT INTO sequences VALUES (?, ?)", (piece.sequence, piece.last))
        case Remembered():
            message = (piece.key, piece.promotion, piece.at)
            connection.execute("INSERT INTO dedupe VALUES (?, ?, ?)", message)
        case AuditRow():
            append(connection, piece)
        case _:
            assert_never(piece)


def _write_promotion(connection: sqlite3.Connection, kept: Kept) -> None:
    promotion = load_promotion(kept.body)
    if not insert(connection, promotion, kept.body, settled=kept.settled):
        raise StoreDown(f"{promotion.id} or its correlation id is there twice: the source is damaged.")
    if kept.wake is not None:
        connection.execute("INSERT INTO due VALUES (?, ?, ?)", (promotion.id, kept.wake, kept.woken))


def _write_slot(connection: sqlite3.Connection, slot: Slot) -> None:
    place = (slot.service, slot.environment)
    connection.execute("INSERT INTO slots VALUES (?, ?, ?, ?)", (*place, slot.holder, slot.since))
    for waiting in slot.queue:
        kind = connection.execute("SELECT kind FROM promotions WHERE id = ?", (waiting,)).fetchone()
        rank = 0 if kind == (Kind.ROLLBACK.value,) else 1
        connection.execute(
            "INSERT INTO slot_queue (service, environment, promotion, rank, since) VALUES (?, ?, ?, ?, ?)",
            (*place, waiting, rank, slot.since),
        )
