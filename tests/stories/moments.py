"""Moments of a story that more than one of them waits for."""

from tests.stories.story import Story

NEAR = 15.0  # seconds of the world: a moment that is further off is not waited for
GLANCES = 3  # in a row: between a claim and its turn nothing is due and nobody is busy for an instant


async def rests(story: Story) -> None:
    """Let time pass until only people, or a far-off moment, can change something."""
    still = 0

    async def long_enough() -> bool:
        nonlocal still
        due = await story.bot.store.next_due(story.clock.now())
        near = due is not None and due <= story.clock.now() + NEAR
        still = 0 if near or story.bot.worker.is_busy else still + 1
        return still >= GLANCES

    await story.sees(long_enough, "rest")
