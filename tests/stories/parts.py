"""Parts of the bot that go wrong as a story says: a store that is down for some changes, a Slack that answers late."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from bot.app import T
from bot.settings import SQLITE
from bot.store.protocol import Commit, StoreDown
from tests.stories.story import Story

Fails = Callable[[Commit], bool]


def store_file(story: Story) -> Path:
    """The file of the embedded store on which the bot runs."""
    return Path(story.bot.settings.store_url.get_secret_value().removeprefix(SQLITE))


class Beside:
    """Everything as in the part it stands beside, except for what a story changes."""

    def __init__(self, part: Any) -> None:
        self.part = part

    def __getattr__(self, name: str) -> Any:
        return getattr(self.part, name)


class WeakStore(Beside):
    """A store that is down for the changes that `fails` picks."""

    fails: Fails = staticmethod(lambda change: False)
    failures = 0
    is_unreadable = False

    async def find_by_run(self, run_id: int) -> Any:
        """Find a promotion, or be down."""
        if self.is_unreadable:
            raise StoreDown("locked by a backup")
        return await self.part.find_by_run(run_id)

    async def commit(self, change: Commit) -> Any:
        """Store a change, or be down."""
        if self.fails(change):
            self.failures += 1
            raise StoreDown("locked by a backup")
        return await self.part.commit(change)


class LateSlack(Beside):
    """A Slack that does what it is asked; where the messages that `hangs` picks are, it tells when `answers` is set."""

    hangs: Callable[[str], bool] = staticmethod(lambda text: False)

    def __init__(self, part: Any) -> None:
        super().__init__(part)
        self.answers = asyncio.Event()
        self.late = 0

    async def post(self, channel: str, text: str, *what: Any, **how: Any) -> Any:
        """Post at once, answer when the story lets it."""
        return await self._late(text, await self.part.post(channel, text, *what, **how))

    async def direct(self, user: str, text: str, *what: Any, **how: Any) -> Any:
        """Say it at once, answer when the story lets it."""
        return await self._late(text, await self.part.direct(user, text, *what, **how))

    async def _late(self, text: str, posted: Any) -> Any:
        if self.hangs(text):
            self.late += 1
            await self.answers.wait()
        return posted


async def weak_store(story: Story) -> WeakStore:
    """Start the bot again on a store that can be down."""
    return cast(WeakStore, await _beside(story, "store", WeakStore))


async def late_slack(story: Story) -> LateSlack:
    """Start the bot again with a Slack that can be late."""
    return cast(LateSlack, await _beside(story, "chat", LateSlack))


async def _beside(story: Story, which: str, weak: Callable[[Any], Beside]) -> Beside:
    made: list[Beside] = []

    def around(name: str, part: T) -> T:
        if name != which:
            return part
        made.append(weak(part))
        return cast(T, made[-1])

    story.around = around
    await story.bot_stops()
    await story.bot_starts()
    return made[-1]
