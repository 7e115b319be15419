"""A store that does not know what was started: one that came back from its backup, one that another server took over
between an intent and its dispatch. What was started is looked for, and not started again."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from bot.app import T
from bot.domain.intent import SETTLE
from bot.store.protocol import Commit
from tests.stories.deploys import is_asked
from tests.stories.github import looks
from tests.stories.parts import Beside, store_file
from tests.stories.story import Story


def saves(source: Path, target: Path) -> None:
    """Copy a store as `sqlite3 greenlight.db ".backup copy.db"` does."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


async def test_what_was_deployed_after_the_backup_is_not_deployed_again(story: Story) -> None:
    """P1, the incident: the backup was of before the approvals; they were given once more, and since the first try of
    a process is sent without a look, the same promotion was started a second time."""
    await is_asked(story)
    store = store_file(story)
    backup = store.with_name("backup.db")
    saves(store, backup)
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    await story.until("P-1", "succeeded")
    await story.settles()
    await story.bot_stops()

    saves(backup, store)
    await story.bot_starts()
    before = looks(story)
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")
    followed = await story.until("P-1", "succeeded")
    await story.settles()
    assert followed.run.run_id == story.runs[0]["id"]
    assert len(story.dispatches()) == 1
    assert looks(story) == before + 1


class MovedStore(Beside):
    """A store that another server takes over at the very moment of the first intent."""

    switched = 0.0

    async def commit(self, change: Commit) -> Any:
        """Store a change; the intent reaches the new server, decided with what the old one said."""
        outcome = await self.part.commit(change)
        if change.intent and not self.switched:
            self.switched = change.at
        return outcome


def moved(name: str, part: T) -> T:
    """Put such a store in the place of the real one."""
    return cast(T, MovedStore(part)) if name == "store" else part


async def test_a_failover_between_the_intent_and_its_dispatch(story: Story) -> None:
    """P1: another replica may have sent the same on the old server, and the list of runs lags: nothing is sent before
    a run of it must be listed, and then it is looked for first."""
    story.around = moved
    await story.bot_restarts()
    await is_asked(story)
    for manager in (story.bo, story.cy):
        await manager.types("/promote approve P-1")

    async def is_over() -> bool:
        return bool(story.bot.store.switched)

    await story.sees(is_over, "the failover")
    switched = story.bot.store.switched
    await story.sees(lambda: story.clock.now() > switched + 30.0)
    assert story.dispatches() == []
    story.passes(SETTLE)
    done = await story.until("P-1", "succeeded")
    await story.settles()
    assert done.intent is not None
    assert done.intent.at >= switched + SETTLE
    assert looks(story) >= 1
    assert len(story.dispatches()) == 1
