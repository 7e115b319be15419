"""What people see of the bot, read as Slack reads it: tokens in angle brackets, and the letters in between."""

import re
import unicodedata
from collections.abc import Iterator

from bot.playground.slack.raw import Raw
from tests.stories.story import Story

TOKEN = re.compile(r"<([^>]*)>")
MOMENT = re.compile(
    r"!date\^\d+\^\{date_short_pretty\} \{time(?:_secs)?\}\|\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC"
)
MARKUP = ("mrkdwn", "markdown")


def everything(story: Story) -> Iterator[tuple[str, str]]:
    """Every text that the bot showed anywhere, with the kind of object that it stands in."""
    workspace = story.playground.slack.workspace
    rooms = [*workspace.channels.values()]
    for message in (one for room in rooms for one in room.messages.values()):
        if message.author == story.world.bot_user:
            yield "mrkdwn", message.text
            yield from texts(message.blocks)
    for message in (one for private in workspace.private.values() for one in private):
        if message.author == story.world.bot_user:
            yield "mrkdwn", message.text
            yield from texts(message.blocks)
    for room in rooms:
        yield "topic", room.topic
    for view in (one for stack in workspace.modals.values() for one in stack):
        yield from texts(view.body)


def texts(node: object, kind: str = "") -> Iterator[tuple[str, str]]:
    """Every text of blocks or of a view."""
    if isinstance(node, dict):
        yield from _texts_of(node, str(node.get("type", kind)))
    elif isinstance(node, list):
        for one in node:
            yield from texts(one, kind)


def _texts_of(node: Raw, kind: str) -> Iterator[tuple[str, str]]:
    for name, value in node.items():
        if name in ("text", "title") and isinstance(value, str):
            yield kind, value
        elif name not in ("value", "url", "private_metadata", "initial_value"):
            yield from texts(value, kind)


def strange_tokens(story: Story, kind: str, text: str, pinged: tuple[str, ...]) -> list[str]:
    """What Slack would turn into a mention, a link or a date, and is not ours."""
    if kind not in MARKUP:
        return []
    return [token for token in TOKEN.findall(text) if not _is_ours(story, token, pinged)]


def _is_ours(story: Story, token: str, pinged: tuple[str, ...]) -> bool:
    if MOMENT.fullmatch(token):
        return True
    if token.startswith("@"):
        return token[1:] in pinged
    if token.startswith("#"):
        return token[1:] in story.playground.slack.workspace.channels
    return token.startswith(f"{story.playground.url}/")


def hidden(text: str) -> list[str]:
    """Characters that nobody can see, other than our own line breaks."""
    return [one for one in text if one != "\n" and unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co")]
