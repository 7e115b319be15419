"""What people were told, with times and addresses taken out so that two tellings of a story are equal."""

import re

from tests.stories.story import Answer, Somebody, Story

TIME = re.compile(r"<!date\^\d+\^[^|]*\|[^>]*>")
UTC = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
LINK = re.compile(r"<https?://[^|>]*\|([^>]*)>")


def plain(text: str) -> str:
    """A sentence with `<time>` for each moment and `[words]` for each link."""
    return LINK.sub(r"[\1]", UTC.sub("<time>", TIME.sub("<time>", text)))


def replies(answer: Answer) -> list[str]:
    """What the person saw at once, and nobody else did."""
    return [plain(reply["text"]) for reply in answer["replies"]]


def heard(person: Somebody) -> list[str]:
    """Everything that was said to this person alone, in channels."""
    return [plain(text) for text in person.heard]


def letters(person: Somebody) -> list[str]:
    """What the bot wrote to this person by direct message."""
    workspace = person.story.playground.slack.workspace
    slack = workspace.world.people[person.name].slack
    return [plain(one.text) for one in workspace.direct(slack).messages.values()]


async def told(person: Somebody, count: int = 2) -> str:
    """The newest private sentence, once this person was told that many."""
    await person.story.sees(lambda: len(person.heard) >= count, f"{person.name} is told {count} things")
    return heard(person)[-1]


def card_words(story: Story, promotion: str) -> str:
    """Everything that stands on a card."""
    return plain("\n".join(block_words(story.card(promotion).blocks)))


def block_words(blocks: object) -> list[str]:
    """Every text of some blocks, from the top."""
    found: list[str] = []
    _collect(blocks, found)
    return found


def _collect(block: object, found: list[str]) -> None:
    if isinstance(block, list):
        for one in block:
            _collect(one, found)
    elif isinstance(block, dict):
        if isinstance(block.get("text"), str):
            found.append(block["text"])
        for one in block.values():
            _collect(one, found)
