"""The embedded store owns its file, and refuses ground that it cannot trust by saying what to do."""

import asyncio
import os
import stat
import sys
from pathlib import Path

import pytest

from bot.store.protocol import StoreDown
from tests.store.builders import add, done, many_rows
from tests.store.files import NOTES, changed_by_hand, contents, kept, opened, spoil

OWN_AND_WAIT = """
import asyncio, sys
from bot.store.sqlite import SqliteStore

async def main():
    await SqliteStore(sys.argv[1]).open()
    print("open", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database of a test is."""
    return tmp_path / "greenlight.db"


async def test_f25_a_second_owner_is_told_who_the_first_is(path: Path) -> None:
    """Two stores on one file in one process: the second is refused, the first goes on."""
    first = await opened(path)
    with pytest.raises(StoreDown, match=rf"greenlight\.db is in use by process {os.getpid()}: stop it"):
        await opened(path)
    await add(first, 1)
    await first.close()
    again = await opened(path)
    assert await again.load("P-1") is not None
    await again.close()


async def test_f25_another_process_is_named_and_its_death_frees_the_file(path: Path) -> None:
    """A killed owner leaves a lock file behind, which locks nothing."""
    command = (sys.executable, "-c", OWN_AND_WAIT, str(path))
    owner = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert owner.stdout is not None
    assert await owner.stdout.readline() == b"open\n"
    with pytest.raises(StoreDown, match=rf"process {owner.pid}:"):
        await opened(path)
    owner.kill()
    await owner.wait()
    await (await opened(path)).close()


async def test_only_its_owner_may_read_the_file(path: Path) -> None:
    """Reasons and names are nobody else's business."""
    await kept(path)
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


async def test_f23_a_damaged_file_is_refused_and_left_as_it_is(path: Path) -> None:
    """Pages full of noise: one sentence that says what to do, and not a byte changed."""
    await kept(path)
    noise = bytearray(contents(path))
    noise[4096:] = b"\xa5" * (len(noise) - 4096)
    spoil(path, bytes(noise))
    with pytest.raises(StoreDown, match=r"greenlight\.db is damaged .* put a backup in its place"):
        await opened(path)
    assert contents(path) == noise


async def test_f23_one_bad_page_of_a_long_history_is_found_at_opening(path: Path) -> None:
    """Damage is told at the start, not by the first question that happens to meet it."""
    store = await opened(path)
    for number in range(1, 6):
        await done(store, many_rows(number))
    await store.close()
    spoil(path, contents(path)[:-4096] + b"\xa5" * 4096)
    with pytest.raises(StoreDown, match="is damaged"):
        await opened(path)


async def test_f23_half_a_file_is_refused(path: Path) -> None:
    """A copy that stopped in the middle is damage, too."""
    await kept(path)
    spoil(path, contents(path)[: 3 * 4096 + 100])
    with pytest.raises(StoreDown, match="is damaged"):
        await opened(path)


async def test_f23_what_is_no_database_is_refused(path: Path) -> None:
    """Somebody's notes are not overwritten with an empty store."""
    spoil(path, NOTES)
    with pytest.raises(StoreDown, match="is damaged"):
        await opened(path)
    assert contents(path) == NOTES


async def test_a_database_of_another_program_is_refused(path: Path) -> None:
    """Nor are our tables put into somebody else's database."""
    changed_by_hand(path, "CREATE TABLE theirs (x)")
    before = contents(path)
    with pytest.raises(StoreDown, match=r"belongs to another program: set STORE_URL"):
        await opened(path)
    assert contents(path) == before


async def test_f25_a_newer_file_is_refused(path: Path) -> None:
    """After a downgrade the old version says so, instead of writing what the new one cannot read."""
    await kept(path)
    changed_by_hand(path, "UPDATE meta SET value = 2 WHERE name = 'schema'")
    with pytest.raises(StoreDown, match=r"newer Greenlight \(schema 2, this one knows 1\)"):
        await opened(path)


async def test_f23_a_lost_file_with_a_log_beside_it_is_refused(path: Path) -> None:
    """The log holds commits of a database that is gone: starting empty would forget who holds a slot."""
    spoil(path.with_name("greenlight.db-wal"), b"commits")
    with pytest.raises(StoreDown, match=r"missing or empty, but greenlight\.db-wal .* backup"):
        await opened(path)
    assert "greenlight.db" not in os.listdir(path.parent)


async def test_a_directory_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """The sentence names the directory, not an errno."""
    with pytest.raises(StoreDown, match=r"nowhere.*No such file or directory.*STORE_URL"):
        await opened(tmp_path / "nowhere" / "greenlight.db")


async def test_a_refused_file_can_be_opened_once_it_is_right(path: Path) -> None:
    """A refusal holds neither the file nor its lock."""
    await kept(path)
    changed_by_hand(path, "UPDATE meta SET value = 2 WHERE name = 'schema'")
    with pytest.raises(StoreDown):
        await opened(path)
    changed_by_hand(path, "UPDATE meta SET value = 1 WHERE name = 'schema'")
    await (await opened(path)).close()
