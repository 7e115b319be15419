"""The world's clock as the bot of a story sees it."""

import asyncio

from bot.playground.clock import WorldClock

GLANCE = 0.01  # real seconds between looks at the world


class StoryClock:
    """The world's clock for the bot, looked at often enough that a jump is noticed at once."""

    def __init__(self, world: WorldClock) -> None:
        self._world = world
        self.ahead = 0.0  # seconds that the host's clock is wrong by
        self.passed = 0.0  # seconds that the story has let pass in one go

    def now(self) -> float:
        """The world's time, as this host tells it."""
        return self._world.now() + self.ahead

    def boottime(self) -> float:
        """Real time and what passes in one go; not the flight of time while something is waited for."""
        return asyncio.get_running_loop().time() + self.passed

    async def wait(self, wake: asyncio.Event, seconds: float) -> None:
        """Return when `wake` is set or the world's time has come."""
        until = self._world.now() + seconds  # a host's clock that is set meanwhile changes no wait
        while not wake.is_set() and self._world.now() < until:  # noqa: ASYNC110  (a jump of the world rings no event)
            await asyncio.sleep(GLANCE / 2)
