"""Four replicas on one store: one of them acts, whichever it is, and another goes on when it dies."""

import asyncio
import time

from bot.domain.messages import Approve
from bot.worker import LEASE
from tests.faults.replicas import replicas, shared_store
from tests.stories.deploys import is_asked, is_running
from tests.stories.moments import rests
from tests.stories.story import Story


async def test_f26_f36_four_replicas_start_one_run(story: Story) -> None:
    """The wait after the last approval ends for all four at one instant: one dispatch, one card, one end."""
    story.world.run.seconds = 2.0
    async with shared_store(story), replicas(story, 3):
        await is_asked(story)
        for manager in (story.bo, story.cy):
            await manager.types("/promote approve P-1")
        await story.until("P-1", "succeeded")
        await story.sees(lambda: "is live in production" in story.card("P-1").text, "the last card")
        await rests(story)

        assert len(story.dispatches()) == 1


async def test_f28_the_last_two_votes_on_two_replicas_count_once_each(story: Story) -> None:
    """Bo and Cy approve at one instant, each at another replica: two approvals, one run."""
    story.world.run.seconds = 2.0
    async with shared_store(story), replicas(story, 1) as more:
        await is_asked(story)
        await rests(story)
        (other, _), digest = more[0], ""
        await asyncio.gather(
            story.bot.service.handle(Approve("P-1", "bo", digest)),
            other.service.handle(Approve("P-1", "cy", digest)),
        )
        ended = await story.until("P-1", "succeeded")

        assert sorted(one.by for one in ended.approvals) == ["bo", "cy"]
        assert len(story.dispatches()) == 1


async def test_f34_a_slot_outlives_the_replica_that_took_it(story: Story) -> None:
    """The replica that dispatched dies: the slot is held until GitHub says that the run is over, and then free."""
    async with shared_store(story) as made:
        await is_running(story)
        store = made["store"].part
        await story.bot_dies()
        story.passes(120.0)
        store._leases._monotonic = lambda: time.monotonic() + 2 * LEASE  # what the dead one held runs out
        assert (await store.slot("checkout", "production")).holder == "P-1"
        await story.bot_starts()
        await story.sees(lambda: story.asked("github", "/actions/runs/"), "a look at the run")
        assert (await store.slot("checkout", "production")).holder == "P-1"
        story.passes(300.0)
        await story.until("P-1", "succeeded")
        assert (await store.slot("checkout", "production")).holder == ""
        assert len(story.dispatches()) == 1
