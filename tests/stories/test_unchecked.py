"""Nobody knows yet who somebody is: what they do changes nothing, and is not acknowledged as if it had."""

import asyncio

import aiohttp

from tests.observability.scrapes import page
from tests.stories.deploys import is_asked
from tests.stories.moments import rests
from tests.stories.parts import reticent_slack
from tests.stories.said import told
from tests.stories.story import Story


async def test_what_comes_before_people_can_be_told_apart_is_not_taken(story: Story) -> None:
    """A process starts while Slack does not say who people are: it opens no socket, and gives no receipt for a click.

    Incident: a process that had just started answered commands with E34, and acknowledged a click on Approve that it
    then dropped.
    """
    await is_asked(story)
    await rests(story)
    unknown = {person.slack for person in story.world.people.values()}
    starting = asyncio.create_task(reticent_slack(story, unknown))
    await story.sees(lambda: is_up(story), "a bot that is up, and not ready")
    sockets = story.playground.slack.sockets.opened
    await story.bo.clicks("Approve")
    assert any("dispatch_failed" in line for line in story.bo.heard)
    assert (await story.stands("P-1")).approvals == ()
    assert story.playground.slack.sockets.opened == sockets == (2 if story.door == "socket" else 0)

    unknown.clear()
    story.passes(60)
    await starting
    await story.bo.clicks("Approve")
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]


async def test_a_click_of_somebody_unknown_so_far_is_not_acknowledged(story: Story) -> None:
    """Slack says who everybody is but Bo: Bo is told why, and Slack that the click was not taken; later it counts."""
    unknown = {story.world.people["bo"].slack}
    await reticent_slack(story, unknown)
    await is_asked(story)
    await rests(story)
    await story.bo.clicks("Approve")
    await told(story.bo, 2)
    assert any("I could not check your account" in line for line in story.bo.heard)
    assert any("did not answer this click" in line for line in story.bo.heard)
    assert (await story.stands("P-1")).approvals == ()

    unknown.clear()
    await story.sees(lambda: is_let_in(story), "Bo")
    await story.bo.clicks("Approve")
    assert [one.by for one in (await story.stands("P-1")).approvals] == ["bo"]


async def is_up(story: Story) -> bool:
    """Whether a bot answers that nobody would be let in."""
    try:
        _, text = await page(story, "/readyz")
    except aiohttp.ClientError:
        return False
    return "slack: not ok" in text


async def is_let_in(story: Story) -> bool:
    """Whether Bo may ask something."""
    answer = await story.bo.types("/promote status")
    return "could not check" not in answer["replies"][0]["text"]
