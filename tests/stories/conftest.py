"""The fixture of every story."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.story import Story


@pytest.fixture
async def story(tmp_path: Path) -> AsyncIterator[Story]:
    """A world in which the bot runs; at its end nothing unexpected is left."""
    told = Story(tmp_path)
    try:
        await told.begins()
        yield told
    finally:
        await told.ends()
