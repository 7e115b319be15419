"""Files of the embedded store as tests make, spoil and compare them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.store.sqlite import SqliteStore
from tests.store.builders import add

NOTES = b"shopping list\n" * 400


async def opened(path: Path) -> SqliteStore:
    """A store on this file."""
    store = SqliteStore(path)
    await store.open()
    return store


async def kept(path: Path) -> None:
    """Make a file with one promotion in it."""
    store = await opened(path)
    await add(store, 1)
    await store.close()


def changed_by_hand(path: Path, *statements: str) -> None:
    """Do to a closed file what this version never would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def contents(path: Path) -> bytes:
    """Every byte of a file."""
    return path.read_bytes()


def spoil(path: Path, raw: bytes) -> None:
    """Put these bytes where the database was."""
    path.write_bytes(raw)
