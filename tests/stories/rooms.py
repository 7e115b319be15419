"""Verbs for an incident's room: its card, its timeline, and who is told what."""

from bot.playground.slack.state import Message
from tests.stories.deploys import INCIDENT, fails, has_room, timeless
from tests.stories.moments import rests
from tests.stories.said import block_words, plain
from tests.stories.story import Story

BUTTONS = ("Acknowledge", "I am lead", "Add note", "Resolve")


async def is_open(story: Story) -> None:
    """A deploy failed, and its incident's room has its card, its people and its topic."""
    await fails(story)
    await story.sees(lambda: has_room(story), "the room")
    await rests(story)


def pinned(story: Story) -> Message:
    """The incident's card."""
    return story.card("P-1", INCIDENT)


def words_of(message: Message) -> list[str]:
    """Every line of a message, without times and addresses."""
    return [timeless(one) for one in block_words(message.blocks)]


def timeline(story: Story) -> list[str]:
    """What was said below the incident's card, by the bot."""
    below = [one for one in story.messages(INCIDENT) if one.thread_ts == pinned(story).ts]
    return [plain(one.text) for one in below if one.author == story.world.bot_user]
