"""Slots and wakes of the shared store against the model."""

import asyncio

from hypothesis import given, settings

from tests.redis_place import RedisServer
from tests.store.model import Wish, compare, sequences
from tests.store.redis_keys import leaked
from tests.store.redis_stores import opened


@settings(max_examples=60, deadline=None)
@given(commits=sequences)
def test_any_sequence_of_wishes_ends_as_the_model_says(
    redis_of_session: RedisServer, commits: list[list[Wish]]
) -> None:
    """One holder, rollbacks first, nobody lost, nobody twice, whoever got the slot is due, and no key leaks."""
    asyncio.run(play(redis_of_session, commits))


async def play(server: RedisServer, commits: list[list[Wish]]) -> None:
    """Make the commits one after the other on a new store and compare after each."""
    async with opened(await server.created()) as store:
        await compare(store, commits)
        assert await leaked(store.link) == []
