"""The audit log as evidence: whoever edits the store by hand is found out, and what the chain alone cannot tell."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.store.sqlite import SqliteStore
from tests.stories.deploys import succeeds
from tests.stories.parts import store_file
from tests.stories.story import Story

EDITS = {
    "another approver": "UPDATE audit SET actor = 'eli' WHERE action = 'approve' AND actor = 'bo'",
    "another reason": "UPDATE audit SET detail = replace(detail, 'refunds', 'nothing') WHERE action = 'request'",
    "another time": "UPDATE audit SET at = at - 3600 WHERE action = 'approve'",
    "a row is gone": "DELETE FROM audit WHERE number = (SELECT min(number) FROM audit WHERE action = 'approve')",
    "the beginning is gone": "DELETE FROM audit WHERE number = 1",
    "two rows change places": "UPDATE audit SET number = CASE number WHEN 3 THEN -4 ELSE -3 END WHERE number IN (3, 4);"
    "UPDATE audit SET number = -number WHERE number < 0",
    "an empty digest": "UPDATE audit SET digest = '' WHERE number = 5",
    "a digest of zeros": "UPDATE audit SET digest = printf('%064d', 0) WHERE number = 5",
    "the weaker link": "UPDATE audit SET digest = substr(digest, 1, 40) WHERE number = 5",
    "a row is put in": "INSERT INTO audit SELECT max(number) + 1, at, 'bo', 'approve', 'P-1', '', digest, previous FROM audit",
}


async def the_file(story: Story) -> Path:
    """The store of a promotion that succeeded, after the bot has stopped."""
    await succeeds(story)
    await story.settles()
    path = store_file(story)
    await story.bot_stops()
    return path


def edited(path: Path, statements: str) -> Path:
    """A copy of the file on which somebody with SQL has been."""
    copy = path.with_name("edited.db")
    shutil.copyfile(path, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        before = list(connection.execute("SELECT * FROM audit"))
        connection.executescript(statements)
        assert list(connection.execute("SELECT * FROM audit")) != before
    return copy


async def verified(path: Path) -> tuple[int | None, str]:
    """The first row that breaks the chain, and the chain's head."""
    store = SqliteStore(path)
    await store.open()
    try:
        return await store.verify_audit(), (await store.audit(0, 5_000))[-1].digest
    finally:
        await store.close()


async def test_a60_every_edit_by_hand_is_found(story: Story) -> None:
    """Rows that were changed, removed, swapped or put in: the first that breaks the chain is named."""
    path = await the_file(story)
    assert (await verified(path))[0] is None
    for edit, statements in EDITS.items():
        broken, _ = await verified(edited(path, statements))
        assert broken is not None, edit


async def test_a60_rows_cut_off_at_the_end_change_the_head(story: Story) -> None:
    """A chain cannot miss its own end: that is what the head is for, which is kept elsewhere."""
    path = await the_file(story)
    last = "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)"
    broken, head = await verified(edited(path, last))
    assert broken is None
    assert head != (await verified(path))[1]
