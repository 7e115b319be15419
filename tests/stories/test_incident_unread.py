"""What people read of an incident while PagerDuty says nothing, or is not heard."""

from bot.domain.incident_life import LOOK_FOR, SELDOM
from bot.domain.incident_messages import AcknowledgeIncident
from tests.stories.deploys import is_running
from tests.stories.homes import home_words, opens_home
from tests.stories.moments import rests
from tests.stories.said import plain
from tests.stories.story import Story
from tests.stories.test_incident_life import DEE, incident_of, is_open, pinned, says
from tests.stories.vendors import goes_down

MINUTE = 60


async def test_it_is_resolved_on_the_second_day_and_nobody_hears_of_it(story: Story) -> None:
    """No webhook comes, and it was open for more than a day: the rounds still find it within half of one."""
    await is_open(story)
    story.world.webhooks = "lost"
    story.passes(LOOK_FOR + MINUTE)
    await story.settles()
    story.playground.pagerduty.resolve(4411, "dee")
    story.passes(SELDOM + MINUTE)
    await story.sees(lambda: f"Resolved by {DEE}" in pinned(story), "the card in the room")


async def test_pagerduty_cannot_be_read_for_days(story: Story) -> None:
    """The card in the room says when it was read last, and Home does not call it open."""
    await is_open(story)
    await opens_home(story.dee)
    assert "[PD-4411] is open" in home_words(story.dee)
    goes_down(story, "pagerduty")
    story.passes(2 * LOOK_FOR)
    await story.sees(lambda: "Not known to be open: PagerDuty was last read" in pinned(story), "the card")
    await opens_home(story.dee)
    assert "PD-4411" not in home_words(story.dee)


async def test_without_an_api_key_it_is_not_called_open(story: Story) -> None:
    """PagerDuty was paged, and what became of it nobody here can read."""
    await is_running(story)
    story.environment["PAGERDUTY_API_KEY"] = ""
    await story.bot_restarts()
    story.playground.github.finishes(conclusion="failure", step="smoke")
    await story.until("P-1", "failed")
    await story.settles()
    (room,) = [one.name for one in story.playground.slack.workspace.channels.values() if "inc-" in one.name]
    said = plain(story.card("P-1", room).text)
    assert "The incident is in PagerDuty, its status was not read." in said


async def test_a_home_that_is_open_hears_of_an_acknowledgement_here(story: Story) -> None:
    """Incident: Bo acknowledged while PagerDuty was down, and Dee's Home said that nobody had."""
    await is_open(story)
    await opens_home(story.dee)
    assert "Nobody has acknowledged it" in home_words(story.dee)
    goes_down(story, "pagerduty")
    await says(story, AcknowledgeIncident("P-1", "bo"))
    await rests(story)
    await story.sees(lambda: "Acknowledged by bo" in home_words(story.dee), "Dee's Home")
    assert (await incident_of(story)).status == "triggered", "PagerDuty was not read meanwhile"
