"""Waiting until the world changed."""

import asyncio

from bot.playground.world import World


class Changes:
    """Lets a coroutine wait until the world changed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._changed = asyncio.Event()
        world.listeners.append(self._tell)

    async def beyond(self, revision: int, seconds: float) -> bool:
        """Wait until the world's revision is above `revision`; whether that came true in time."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                while self._world.revision <= revision:
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def _tell(self) -> None:
        told, self._changed = self._changed, asyncio.Event()
        told.set()
