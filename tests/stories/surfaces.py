"""Messages with live buttons: what somebody saw a while ago, and copies of it in other places."""

from dataclasses import replace

from bot.playground.slack.raw import Element, elements_in
from bot.playground.slack.state import Message
from tests.stories.story import Somebody, Story


def button_on(message: Message, action: str) -> Element:
    """A button as the message shows it at this moment."""
    found = [one for one in elements_in(message.blocks) if one.action_id == action]
    assert found, f"there is no {action} on {message.text}"
    return found[0]


async def presses(person: Somebody, message: Message, button: Element) -> None:
    """Press a button that was seen on a message, whatever the message shows by now."""
    slack = person.story.playground.slack
    await slack.people.click(person.story.world.people[person.name], message, button, {})


def copied(story: Story, message: Message, channel: str, author: str) -> Message:
    """The same message, buttons and all, in another channel."""
    workspace = story.playground.slack.workspace
    there = workspace.channel(channel).id
    copy = replace(message, channel=there, ts=workspace.next_ts(), author=author, metadata=None, edits=0)
    return workspace.put(copy)
