"""The doctor of a bot that runs: one checkup at a time, however many ask, and a young one is good enough for all."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.checkup import Checkup
from bot.ports import Clock

YOUNG = 60.0  # seconds for which a checkup is told again

Examine = Callable[[], Awaitable[Checkup]]
Tell = Callable[[Checkup], None]


class Rounds:
    """Makes checkups when somebody asks."""

    def __init__(self, examine: Examine, clock: Clock) -> None:
        self._examine = examine
        self._clock = clock
        self._asked = asyncio.Event()
        self._waiting: list[Tell] = []
        self._latest: Checkup | None = None

    @property
    def latest(self) -> Checkup | None:
        """The last checkup, as long as it is young."""
        if self._latest is None or not 0.0 <= self._clock.now() - self._latest.at <= YOUNG:
            return None
        return self._latest

    def ask(self, tell: Tell) -> None:
        """Have a checkup made, and be told of it."""
        self._waiting.append(tell)
        self._asked.set()

    async def run(self) -> None:
        """Make what is asked for, until cancelled."""
        while True:
            await self._asked.wait()
            try:
                self._latest = checkup = await self._examine()
            finally:  # whoever asked meanwhile is told as well; after a fault of ours they ask again
                self._asked.clear()
                waiting, self._waiting = self._waiting, []
            for tell in waiting:
                tell(checkup)
