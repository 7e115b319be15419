"""What was probably meant by a line that has no meaning: a slip of the finger, a missing space, a swapped order."""

from collections.abc import Sequence

from bot.domain.line_words import SUGAR, Known, Words, clean, promotion_id, subject
from bot.domain.nearest import nearest


def nearly_a_command(words: Words, known: Known, commands: Sequence[str]) -> str:
    """The line with its first word as a command, when that is no service but looks like one of them."""
    word = clean(words.head[0])
    if "@" in word or word.startswith("service:") or word in known.services:
        return ""
    command = nearest(word.lower(), commands)
    service = nearest(word.lower(), known.services)
    if command is None or service is not None:
        return ""
    return f"{command} {words.rest.said}".strip()


def joined_words(words: Words, known: Known, commands: Sequence[str]) -> str:
    """The line with the space that is missing after its first word: `whyP-142`, `statuscheckout`."""
    word = clean(words.head[0])
    if subject(word)[0] in known.services:
        return ""
    for command in commands:
        rest = word[len(command) :].lstrip(":-")
        named = rest.lower() in (*known.services, *known.environments) or promotion_id(rest)
        if word.lower().startswith(command) and rest and named:
            return f"{command} {rest} {words.rest.said}".strip()
    return ""


def swapped(words: Words, known: Known) -> str:
    """The line in its order, when an environment comes first: `on staging for checkout`, `production checkout@v2`."""
    head = [clean(word) for word in words.head]
    first = head[1:] if head[0].lower() in SUGAR else head
    if not first or first[0].lower() not in known.environments or head[0] in known.services:
        return ""
    example = next(iter(known.services), "checkout")
    named = next((word for word in first[1:] if subject(word)[0] in known.services), example)
    because = f" because {words.reason}" if words.reason else ""
    return f"{named} to {first[0].lower()}{because}"
