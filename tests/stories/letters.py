"""Verbs for stories about direct messages: who wants which, and who got what."""

from dataclasses import replace

from bot.domain.preferences import Preferences, QuietHours
from tests.stories.said import letters as letters
from tests.stories.story import Somebody, Story

HOUR = 3600.0


async def wants(person: Somebody, **wishes: bool | QuietHours | None) -> None:
    """Somebody has said before what they want to be written about."""
    chosen = replace(Preferences(), **wishes)  # type: ignore[arg-type]
    assert await person.story.bot.wishes.keep(person.name, chosen)


async def is_written_to(person: Somebody, count: int = 1) -> list[str]:
    """Let time pass until somebody has that many direct messages."""
    await person.story.sees(lambda: len(letters(person)) >= count, f"{person.name} has {count} letters")
    return letters(person)


def all_letters(story: Story) -> dict[str, list[str]]:
    """Every direct message that the bot wrote, by person; who got none is left out."""
    people = (story.ana, story.bo, story.cy, story.dee, story.eli)
    return {person.name: written for person in people if (written := letters(person))}
