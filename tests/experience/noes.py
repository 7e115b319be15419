"""How somebody hears a no: the sentence, the code below it, the rule, and what to do next."""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.playground.slack.raw import Raw
from bot.playground.slack.state import Message
from tests.stories.said import block_words
from tests.stories.story import Somebody, Story

CODE = re.compile(r"\bE\d\d\b")
# A command to type, somebody to ask, or something to do: one of them is in every no.
NEXT = re.compile(
    r"`/|`greenlight |in the catalog changes|\b(Ask|Try|Write|try again|Press|Look|Choose|Name|Merge|Mend|Copy|Type|Stop it|by hand|An admin|somebody|Somebody"
    r"|no action needed|Nothing to do|ask again|keep looking|Set|Check|Retry)\b"
)


def codes_with_a_story() -> set[str]:
    """The codes that a test by their name is about."""
    written = "\n".join(file.read_text() for file in Path(__file__).parent.glob("test_codes_*.py"))
    return {one.upper() for one in re.findall(r"^async def test_(e\d\d)_", written, re.MULTILINE)}


def codes(message: Message) -> set[str]:
    """The codes in the small print of a message."""
    return {found for line in small_print(message.blocks) for found in CODE.findall(line)}


def small_print(blocks: list[Raw]) -> Iterator[str]:
    """The lines in small letters."""
    for block in blocks:
        if block["type"] == "context":
            yield " ".join(str(one["text"]) for one in block["elements"])


def whole(message: Message) -> str:
    """Everything that a message says: its text, and the lines of its blocks."""
    return "\n".join([message.text, *block_words(message.blocks)])


def assert_no(message: Message, code: str, *words: str) -> None:
    """The message has this code in small letters, these words, and a next step; the code is not in its sentence."""
    said = whole(message)
    assert code in codes(message), f"{codes(message)} in {said}"
    assert [one for one in words if one not in said] == [], said
    assert NEXT.search(said), f"no next step in: {said}"
    assert not CODE.search(message.text), f"a code in the sentence: {message.text}"


def whispered(person: Somebody) -> Message:
    """The newest thing that only this person saw in a channel."""
    return person.story.playground.slack.shown_to(person.name)[-1]


async def hears(person: Somebody, code: str, *words: str) -> Message:
    """Wait until the newest private message to this person has the code, and judge it."""

    def heard() -> bool:
        said = person.story.playground.slack.shown_to(person.name)
        return bool(said) and code in codes(said[-1])

    await person.story.sees(heard, f"{code} for {person.name}")
    assert_no(whispered(person), code, *words)
    return whispered(person)


async def reads(person: Somebody, code: str, *words: str) -> Message:
    """The same for a direct message."""
    workspace = person.story.playground.slack.workspace
    direct = workspace.direct(workspace.world.people[person.name].slack)

    def read() -> bool:
        return any(code in codes(one) for one in direct.messages.values())

    await person.story.sees(read, f"a letter with {code} for {person.name}")
    letter = next(one for one in direct.messages.values() if code in codes(one))
    assert_no(letter, code, *words)
    return letter


async def shows(story: Story, code: str, *words: str, promotion: str = "P-1") -> Message:
    """Wait until the card has the code, and judge the card."""

    def there() -> bool:
        cards = [one for one in story.messages() if not one.thread_ts and promotion in str(one.metadata)]
        return len(cards) == 1 and code in codes(cards[0])

    await story.sees(there, f"{code} on the card")
    assert_no(story.card(promotion), code, *words)
    return story.card(promotion)


async def says_below(story: Story, code: str, *words: str, channel: str = "deploys") -> Message:
    """Wait until a note in a thread has the code, and judge it."""

    def notes() -> list[Message]:
        return [one for one in story.messages(channel) if one.thread_ts and code in codes(one)]

    await story.sees(notes, f"a note with {code}")
    assert_no(notes()[0], code, *words)
    return notes()[0]
