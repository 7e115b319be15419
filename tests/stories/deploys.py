"""Verbs for stories that begin after the approvals: a deploy under way, and how it ends."""

import re
from collections.abc import Iterable

from bot.domain.promotion import Promotion
from bot.playground.slack.raw import elements_in
from bot.playground.slack.state import Channel, Message
from tests.stories.said import plain
from tests.stories.story import Story

INCIDENT = "inc-4411-checkout"
WHILE = re.compile(r"after \d+ (s\b|min( \d+ s\b)?)")


async def is_asked(story: Story, version: str = "v2.14.3", promotion: str = "P-1") -> None:
    """Ana asks for a version of checkout in production, and its card waits for approval."""
    await story.ana.types(f"/promote checkout@{version} to production because fix refunds")
    await story.sees(lambda: "Approve" in buttons(messages_about(story, promotion)), "the Approve button")


async def is_approved(story: Story, version: str = "v2.14.3", promotion: str = "P-1") -> None:
    """Ana asks, Bo and Cy approve."""
    await is_asked(story, version, promotion)
    for manager in (story.bo, story.cy):
        await manager.types(f"/promote approve {promotion}")


async def is_running(story: Story, promotion: str = "P-1") -> Promotion:
    """An approved deploy whose run is under way and takes five minutes."""
    story.world.run.seconds = 300.0
    await is_approved(story, promotion=promotion)
    return await story.until(promotion, "deploying")


async def fails(story: Story, step: str = "smoke", version: str = "v2.14.3") -> Promotion:
    """A deploy whose run fails at a step."""
    story.world.run.conclusion, story.world.run.step, story.world.run.seconds = "failure", step, 2.0
    await is_approved(story, version)
    failed = await story.until("P-1", "failed")
    story.world.run.conclusion, story.world.run.step = "success", None
    return failed


async def succeeds(story: Story, version: str = "v2.14.3", promotion: str = "P-1") -> Promotion:
    """A deploy that goes well."""
    story.world.run.seconds = 2.0
    await is_approved(story, version, promotion)
    return await story.until(promotion, "succeeded")


def messages_about(story: Story, promotion: str, channel: str = "deploys") -> list[Message]:
    """Everything in a channel that carries the promotion's id, oldest first."""
    return [one for one in story.messages(channel) if promotion in str(one.metadata)]


def buttons(messages: Iterable[Message]) -> list[str]:
    """The words of every button on some messages."""
    return [found.words for one in messages for found in elements_in(one.blocks)]


def broadcasts(story: Story, channel: str = "deploys") -> list[str]:
    """What was said in a thread and shown in the channel as well."""
    return [one.text for one in story.messages(channel) if one.broadcast]


def timeless(text: str) -> str:
    """A sentence with `<while>` for how long something took."""
    return WHILE.sub("after <while>", plain(text))


def room(story: Story, name: str = INCIDENT) -> Channel:
    """A channel with its members, topic and pins."""
    return story.playground.slack.workspace.channel(name)


def has_room(story: Story, name: str = INCIDENT) -> bool:
    """Whether a channel of this name exists."""
    return any(one.name == name for one in story.playground.slack.workspace.rooms())


def members(story: Story, name: str = INCIDENT) -> set[str]:
    """The people in a channel, by name."""
    inside = room(story, name).members
    return {person.name for person in story.world.people.values() if person.slack in inside}
