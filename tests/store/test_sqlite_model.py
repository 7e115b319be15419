"""Slots and wakes of the embedded store against the model."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings

from tests.store.files import opened
from tests.store.model import Wish, compare, sequences


@settings(max_examples=60, deadline=None)
@given(sequences)
def test_any_sequence_of_wishes_ends_as_the_model_says(commits: list[list[Wish]]) -> None:
    """One holder, rollbacks first, nobody lost, nobody twice, and whoever got the slot is due."""
    asyncio.run(play(commits))


async def play(commits: list[list[Wish]]) -> None:
    """Make the commits one after the other and compare after each."""
    with tempfile.TemporaryDirectory() as directory:
        store = await opened(Path(directory) / "greenlight.db")
        try:
            await compare(store, commits)
        finally:
            await store.close()
