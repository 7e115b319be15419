"""The ways in that are no slash command: a mention, an entry of a menu, and what is heard of them."""

from bot.entrances import Shortcut
from bot.playground.slack.state import Message, View
from tests.stories.said import plain
from tests.stories.story import Somebody

ME = "@greenlight"


async def mentions(
    person: Somebody, words: str, thread: Message | None = None, channel: str = "deploys"
) -> str:
    """Write to the bot, below a message or in the channel; what only this person heard of it."""
    before = len(person.heard)
    await writes(person, f"{ME} {words}", thread, channel)
    await person.story.sees(lambda: len(person.heard) > before, f"an answer to {words!r}")
    return plain(person.heard[before])


async def writes(
    person: Somebody, words: str, thread: Message | None = None, channel: str = "deploys"
) -> None:
    """Write a message, below another one or in the channel."""
    below = None if thread is None else thread.thread_ts or thread.ts
    said = {"as": person.name, "channel": channel, "thread": below, "text": words}
    await person.story.play("say", said)


async def chooses(person: Somebody, shortcut: Shortcut, message: Message | None = None) -> View:
    """Choose an entry of a menu; the modal that opens."""
    story, workspace = person.story, person.story.playground.slack.workspace
    somebody = story.world.people[person.name]
    before = workspace.view_of(somebody.slack)
    await story.playground.slack.people.shortcut(somebody, shortcut.callback, message)
    await story.sees(lambda: workspace.view_of(somebody.slack) is not before, f"{shortcut.name} opens")
    view = workspace.view_of(somebody.slack)
    assert view is not None
    return view


def shown_in(view: View) -> list[str]:
    """Every text of a modal."""
    texts = [block.get("text") for block in view.body["blocks"]]
    small = [one for block in view.body["blocks"] for one in block.get("elements", []) if "text" in one]
    return [
        plain(one["text"])
        for one in (*texts, *small)
        if isinstance(one, dict) and isinstance(one["text"], str)
    ]
