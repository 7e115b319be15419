"""The fixture of every story, and the two ways in which each is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.story import Door, Story

DOORS: tuple[Door, ...] = ("http", "socket")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Slack reaches the bot over HTTP and through sockets: each story is told in both, save those about one of them."""
    if "story" in metafunc.fixturenames:
        about = metafunc.definition.get_closest_marker("door")
        metafunc.parametrize("story", about.args if about else DOORS, indirect=True)


@pytest.fixture
async def story(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Story]:
    """A world in which the bot runs; at its end nothing unexpected is left."""
    told = Story(tmp_path, getattr(request, "param", "http"))
    try:
        await told.begins()
        yield told
    finally:
        await told.ends()
