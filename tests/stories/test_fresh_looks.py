"""What counts for a deploy was looked at after its slot was taken, by a clock that can be believed."""

from tests.stories.deploys import is_asked
from tests.stories.github import shows
from tests.stories.moments import rests
from tests.stories.rules import rule_changes
from tests.stories.story import Story

SET_BACK = 600.0  # seconds by which the host's clock is wrong


async def holds_the_slot(story: Story) -> None:
    """P-1 has got the slot of checkout in production."""

    async def held() -> bool:
        return (await story.bot.store.slot("checkout", "production")).holder == "P-1"

    await story.sees(held, "the slot")


async def is_looking(story: Story) -> None:
    """A look at checkout's health is under way, and takes ten seconds."""
    for environment in ("staging", "production"):
        story.world.health["checkout", environment] = "slow"
    before = len(story.asked("services", "/health"))
    story.passes(301)
    await story.sees(lambda: len(story.asked("services", "/health")) > before, "a look at the health")


def breaks(story: Story) -> None:
    """Checkout answers 503 from now on; what is under way was asked before."""
    for environment in ("staging", "production"):
        story.world.health["checkout", environment] = "failing"


async def test_a_look_that_began_before_the_slot_was_taken_does_not_count(story: Story) -> None:
    """P8. Incident: a look at the health hung while the service broke, Bo and Cy approved and the slot was taken.

    Then the look came home with the answer of before, passed as one of after the slot, and the deploy left.
    """
    await rule_changes(story, "    wait: 10s\n", "")
    await is_asked(story)
    await rests(story)
    await is_looking(story)
    breaks(story)
    await story.bo.types("/promote approve P-1")
    await story.cy.types("/promote approve P-1")
    await holds_the_slot(story)

    await shows(story, "blocked")
    assert story.dispatches() == []


async def test_f97_a_clock_that_is_set_back_makes_no_storm_of_looks(story: Story) -> None:
    """Incident: the host's clock was set back ten minutes right after the slot was taken, so that every look was
    older than the slot: 197 looks at the health within one turn."""
    await rule_changes(story, "    wait: 10s\n", "")
    await is_asked(story)
    await rests(story)
    await is_looking(story)
    await story.bo.types("/promote approve P-1")
    await story.cy.types("/promote approve P-1")
    await holds_the_slot(story)
    before = len(story.asked("services", "/health"))

    story.clock.ahead = -SET_BACK
    minute = story.world.clock.now() + 60.0
    await story.sees(lambda: story.world.clock.now() >= minute, "a minute of looks")
    story.passes(SET_BACK)  # before that every look is older than the slot

    await story.until("P-1", "deploying", "succeeded")
    assert len(story.asked("services", "/health")) - before < 10
