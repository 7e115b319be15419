"""The catalog file on disk, as somebody edits it while promotions wait."""

from collections.abc import Mapping
from pathlib import Path

from tests.stories.story import Story


async def rule_changes(story: Story, old: str, new: str) -> None:
    """Edit one place of promotions.yml, and let the bot see it."""
    await rules_change(story, {old: new})


async def rules_change(story: Story, places: Mapping[str, str]) -> None:
    """Edit several places of promotions.yml at once, and let the bot see it."""
    before = story.bot.catalog.current.digest
    _edit(story.bot.settings.catalog, places)
    await story.sees(lambda: story.bot.catalog.current.digest != before, "the new catalog")


def _edit(path: Path, places: Mapping[str, str]) -> None:
    text = path.read_text()
    for old, new in places.items():
        assert text.count(old) == 1, f"{text.count(old)} places say {old}"
        text = text.replace(old, new)
    path.write_text(text)
