"""The catalog file on disk, as somebody edits it while promotions wait."""

from pathlib import Path

from tests.stories.story import Story


async def rule_changes(story: Story, old: str, new: str) -> None:
    """Edit one place of promotions.yml, and let the bot see it."""
    path = Path(story.bot.settings.catalog)
    text = path.read_text()
    assert text.count(old) == 1, f"{text.count(old)} places say {old}"
    before = story.bot.catalog.current.digest
    path.write_text(text.replace(old, new))
    await story.sees(lambda: story.bot.catalog.current.digest != before, "the new catalog")
