"""Slack takes the bot's token away (F82): whoever runs the bot hears of it where Slack is not needed."""

from itertools import pairwise

from bot.alarm import BOT_TOKEN
from tests.stories.deploys import is_running
from tests.stories.story import Answer, Story
from tests.stories.vendors import comes_back, events, goes_down

COMPLAINTS = ["account not read", "token_revoked"]


def told(story: Story) -> list[Answer]:
    """The incidents about the token."""
    return [one for one in story.incidents if one["dedup_key"] == BOT_TOKEN.key]


async def test_f82_whoever_runs_the_bot_is_told_by_pagerduty(story: Story) -> None:
    """One incident of low urgency while the token is refused, and resolved by the first call that is taken."""
    story.expected_complaints += COMPLAINTS
    await is_running(story)
    story.world.slack_revoked = True
    story.passes(301)
    await story.sees(lambda: told(story), "the incident")
    await story.until("P-1", "succeeded")
    story.passes(301)
    await story.sees(lambda: len(story.asked("slack", "users.info")) > 10, "more looks at Slack")
    assert [(one["status"], one["urgency"]) for one in told(story)] == [("triggered", "low")]
    assert len([one for one in events(story, "trigger") if one["dedup_key"] == BOT_TOKEN.key]) == 1

    story.world.slack_revoked = False
    await story.sees(lambda: [one["status"] for one in told(story)] == ["resolved"], "the end of it")


async def test_f82_pagerduty_is_down_as_well(story: Story) -> None:
    """What PagerDuty did not take is told at the next look; the bot goes on."""
    story.expected_complaints += COMPLAINTS
    goes_down(story, "pagerduty")
    story.world.slack_revoked = True
    story.passes(301)
    await story.sees(lambda: events(story, "trigger"), "the try")
    assert told(story) == []
    comes_back(story, "pagerduty")
    await story.sees(lambda: told(story), "the incident")


async def test_f82_a_refused_token_is_not_tried_for_everybody(story: Story) -> None:
    """One call each half minute, not one for each person every two seconds."""
    story.expected_complaints += COMPLAINTS
    before = len(story.asked("slack", "users.info"))
    story.world.slack_revoked = True
    story.passes(301)
    await story.sees(lambda: len(story.asked("slack", "users.info")) > before + 2, "three tries")
    times = [one.at for one in story.asked("slack", "users.info")[before:]]
    assert all(later - earlier >= 29 for earlier, later in pairwise(times))
