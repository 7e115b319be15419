"""A look at the store for a checkup: it changes nothing, and works beside the bot that owns the file."""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from bot.inspections import StoreLook
from bot.store.choice import SQLITE, shown
from bot.store.protocol import StoreDown
from bot.store.sqlite_schema import PATIENCE, VERSION, prove_ours

EFFECTIVE = os.access in os.supports_effective_ids
LOCKS = Path("/proc/locks")


class StoreLooks:
    """Looks at the store of a URL that settings found good."""

    def __init__(self, url: str, now: Callable[[], float] = time.time) -> None:
        self._url = url
        self._now = now

    @property
    def place(self) -> str:
        """Where it is, without who logs in."""
        return shown(self._url)

    async def look(self) -> StoreLook:
        """What is there; raises StoreDown with one sentence that names the fix."""
        if self._url.startswith(SQLITE):
            return await asyncio.to_thread(_look_at_file, self._url.removeprefix(SQLITE))
        return await self._look_at_redis()

    async def _look_at_redis(self) -> StoreLook:
        from bot.store.redis_link import SCHEMA, Link, place_named

        link = Link(place_named(self._url), self._now)
        await link.open()
        try:
            return StoreLook(schema=SCHEMA, doubts=link.doubts)
        finally:
            await link.close()


def _look_at_file(name: str) -> StoreLook:
    path = Path(name).absolute()
    _prove_writable(path)
    if not path.exists() or path.stat().st_size == 0:
        return StoreLook(is_new=True)
    try:
        schema = _proven(path)
    except sqlite3.Error as error:
        raise StoreDown(f"{path} is damaged ({error}): put a backup in its place.") from error
    return StoreLook(holder=_holder(path), schema=schema)


def _prove_writable(path: Path) -> None:
    """Permissions and a read-only mount are asked for, not tried: a look must not leave anything behind."""
    if not path.parent.is_dir():
        raise StoreDown(
            f"the directory {path.parent} does not exist: make it, or set STORE_URL to another one."
        )
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.R_OK | os.W_OK, effective_ids=EFFECTIVE):
            raise StoreDown(f"{place} cannot be written to: let the bot's user write there.")
    left = path.with_name(f"{path.name}-wal")
    if not path.exists() and left.exists() and left.stat().st_size:
        raise StoreDown(
            f"{path} is missing, but {left.name} beside it is not: put the database back from a backup."
        )


def _proven(path: Path) -> int:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
    try:
        prove_ours(connection, path)
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        return VERSION
    finally:
        connection.close()


def _holder(path: Path) -> str:
    """The process that holds the owner's lock. It is read off the system's list: trying the lock could keep
    a bot that starts at this moment from getting it."""
    lock = path.with_name(f"{path.name}.lock")
    try:
        inode, listed = str(lock.stat().st_ino), LOCKS.read_text().splitlines()
        process = lock.read_text().strip()
    except OSError:
        return ""
    held = any("FLOCK" in line and f":{inode} " in line for line in listed)
    return process if held else ""
