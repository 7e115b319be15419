"""Who approves has written nothing of it, and nobody of another company stands by: each no has its code."""

from tests.experience.noes import hears
from tests.stories.deploys import is_asked
from tests.stories.story import Story
from tests.stories.test_authors import authors_may_not_approve, bo_wrote_it
from tests.stories.test_shared_channels import is_shared


async def test_e52_ones_own_change(story: Story) -> None:
    """The rule `author_approval`, what was written, and who is left."""
    bo_wrote_it(story)
    await authors_may_not_approve(story)
    await is_asked(story)
    await story.bo.clicks("Approve")
    await hears(story.bo, "E52", "You wrote #8", "(rule `author_approval`)", "Ask one of @cy or @dee")


async def test_e56_a_shared_channel(story: Story) -> None:
    """Who else is there, and where an approval is taken instead."""
    await is_asked(story)
    await is_shared(story)
    await story.bo.types("@greenlight approve P-1")
    await hears(
        story.bo, "E56", "is shared with another company", "P-1 was not approved", "Approve it on my Home"
    )
