"""Vendors that are away for minutes, not seconds: what is owed is done afterwards, and nothing is hammered."""

from bot.domain.promotion import Entry
from tests.stories.deploys import fails, has_room, is_asked, messages_about, room
from tests.stories.github import is_trying
from tests.stories.moments import rests
from tests.stories.story import Story
from tests.stories.vendors import refuses


async def entry(story: Story, key: str) -> Entry:
    """What the ledger of P-1 says of one effect."""
    return (await story.stands("P-1")).ledger[key]


async def test_an_incident_channel_is_filled_after_ten_bad_answers(story: Story) -> None:
    """P5. Incident: Slack answered 500 for half a minute, and nobody was ever invited to the incident channel."""
    refuses(story, "slack", "conversations.invite", *[500] * 10)
    refuses(story, "slack", "conversations.setTopic", *[500] * 10)
    await fails(story)
    await story.sees(lambda: has_room(story), "the channel")
    await story.sees(lambda: _later(story) and len(room(story).members) > 1, "the people in the channel")
    await story.sees(lambda: _later(story) and room(story).topic, "the topic")


def _later(story: Story) -> bool:
    """Ten bad answers are some minutes of growing pauses."""
    story.passes(5.0)
    return True


async def test_an_outage_of_slack_does_not_swallow_that_the_outcome_is_unknown(story: Story) -> None:
    """P5. Incident: Slack was away in the minute in which the outcome became unknown, and no admin was asked."""
    story.world.run.mode, story.world.run.lag = "502", 86_400.0
    await is_trying(story)
    await story.sees(lambda: story.dispatches() and story.dispatches()[0].status, "the answer")
    await story.sees(lambda: messages_about(story, "P-1"), "the card")
    refuses(story, "slack", "chat.postMessage", 500, 500)
    story.passes(200)
    await story.until("P-1", "unknown")

    await story.sees(lambda: any("is unknown" in said for said in story.thread("P-1")), "the note")


async def test_a_closed_channel_is_knocked_at_ever_more_seldom_after_the_end(story: Story) -> None:
    """Incident: a channel was archived under a deploy, and its card was tried once a minute for ever."""
    await is_asked(story)
    await rests(story)
    story.playground.slack.workspace.channel("deploys").archived = True
    await story.ana.types("/promote cancel P-1 because not now")
    await story.until("P-1", "cancelled")
    for _ in range(24):
        story.passes(600)
        await rests(story)
    tried = (await entry(story, "card")).tries

    assert 5 <= tried <= 12

    story.playground.slack.workspace.channel("deploys").archived = False
    story.passes(3600)
    await story.sees(lambda: "cancelled" in story.card("P-1").text, "the final card")


async def test_pagerduty_that_does_not_come_back_is_let_go_after_an_hour(story: Story) -> None:
    """Who is on call can be done without: the channel waits for it an hour, and then goes on without."""
    refuses(story, "pagerduty", "/oncalls", *[500] * 500)
    await fails(story)
    await story.sees(lambda: has_room(story), "the channel")
    await rests(story)
    for _ in range(8):
        story.passes(600)
        await rests(story)

    assert (await entry(story, "on_call")).gave_up
    await story.sees(lambda: len(room(story).members) > 1, "the people in the channel")


async def test_a_short_outage_of_pagerduty_loses_nobody(story: Story) -> None:
    """P5. Incident: PagerDuty answered 500 for twenty seconds, and whoever was on call was not invited."""
    refuses(story, "pagerduty", "/oncalls", *[500] * 8)
    await fails(story)
    await story.sees(lambda: has_room(story) and "U0DEE" in room(story).members, "Dee in the channel")
