"""The stages: three or four replicas on one empty store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.replicas.crew import Crew, told


@pytest.fixture
async def three(tmp_path: Path, redis_url: str) -> AsyncIterator[Crew]:
    """Three replicas."""
    async with told(Crew(tmp_path, redis_url, 3)) as crew:
        yield crew


@pytest.fixture
async def four(tmp_path: Path, redis_url: str) -> AsyncIterator[Crew]:
    """Four replicas."""
    async with told(Crew(tmp_path, redis_url, 4)) as crew:
        yield crew
