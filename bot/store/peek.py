"""A look at a database file that another process owns, for whoever shows it and never changes it."""

import sqlite3
from pathlib import Path

from bot.domain.promotion import Promotion
from bot.store.protocol import Query, StoreDown
from bot.store.sqlite_queries import find
from bot.store.sqlite_schema import PATIENCE

EVERYTHING = Query(limit=-1)


def peek(path: Path | str) -> list[Promotion]:
    """Every promotion in the file, newest first; none while the file is missing or just being created."""
    file = Path(path).absolute()
    if not file.exists():
        return []
    try:
        return _promotions(file)
    except sqlite3.Error as error:
        raise StoreDown(f"{file}: {error}") from error


def _promotions(file: Path) -> list[Promotion]:
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'promotions'").fetchone()
        return find(connection, EVERYTHING) if tables != (0,) else []
    finally:
        connection.close()
