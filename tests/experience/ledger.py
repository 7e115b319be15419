"""What Slack was really sent in a story, in order, by the simulator's ledger."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.world import Request
from tests.stories.story import Story

Body = Mapping[str, Any]
CALLS = ("chat.postMessage", "chat.update", "chat.postEphemeral")


def requests(story: Story, *methods: str) -> list[Request]:
    """The calls of these methods that Slack took."""
    asked = [one for one in story.asked("slack") if one.path.rpartition("/")[2] in (methods or CALLS)]
    return [one for one in asked if _answer(one).get("ok")]


def _answer(asked: Request) -> Body:
    answer: Body = json.loads(asked.answer) if isinstance(asked.answer, str) else {}
    return answer


def sent(story: Story, *methods: str) -> list[Body]:
    """What they said."""
    return [one.body for one in requests(story, *methods) if isinstance(one.body, dict)]


def cards(story: Story, promotion: str = "P-1") -> list[Body]:
    """Every face of a promotion's card that anybody could have seen, in order."""
    about = [
        one for one in sent(story, "chat.postMessage", "chat.update") if promotion in str(one.get("metadata"))
    ]
    return [one for one in about if not one.get("thread_ts")]


def notes(story: Story) -> list[Body]:
    """Everything that was said in a thread."""
    return [one for one in sent(story, "chat.postMessage") if one.get("thread_ts")]


def moments_of_edits(story: Story, ts: str) -> list[float]:
    """When one message was posted and edited, in the world's seconds."""
    posted = [one.at for one in requests(story, "chat.postMessage") if _answer(one).get("ts") == ts]
    edits = [
        one.at
        for one in requests(story, "chat.update")
        if isinstance(one.body, dict) and one.body.get("ts") == ts
    ]
    return [*posted, *edits]


def nodes(node: object) -> Iterator[Body]:
    """Every object inside some blocks."""
    if isinstance(node, dict):
        yield node
        for one in node.values():
            yield from nodes(one)
    elif isinstance(node, list):
        for one in node:
            yield from nodes(one)


def pressed(body: Body) -> list[Body]:
    """The buttons of a message."""
    return [one for one in nodes(body.get("blocks")) if one.get("type") == "button"]


def texts(body: Body) -> list[str]:
    """Its text and every text object in which Slack reads markup."""
    marked = [str(one["text"]) for one in nodes(body.get("blocks")) if one.get("type") == "mrkdwn"]
    return [str(body["text"]), *marked]
