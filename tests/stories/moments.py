"""Moments of a story that more than one of them waits for."""

from tests.stories.story import Story

NEAR = 15.0  # seconds of the world: a moment that is further off is not waited for


async def rests(story: Story) -> None:
    """Let time pass until only people, or a far-off moment, can change something."""

    async def still() -> bool:
        due = await story.bot.store.next_due(story.clock.now())
        return (due is None or due > story.clock.now() + NEAR) and not story.bot.worker.is_busy

    await story.sees(still, "rest")
