"""Several whole bots on one store, in one process: each with its own doors, worker and calls."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from bot.app import Bot, Parts, T, build
from bot.playground.child import free_port
from bot.settings import load_settings
from tests.stories.parts import Beside
from tests.stories.story import GLANCE, Story

Replica = tuple[Bot, "asyncio.Task[None]"]


class Kept(Beside):
    """A store that outlives the bot that opened it, as one does that several replicas share."""

    is_open = False

    async def open(self) -> None:
        """Open it for the first bot."""
        if not self.is_open:
            await self.part.open()
        self.is_open = True

    async def close(self) -> None:
        """Leave it open for the others."""


@asynccontextmanager
async def shared_store(story: Story, **around: Callable[[Any], Beside]) -> AsyncIterator[dict[str, Beside]]:
    """Start the story's bot again on a store that is kept, and with other parts beside the ones named."""
    made: dict[str, Beside] = {}
    kinds: dict[str, Callable[[Any], Beside]] = {"store": Kept, **around}

    def dressed(name: str, part: T) -> T:
        if name not in kinds:
            return part
        if name != "store" or name not in made:
            made[name] = kinds[name](part)
        return cast(T, made[name])

    story.around = dressed
    await story.bot_stops()
    await story.bot_starts()
    try:
        yield made
    finally:
        await story.bot_stops()
        await made["store"].part.close()


@asynccontextmanager
async def replicas(story: Story, count: int) -> AsyncIterator[list[Replica]]:
    """So many more bots beside the story's, on its store; at the end they are gone."""
    more = [_start(story) for _ in range(count)]
    try:
        for bot, _ in more:
            while not all((await bot.ready()).values()):  # noqa: ASYNC110  (readiness rings no bell)
                await asyncio.sleep(GLANCE)
        yield more
    finally:
        for _, running in more:
            running.cancel()
        await asyncio.gather(*(running for _, running in more), return_exceptions=True)


def _start(story: Story) -> Replica:
    environment = {**story.playground.bot_environment(), "HTTP_PORT": str(free_port())}
    bot = build(load_settings(environment), Parts(clock=story.clock, around=story.around))
    return bot, asyncio.create_task(bot.run(asyncio.Event()))
