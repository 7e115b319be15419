"""The shape of the database file, and the proof at opening that this file has it and is whole.

A file that is newer, damaged or not ours is refused and left as it is. It is never recreated empty: an empty
store would forget who holds a slot and dispatch again.
"""

import os
import sqlite3
from pathlib import Path

from bot.store.protocol import StoreDown

VERSION = 1
APPLICATION = 0x47524C54  # "GRLT" in the file's header: tells our files from other programs'
PATIENCE = 1.0  # seconds to wait for another process that locks the file

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE promotions (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    environment TEXT NOT NULL,
    sha TEXT,
    phase TEXT NOT NULL,
    kind TEXT NOT NULL,
    created REAL NOT NULL,
    correlation TEXT NOT NULL UNIQUE,
    run_id INTEGER,
    channel TEXT,
    revision INTEGER NOT NULL,
    body BLOB NOT NULL,
    settled INTEGER NOT NULL  -- nothing is owed: only then may it be missing in the due index
) STRICT;
CREATE INDEX promotions_of_service ON promotions (service, environment, number);
CREATE INDEX promotions_in_phase ON promotions (phase, number);
CREATE INDEX promotions_of_run ON promotions (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX promotions_of_channel ON promotions (channel) WHERE channel IS NOT NULL;
CREATE INDEX promotions_unsettled ON promotions (id) WHERE NOT settled;

CREATE TABLE documents (
    key TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE slots (
    service TEXT NOT NULL,
    environment TEXT NOT NULL,
    holder TEXT NOT NULL REFERENCES promotions (id),
    since REAL NOT NULL,
    PRIMARY KEY (service, environment)
) STRICT, WITHOUT ROWID;

CREATE TABLE slot_queue (
    place INTEGER PRIMARY KEY,  -- the order of first wanting
    service TEXT NOT NULL,
    environment TEXT NOT NULL,
    promotion TEXT NOT NULL UNIQUE REFERENCES promotions (id),
    rank INTEGER NOT NULL,  -- 0 before 1
    since REAL NOT NULL
) STRICT;
CREATE INDEX slot_queue_in_order ON slot_queue (service, environment, rank, place);

CREATE TABLE dedupe (key TEXT PRIMARY KEY, promotion TEXT NOT NULL, at REAL NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX dedupe_by_age ON dedupe (at);

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at REAL NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE INDEX audit_of_subject ON audit (subject, number);

CREATE TABLE due (
    promotion TEXT PRIMARY KEY REFERENCES promotions (id),
    wake REAL NOT NULL,
    woken INTEGER NOT NULL DEFAULT 0  -- by somebody else's commit: stays until a worker has looked
) STRICT, WITHOUT ROWID;
CREATE INDEX due_by_wake ON due (wake);

CREATE TABLE sequences (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""

# What a decision asks by phase, whatever the history of its service. Also of files from before there were these.
INDEXES = """
CREATE INDEX IF NOT EXISTS promotions_in_phase_of_place ON promotions (service, environment, phase, number);
CREATE INDEX IF NOT EXISTS promotions_in_phase_of_service ON promotions (service, phase, number);
"""

# What is owed is due, whatever became of its row: a promotion that nobody looks at would be forgotten for ever.
STILL_OWED = (
    "INSERT INTO due SELECT id, 0, 1 FROM promotions "
    "WHERE NOT settled AND id NOT IN (SELECT promotion FROM due)"
)


def connect(path: Path) -> sqlite3.Connection:
    """A connection that makes its own transactions and waits at most a second for another process."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def open_owned(path: Path) -> sqlite3.Connection:
    """The owner's connection to a proven file; a missing one is created, any other doubt refused."""
    _create_private(path)
    connection = None
    try:
        connection = connect(path)
        _prove(connection, path)
    except (sqlite3.Error, StoreDown) as error:
        if connection is not None:
            connection.close()
        raise _refusal(path, error) from error
    return connection


def epoch(connection: sqlite3.Connection) -> int:
    """How often this file was opened by an owner: what an earlier owner handed out is told apart by it."""
    return int(connection.execute("SELECT value FROM meta WHERE name = 'epoch'").fetchone()[0])


def switched(connection: sqlite3.Connection) -> int:
    """When the server that this file was copied from had taken over from another one; 0: never."""
    row = connection.execute("SELECT value FROM meta WHERE name = 'switched'").fetchone()
    return 0 if row is None else int(row[0])


def _create_private(path: Path) -> None:
    leftover = path.with_name(f"{path.name}-wal")
    if _size(path) == 0 and _size(leftover) > 0:
        raise StoreDown(
            f"{path} is missing or empty, but {leftover.name} beside it is not: put the database back from "
            "a backup, or move that file away to start anew.",
        )
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreDown(
            f"{path} cannot be opened ({error.strerror}): let this process write to it."
        ) from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _prove(connection: sqlite3.Connection, path: Path) -> None:
    new = connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    if not new:
        prove_ours(connection, path)  # before anything is changed in it
    if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        raise StoreDown(f"{path} is on a file system without shared memory: put it on a local disk.")
    connection.execute("BEGIN IMMEDIATE")
    if new:
        _create(connection)
    _prove_whole(connection)
    for statement in INDEXES.split(";\n"):
        connection.execute(statement)
    connection.execute(STILL_OWED)
    connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'epoch'")
    connection.execute("COMMIT")


def _create(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    for statement in TABLES.split(";\n"):
        connection.execute(statement)
    connection.executemany("INSERT INTO meta VALUES (?, ?)", [("schema", VERSION), ("epoch", 0)])


def prove_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreDown for a file of another program, or of a newer version of this one."""
    if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION,):
        raise StoreDown(f"{path} belongs to another program: set STORE_URL to another file.")
    schema = int(connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()[0])
    if schema > VERSION:
        raise StoreDown(
            f"{path} was written by a newer Greenlight (schema {schema}, this one knows {VERSION}): "
            "start that version again, or restore the backup from before the upgrade.",
        )


def _prove_whole(connection: sqlite3.Connection) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(found)


def _refusal(path: Path, error: sqlite3.Error | StoreDown) -> StoreDown:
    if isinstance(error, StoreDown):
        return error
    said = " ".join(str(error).split())
    if isinstance(error, sqlite3.OperationalError):
        return StoreDown(f"{path} cannot be opened ({said}): let no other process hold it, then start again.")
    return StoreDown(
        f"{path} is damaged ({said}): move it away, with its -wal and -shm, and put a backup in its place; "
        "I will not start an empty one.",
    )
