"""The codes of an incident: there is none, it is over, it is full."""

from tests.experience.noes import hears
from tests.stories.deploys import INCIDENT, is_asked
from tests.stories.rooms import is_open, pinned
from tests.stories.story import Story
from tests.stories.ways import mentions


async def test_e53_a_promotion_without_an_incident(story: Story) -> None:
    """E53: nothing failed, so there is nothing to lead."""
    await is_asked(story)
    await mentions(story.dee, "lead", story.card("P-1"))
    await hears(story.dee, "E53", "P-1 has no incident", "when its deploy fails")


async def test_e54_an_incident_that_is_over(story: Story) -> None:
    """E54: Eli resolved it, and Dee, who comes later, hears who it was."""
    await is_open(story)
    await story.eli.types("/promote resolve P-1 because all is well")
    await mentions(story.dee, "acknowledge", pinned(story), channel=INCIDENT)
    await hears(story.dee, "E54", "was resolved by @eli", "note P-1")


async def test_e55_too_many_notes(story: Story) -> None:
    """E55: twenty notes are all that is kept; where the next one goes is said."""
    await is_open(story)
    for number in range(20):
        await story.eli.types(f"/promote note P-1 look {number}")
    await mentions(story.dee, "note one more", pinned(story), channel=INCIDENT)
    await hears(story.dee, "E55", "holds 20 notes", "below the incident’s card")
