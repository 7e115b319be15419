"""Kill -9 at any moment of the embedded store: what was acknowledged is there, and nothing is there by half.

Run as a program, this file is the victim: it commits in a loop and says each promotion that was acknowledged.
"""

import asyncio
import random
import sys
from functools import partial
from pathlib import Path

from bot.store.sqlite import SqliteStore
from tests.durability.committing import check, commit_for_ever, killed_after

KILLS = 10


async def test_kill_nine_loses_nothing_acknowledged_and_halves_nothing(tmp_path: Path) -> None:
    """Ten times on one file: commit, kill at a random moment, open, compare with what was acknowledged."""
    path = tmp_path / "greenlight.db"
    moments = random.Random(51)
    acknowledged: set[str] = set()
    for kill in range(KILLS):
        told = await killed_after(moments.uniform(0.01, 0.3), __name__, str(path))
        assert told, f"kill {kill}: nothing was acknowledged before it"
        acknowledged |= told
        store = SqliteStore(path)
        await store.open()
        await check(store, acknowledged)
        await store.close()


async def be_killed(path: str) -> None:
    """Commit until the end."""
    store = SqliteStore(path)
    await store.open()
    await commit_for_ever(store, partial(print, flush=True))


if __name__ == "__main__":
    asyncio.run(be_killed(sys.argv[1]))
