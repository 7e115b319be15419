"""Kill -9 at every statement with which a database file is made or opened: the next start finds a whole file.

Run as a program, this file forks one victim for each statement, and opens what it left behind.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

from bot.store.sqlite import SqliteStore
from tests.store.builders import add

REPOSITORY = Path(__file__).parents[2]
STATEMENTS = {"execute", "executemany"}
LEAST = 20  # statements in making a file; fewer would mean that they are not counted any more


async def test_f11_a_kill_while_a_file_is_made_or_opened_leaves_a_whole_one() -> None:
    """Made by half is made anew, opened by half is opened again: never a refusal, never an empty start."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.durability.test_opening_kill"),
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await program.communicate()
    assert program.returncode == 0
    came_of_it = json.loads(told)
    assert came_of_it["made"] >= LEAST
    assert came_of_it["opened"] > 0
    assert came_of_it["wrong"] == []


def kill_at(statement: int, path: Path) -> bool:
    """Open the file in a child that ends at its n-th statement; False: it needed fewer."""
    child = os.fork()
    if child == 0:
        _die_at(statement)
        asyncio.run(_open(path))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _die_at(statement: int) -> None:
    left = statement

    def count(frame: FrameType, event: str, called: object) -> None:
        nonlocal left
        if event == "c_call" and getattr(called, "__name__", "") in STATEMENTS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    threading.setprofile(count)  # the writer's thread is the one that opens


async def _open(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    await store.close()


async def _keep(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    await add(store, 1)
    await store.close()


async def _look(path: Path, expected: int) -> str:
    store = SqliteStore(path)
    await store.open()
    try:
        found = await store.load("P-1")
        whole = await store.verify_audit() is None and (found is not None) == bool(expected)
        return "" if whole else f"{found}"
    finally:
        await store.close()


def killed_everywhere(directory: Path, *, kept: bool) -> tuple[int, list[str]]:
    """How many statements there are, and after which of them the next start found something wrong."""
    statement, wrong = 0, list[str]()
    while True:
        path = directory / f"{'kept' if kept else 'new'}-{statement}.db"
        if kept:
            asyncio.run(_keep(path))
        if not kill_at(statement + 1, path):
            return statement, wrong
        statement += 1
        left = asyncio.run(_look(path, int(kept)))
        if left:
            wrong.append(f"{path.name}: {left}")


def main() -> None:
    """Kill everywhere, and tell what came of it."""
    with tempfile.TemporaryDirectory() as directory:
        made, wrong = killed_everywhere(Path(directory), kept=False)
        opened, worse = killed_everywhere(Path(directory), kept=True)
    print(json.dumps({"made": made, "opened": opened, "wrong": wrong + worse}))


if __name__ == "__main__":
    main()
